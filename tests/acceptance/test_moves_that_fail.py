"""A move that cannot be: said by its diagnosis, with nothing left on the target and nothing lost here."""

import contextlib
from collections.abc import Callable, Iterator

import psycopg

from hubspot_simulator import Portal
from tests.installation import Installation
from tests.other_servers import aged, external
from tests.terminal import tells
from tests.truth import differences

Portals = Callable[..., tuple[Portal, str]]
_RULE = "CREATE FUNCTION rule() RETURNS event_trigger LANGUAGE plpgsql AS $$ {} $$;"
_NO_INDEXES = _RULE.format("BEGIN RAISE EXCEPTION 'indexes only through a change request'; END") + (
    "CREATE EVENT TRIGGER rule ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION rule()"
)
_AUDITED = _RULE.format(
    "BEGIN CREATE TABLE IF NOT EXISTS hubspot_acme.audit AS SELECT now() AS made_at; END"
) + "CREATE EVENT TRIGGER rule ON ddl_command_end WHEN TAG IN ('CREATE VIEW') EXECUTE FUNCTION rule()"


@contextlib.contextmanager
def ruled(url: str, statements: str) -> Iterator[None]:
    """The target's administrator has a rule of his own, for a while."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statements.encode())
        yield
        connection.execute("DROP EVENT TRIGGER rule; DROP FUNCTION rule")


def schemas(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'")
        return {str(row[0]) for row in found}


def test_a_copy_that_the_target_refuses_leaves_nothing_there_and_all_here(own: Installation, portal: Portals) -> None:
    account, url = portal(contacts=40)
    own.add("acme", url, "--streams", "contacts")
    own.run("sync", "acme")
    with external(18) as target:
        with ruled(target, _NO_INDEXES):
            said = own.run("move-to", target, expect=1)
        assert tells(said, "MOVE_FAILED", {"reason": "indexes only through a change request"})
        assert schemas(target) == {"public"}
        assert '"count": 40' in own.run("sql", "--json", "select count(*) from hubspot_acme.contacts")
        with ruled(target, _AUDITED):
            said = own.run("move-to", target, expect=1)
        assert tells(said, "MOVE_INCOMPLETE", {"tables": "hubspot_acme.audit"})
        with psycopg.connect(target) as connection:
            connection.execute("DROP SCHEMA ontologie CASCADE; DROP SCHEMA hubspot_acme CASCADE")
        own.run("sync", "acme")
        own.run("move-to", target)
        assert differences(account, target, "hubspot_acme", types=("contacts",)) == []


def test_a_server_too_old_and_a_database_of_few_characters_are_left_untouched(own: Installation) -> None:
    own.run("status")
    with external(18) as target:
        with psycopg.connect(target, autocommit=True) as connection:
            connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
        latin = target.removesuffix("crm") + "latin"
        with aged(target, says=b"14.4") as old:
            refused = {
                old: ("DATABASE_TOO_OLD", {"found": 14, "least": 15}),
                latin: ("DATABASE_NOT_UTF8", {"encoding": "LATIN1"}),
            }
            for url, (code, params) in refused.items():
                assert tells(own.run("move-to", url, expect=1), code, params)
                assert tells(own.run("status", expect=1, ONTOLOGIE_DATABASE_URL=url), code, params)
        assert schemas(target) == schemas(latin) == {"public"}
    own.run("status")
