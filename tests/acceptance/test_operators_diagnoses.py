"""What an operator can get wrong: each told by its diagnosis, on the terminal, with its exit code."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from hubspot_simulator import BadDays, Portal
from ontologie.errors import OntologieError
from ontologie.services import api_keys, sources
from ontologie.services.context import Context
from tests.installation import Installation
from tests.lab import Lab
from tests.terminal import tells

Start = Callable[..., tuple[Portal, str]]
NOWHERE = "postgresql://someone:secret@127.0.0.1:1/nothing"


def test_a_token_that_is_nowhere(installation: Installation) -> None:
    add = ("source", "add", "hubspot", "--name", "none", "--token-env", "NOTHING", "--api-url", "http://127.0.0.1:1")
    assert tells(installation.run(*add, expect=2), "TOKEN_NOT_GIVEN", {"place": "NOTHING"})


def test_files_and_formats_that_cannot_be(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "none" / "a.backup"
    assert tells(installation.run("backup", str(file), expect=2), "FILE_NOT_WRITABLE", {"file": str(file)})
    said = installation.run("export", "nobody", str(tmp_path / "a"), "--format", "doc", expect=2)
    assert tells(said, "FORMAT_UNKNOWN", {"format": "doc", "known": ""})


def test_a_home_and_a_key_that_cannot_be(installation: Installation, tmp_path: Path) -> None:
    home = tmp_path / "file" / "home"
    home.parent.touch()
    assert tells(
        installation.run("status", expect=1, ONTOLOGIE_HOME=str(home)), "HOME_NOT_WRITABLE", {"path": str(home)}
    )
    said = installation.run("status", expect=1, ONTOLOGIE_SECRET_KEY="short")
    assert tells(said, "SECRET_KEY_MALFORMED", {})
    assert "short" not in said


@pytest.mark.parametrize("address", ["nonsense", "postgresql://a:p%zz-secret@127.0.0.1:1/x", "mysql://a:secret@b/c"])
def test_what_is_no_address_of_a_postgresql(installation: Installation, tmp_path: Path, address: str) -> None:
    for command in (("status",), ("database-url",), ("backup", str(tmp_path / "a.backup"))):
        said = installation.run(*command, expect=1, ONTOLOGIE_DATABASE_URL=address)
        assert tells(said, "DATABASE_ADDRESS_MALFORMED", {})
        assert "ONTOLOGIE_DATABASE_URL" in said
        assert "secret" not in said
    assert tells(installation.run("move-to", address, expect=1), "DATABASE_ADDRESS_MALFORMED", {})


def test_a_misspelt_setting_is_named_and_stops_nothing(installation: Installation) -> None:
    process = installation.begin("source", "list", "--json", ONTOLOGIE_NO_SUCH="1", ONTOLOGIE_SECRET_KEY_NEW="x")
    printed, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert tells(said, "SETTING_UNKNOWN", {"setting": "ONTOLOGIE_NO_SUCH"})
    assert said.count("ONTOLOGIE_") == 1
    assert printed.startswith("[")


def test_a_setting_without_a_value_is_not_set(installation: Installation) -> None:
    installation.run("status", ONTOLOGIE_DATABASE_URL="", ONTOLOGIE_WORKER_PORT="", ONTOLOGIE_LOG_LEVEL="")


def test_databases_that_cannot_be(installation: Installation, tmp_path: Path) -> None:
    said = installation.run("status", expect=1, ONTOLOGIE_DATABASE_URL=NOWHERE)
    assert tells(said, "DATABASE_UNREACHABLE", {"reason": "Connection refused"})
    assert "secret" not in said
    assert tells(installation.run("move-to", NOWHERE, expect=1), "DATABASE_IN_USE", {})
    assert tells(installation.run("move-to", NOWHERE, expect=2, ONTOLOGIE_DATABASE_URL=NOWHERE), "NOT_EMBEDDED", {})
    fresh = tmp_path / "fresh"
    said = installation.run("upgrade-database", expect=1, ONTOLOGIE_HOME=str(fresh))
    assert tells(said, "NOTHING_TO_UPGRADE", {"path": str(fresh / "postgres")})


def test_a_port_that_is_taken(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = installation.run("start", expect=1, ONTOLOGIE_PORT=str(port))
    assert tells(said, "PORT_TAKEN", {"port": port, "setting": "PORT"})


def test_an_address_that_may_not_carry_a_token(installation: Installation) -> None:
    add = ("source", "add", "hubspot", "--name", "clear", "--token-env", "HUBSPOT_TOKEN", "--api-url")
    said = installation.run(
        *add, "http://api.hubapi.com/?key=canary", expect=2, ONTOLOGIE_HUBSPOT_API_HOSTS="api.hubapi.com"
    )
    assert tells(said, "API_ADDRESS_UNUSABLE", {"address": "http://api.hubapi.com"})
    assert "canary" not in said
    assert "clear" not in installation.run("source", "list")


def test_a_simulated_portal_whose_port_another_program_has(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = installation.run("demo", expect=1, ONTOLOGIE_SIMULATOR_PORT=str(port))
    assert tells(said, "SIMULATOR_NOT_STARTED", {"port": port})
    assert "hubspot_demo" not in installation.run("source", "list")


def test_an_embedded_database_that_does_not_start_says_why_and_keeps_its_data(
    own: Installation, portal: Start
) -> None:
    _, url = portal(contacts=7)
    own.add("kept", url, "--streams", "contacts")
    own.run("sync", "kept")
    own.run("stop")
    settings = own.home / "postgres" / "data-18" / "postgresql.conf"
    right = settings.read_text()
    settings.write_text(right + "max_connections = many\n")
    log = own.home / "postgres" / "server.log"
    reason = f'configuration file "{settings}" contains errors'
    assert tells(own.run("status", expect=1), "DATABASE_NOT_STARTED", {"reason": reason, "path": str(log)})
    assert "many" in log.read_text()
    settings.write_text(right)
    assert '"count": 7' in own.run("sql", "--json", "select count(*) from hubspot_kept.contacts")


def test_data_of_a_postgresql_that_this_machine_lacks_is_left_alone(own: Installation) -> None:
    data = own.home / "postgres" / "data-12"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("12\n")
    said = own.run("upgrade-database", expect=1)
    assert tells(said, "OLD_POSTGRES_MISSING", {"major": 12, "path": "/usr/lib/postgresql/12"})
    assert [item.name for item in data.parent.iterdir()] == ["data-12"]
    assert (data / "PG_VERSION").read_text() == "12\n"


def test_records_of_another_account_are_not_mixed_in(lab: Lab, portal: Start) -> None:
    _, url = portal(contacts=1)
    lab.add("moved_in", url, "contacts")
    lab.sync("moved_in")
    lab.within(lambda context: sources.remove(context, "moved_in", with_data=False))
    _, other = portal(portal_id=145_000_777, contacts=1)
    with pytest.raises(OntologieError) as raised:
        lab.add("moved_in", other, "contacts")
    assert raised.value.code == "SOURCE_DATA_OF_OTHER_PORTAL"
    assert raised.value.params == {"source": "moved_in", "portal": 145_000_001}
    lab.add("moved_in", url, "contacts")
    lab.within(lambda context: sources.remove(context, "moved_in", with_data=True))


def test_a_key_without_a_scope(lab: Lab) -> None:
    async def work(context: Context) -> None:
        with pytest.raises(OntologieError) as raised:
            await api_keys.create(context, name="nothing", scopes=[])
        assert raised.value.code == "API_SCOPE_NOT_GIVEN"

    lab.within(work)


def test_a_request_that_hubspot_refuses_stops_its_stream_alone(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, companies=2)
    lab.add("refused", url, "contacts", "companies")
    made.mischief.days = BadDays(object_types=("companies",), rate_404=1)
    run = lab.sync("refused")
    assert {item.object_type: (item.status.value, item.diagnosis_code) for item in run.objects} == {
        "contacts": ("synced", None),
        "companies": ("error", "HUBSPOT_REQUEST_REFUSED"),
    }
    lab.within(lambda context: sources.remove(context, "refused", with_data=True))
