"""One clear sentence on what is wrong and what to do, the right exit code, nothing lost."""

import json
import socket

import psycopg

from hubspot_simulator import ALL_READ_SCOPES
from ontologie.clock import SystemClock
from ontologie.database.embedded import EmbeddedServer
from tests.conftest import Installation


def test_an_unknown_source_is_named(installation: Installation) -> None:
    said = installation.run("sync", "nobody", expect=2)
    assert "There is no source named nobody" in said


def test_errors_speak_french_where_the_environment_does(installation: Installation) -> None:
    said = installation.run("sync", "personne", expect=2, LANG="fr_FR.UTF-8")
    assert "Il n’y a pas de source nommée personne" in said


def test_a_token_that_opens_nothing_adds_no_source(installation: Installation, portal) -> None:
    _, url = portal(contacts=1)
    said = installation.run(
        "source", "add", "hubspot", "--name", "locked", "--token-env", "WRONG", "--api-url", url, expect=4,
        WRONG="pat-eu1-11111111-1111-4111-8111-111111111111",
    )  # fmt: skip
    assert "token" in said
    assert "locked" not in installation.run("source", "list")


def test_a_foreign_address_is_refused_before_the_token_travels(installation: Installation) -> None:
    said = installation.run(
        "source", "add", "hubspot", "--name", "far", "--token-env", "HUBSPOT_TOKEN",
        "--api-url", "https://example.org", expect=2,
    )  # fmt: skip
    assert "example.org" in said


def test_a_missing_scope_stops_its_object_type_only(installation: Installation, portal) -> None:
    scopes = tuple(scope for scope in ALL_READ_SCOPES if scope != "sales-email-read")
    _, url = portal(contacts=20, companies=5, deals=5, tickets=5, scopes=scopes)
    installation.add("scopeless", url)
    result = json.loads(installation.run("sync", "scopeless", "--json", expect=4))
    by_type = {item["object_type"]: item for stream in result["streams"] for item in stream["objects"]}
    assert by_type["emails"]["status"] == "action_required"
    assert by_type["emails"]["diagnoses"] == ["HUBSPOT_SCOPE_MISSING"]
    assert all(item["status"] == "synced" for name, item in by_type.items() if name != "emails")
    assert result["streams"][-1]["status"] == "action_required"
    assert "sales-email-read" in installation.run("doctor", "scopeless", expect=4)


def test_a_taken_port_is_named(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in installation.run("start", expect=1, ONTOLOGIE_PORT=port)


def test_a_wrong_setting_is_named(installation: Installation) -> None:
    assert "ONTOLOGIE_PORT" in installation.run("status", expect=1, ONTOLOGIE_PORT="many")


def test_a_database_that_does_not_answer_is_one_sentence_without_its_password(installation: Installation) -> None:
    url = "postgresql://someone:canary-password@127.0.0.1:1/nothing"
    said = installation.run("status", expect=1, ONTOLOGIE_DATABASE_URL=url)
    assert "canary-password" not in said
    log = (installation.home / "logs" / "ontologie.log").read_text()
    assert "canary-password" not in log


def test_the_reading_role_cannot_write(installation: Installation) -> None:
    assert "PostgreSQL refused" in installation.run("sql", "create table public.x (a int)", expect=2)


def test_data_of_a_newer_version_is_left_alone(installation: Installation) -> None:
    installation.run("status")
    with psycopg.connect(installation.run("database-url", "--owner").strip()) as connection:
        connection.execute("INSERT INTO ontologie.schema_migrations (number) VALUES (9999)")
    try:
        assert "newer" in installation.run("status", expect=1)
    finally:
        with psycopg.connect(EmbeddedServer(installation.home, SystemClock()).url) as connection:
            connection.execute("DELETE FROM ontologie.schema_migrations WHERE number = 9999")
