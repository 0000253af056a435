"""A planted token and an OAuth app's secret: nothing that we write anywhere holds them, whatever goes wrong."""

import traceback
from collections.abc import Awaitable, Callable

import pytest

from hubspot_simulator import BadDays, Portal
from ontologie.database.credentials import DraftCredentials
from ontologie.errors import OntologieError
from ontologie.model.credentials import OAuthClient, TokenCredentials
from ontologie.model.diagnosis import explain
from ontologie.services import authorizing, connecting, sources
from ontologie.services.authorizing import Answer
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from tests.installation import Installation
from tests.lab import Lab

Start = Callable[..., tuple[Portal, str]]
TOKEN = "pat-eu1-ca4a41ca-ca4a-ca4a-ca4a-ca4a41e5ca4a"
SECRET = "ca4a41e5-5ec4-e7ca-4a41-e55ec4e7ca4a"
STATE = "ca4a41e5tate"


def clean(text: str) -> None:
    for secret in (TOKEN, SECRET, TOKEN.encode().hex(), SECRET.encode().hex()):
        assert secret not in text


def test_no_error_no_log_and_no_command_tells_a_secret(
    installation: Installation, portal: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    made, url = portal(contacts=3, token=TOKEN)
    environment = {"CANARY": TOKEN, "APP": SECRET}
    add = ("source", "add", "hubspot", "--token-env", "CANARY", "--frequency", "manual", "--api-url", url,
           "--streams", "contacts", "--name")  # fmt: skip
    said = installation.run(*add, "canary", **environment)
    said += installation.run(*add, "canary", expect=2, **environment)  # taken
    said += installation.run(*add, "Wrong Name", expect=2, **environment)
    for option in ("--token-env", "--token-file"):  # the token where its place should be
        said += installation.run("source", "add", "hubspot", "--name", "slip", option, TOKEN, expect=2)
    made.mischief.days = BadDays(rate_477=1, migration_retry_after_s=3_600)
    said += installation.run("sync", "canary", expect=1)
    made.mischief.days = BadDays()
    made.issue(TOKEN, [])
    said += installation.run("sync", "canary", expect=4)
    said += installation.run("doctor", "canary", expect=4)
    made.revoke(TOKEN)
    said += installation.run("sync", "canary", expect=4)
    said += installation.run("doctor", "canary", "--json", expect=4)
    said += installation.run("source", "show", "canary", "--json")
    said += installation.run("source", "reconnect", "canary", "--token-env", "CANARY", expect=4, **environment)
    said += installation.run("status", "--json")
    clean(said)
    assert (installation.home / "logs").stat().st_mode & 0o777 == 0o700, "what our users do is nobody else's business"
    for file in installation.home.rglob("*"):
        if file.is_file() and file.suffix in (".log", ".json", ".toml", ".conf"):
            clean(file.read_text(errors="replace"))
    clean("".join(capfd.readouterr()))


class Shown:
    """All that was shown, to be searched in the end."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def add(self, *things: object) -> None:
        self.texts += [repr(thing) for thing in things] + [str(thing) for thing in things]

    async def trouble(self, work: Awaitable[object]) -> None:
        """What an error shows, in every way it can be shown."""
        with pytest.raises(OntologieError) as raised:
            await work
        error = raised.value
        self.add(error, error.params, *(explain(error.code, error.params, language) for language in ("en", "fr")))
        self.add("".join(traceback.format_exception(error)))

    async def rows(self, context: Context) -> None:
        """What a dump of the database holds."""
        async with context.pool.connection() as connection:
            for table in ("source_drafts", "authorizations", "credentials", "sources", "runs", "run_objects"):
                cursor = await connection.execute(f"SELECT t::text AS row FROM {table} t".encode())
                self.add(*(row["row"] for row in await cursor.fetchall()))


def test_no_exception_no_repr_and_no_row_tells_a_secret(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, token=TOKEN)
    shown = Shown()

    async def work(context: Context) -> None:
        draft = await connecting.begin(context, "hubspot", api_url=url)
        client = OAuthClient(client_id="unknown", client_secret=SECRET)
        await connecting.give_client(context, draft.id, client)
        uri = "http://localhost:1/oauth/callback"
        await authorizing.start(context, draft.id, session=SECRET, redirect_uri=uri)
        await shown.trouble(connecting.give_token(context, draft.id, f"{TOKEN} {TOKEN}"))
        await connecting.give_token(context, draft.id, TOKEN)
        request = SourceRequest(name="canary2", connector="hubspot", token=TOKEN, api_url=url)
        shown.add(client, TokenCredentials(token=TOKEN), request, context.vault, context)
        shown.add(await DraftCredentials(context.pool, context.vault, draft.id).read())
        shown.add(await connecting.test(context, draft.id), await connecting.find(context, draft.id))
        made.mischief.days = BadDays(rate_477=1, migration_retry_after_s=3_600)
        await shown.trouble(connecting.test(context, draft.id))
        made.mischief.days = BadDays()
        made.revoke(TOKEN)
        await shown.trouble(connecting.test(context, draft.id))
        await shown.trouble(connecting.finish(context, draft.id))
        await shown.trouble(sources.add(context, request))
        await shown.trouble(authorizing.finish(context, Answer(state=STATE, code=SECRET), session=SECRET))
        await shown.rows(context)
        await connecting.discard(context, draft.id)

    lab.within(work)
    assert len(shown.texts) > 20
    clean("\n".join(shown.texts))
