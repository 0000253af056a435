"""Adding, changing and removing sources: what is refused, and what is kept."""

from datetime import timedelta

import pytest

from ontologie.database import migrate, queries
from ontologie.database.credentials import SourceCredentials
from ontologie.errors import AuthorizationLost, OntologieError, UsageError
from ontologie.model.checkpoint import Segment, SegmentKind
from ontologie.model.credentials import TokenCredentials
from ontologie.services import sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest
from ontologie.store import checkpoints, tables
from tests.unit.services.conftest import START


def request(name: str = "acme", **others: object) -> SourceRequest:
    return SourceRequest(**({"name": name, "connector": "hubspot", "token": "portal-7"} | others))  # type: ignore[arg-type]


async def test_a_new_source_has_its_account_a_sealed_token_and_is_due_at_once(context: Context) -> None:
    source = await sources.add(context, request())
    assert source.account is not None
    assert source.account.portal_id == 7
    assert source.next_run_at == START
    keeper = SourceCredentials(context.pool, context.vault, source.id)
    assert await keeper.read() == TokenCredentials(token="portal-7")
    async with context.pool.connection() as connection:
        row = await queries.fetch_one(connection, "credentials", "sealed", id=source.id)
    assert row is not None
    assert b"portal-7" not in row["sealed"]
    assert await sources.every(context) == [source]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"connector": "salesforce"}, "CONNECTOR_UNKNOWN"),
        ({"name": ""}, "SOURCE_NAME_MALFORMED"),
        ({"name": "Acme"}, "SOURCE_NAME_MALFORMED"),
        ({"name": "1acme"}, "SOURCE_NAME_MALFORMED"),
        ({"name": "acme corp"}, "SOURCE_NAME_MALFORMED"),
        ({"name": 'a"; drop'}, "SOURCE_NAME_MALFORMED"),
        ({"name": "a" * 41}, "SOURCE_NAME_MALFORMED"),
        ({"name": "acme\n"}, "SOURCE_NAME_MALFORMED"),
        ({"streams": ("contacts", "unicorns")}, "STREAM_UNKNOWN"),
        ({"excluded": ("contacts",)}, "EXCLUDE_MALFORMED"),
        ({"excluded": ("contacts.",)}, "EXCLUDE_MALFORMED"),
        ({"excluded": ("unicorns.horn",)}, "EXCLUDE_MALFORMED"),
        ({"streams": ("deals",), "excluded": ("contacts.fax",)}, "EXCLUDE_MALFORMED"),
        ({"frequency": "sometimes"}, "FREQUENCY_UNKNOWN"),
        ({"api_url": "https://api.example.org"}, "API_HOST_REFUSED"),
        ({"api_url": "https://api.hubapi.com.example.org"}, "API_HOST_REFUSED"),
        ({"api_url": "https://api.hubapi.com@example.org"}, "API_HOST_REFUSED"),
        ({"api_url": "http://127.0.0.1:9"}, "API_HOST_REFUSED"),
        ({"api_url": ""}, "API_HOST_REFUSED"),
        ({"api_url": "https://["}, "API_HOST_REFUSED"),
        ({"token": ""}, "HUBSPOT_TOKEN_MALFORMED"),
        ({"token": "portal-7\r\nX-Other: 1"}, "HUBSPOT_TOKEN_MALFORMED"),
        ({"token": "jeton-né-ici"}, "HUBSPOT_TOKEN_MALFORMED"),
    ],
)
async def test_what_is_asked_wrongly_is_refused_by_name_and_nothing_is_stored(
    context: Context, wrong: dict[str, object], code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        await sources.add(context, request(**wrong))  # type: ignore[arg-type]
    assert caught.value.code == code
    assert await sources.every(context) == []


async def test_a_token_that_opens_nothing_is_refused_and_nothing_is_stored(context: Context) -> None:
    with pytest.raises(AuthorizationLost):
        await sources.add(context, request(token="unknown-token"))
    assert await sources.every(context) == []


async def test_a_name_is_given_once(context: Context) -> None:
    await sources.add(context, request())
    with pytest.raises(UsageError) as caught:
        await sources.add(context, request(token="portal-8000"))
    assert caught.value.code == "SOURCE_NAME_TAKEN"


async def test_two_names_that_would_share_a_schema_are_refused_as_taken(context: Context) -> None:
    await sources.add(context, request("acme-eu"))
    with pytest.raises(UsageError) as caught:
        await sources.add(context, request("acme_eu"))
    assert caught.value.code == "SOURCE_NAME_TAKEN"


async def test_a_request_shows_no_token() -> None:
    assert "portal-7" not in repr(request())


async def test_a_paused_source_is_not_due_and_a_resumed_one_is_again(context: Context) -> None:
    await sources.add(context, request())
    await sources.pause(context, "acme")
    paused = await sources.find(context, "acme")
    assert (paused.paused, paused.next_run_at) == (True, None)
    await sources.resume(context, "acme")
    resumed = await sources.find(context, "acme")
    assert not resumed.paused
    assert resumed.next_run_at is not None
    assert START < resumed.next_run_at <= START + timedelta(hours=1)


@pytest.mark.parametrize("name", ["nobody", "", "acme'--"])
async def test_an_unknown_name_is_said_to_be_unknown(context: Context, name: str) -> None:
    for intention in (sources.find(context, name), sources.pause(context, name), sources.resume(context, name)):
        with pytest.raises(UsageError) as caught:
            await intention
        assert caught.value.code == "SOURCE_UNKNOWN"
    with pytest.raises(UsageError):
        await sources.remove(context, name, with_data=True)


async def leave_data_behind(context: Context) -> None:
    """A source that has read something is removed, its records kept."""
    source = await sources.add(context, request())
    async with context.pool.connection() as connection:
        await tables.ensure_source_schema(connection, source.schema_name, migrate.READER)
        backfill = Segment(kind=SegmentKind.BACKFILL, key="backfill", window_from=START, done=True)
        await checkpoints.write_segment(connection, source.schema_name, "contacts", backfill)
    await sources.remove(context, "acme", with_data=False)


async def test_a_source_removed_with_its_data_leaves_nothing(context: Context) -> None:
    source = await sources.add(context, request())
    async with context.pool.connection() as connection:
        await tables.ensure_source_schema(connection, source.schema_name, migrate.READER)
    await sources.remove(context, "acme", with_data=True)
    assert await sources.row_counts(context, source) == {}
    assert await sources.every(context) == []


async def test_a_source_of_the_same_account_may_go_on_with_what_was_left_behind(context: Context) -> None:
    await leave_data_behind(context)
    source = await sources.add(context, request())
    assert await sources.row_counts(context, source) != {}


async def test_another_account_is_never_mixed_with_what_was_left_behind(context: Context) -> None:
    await leave_data_behind(context)
    try:
        source = await sources.add(context, request(token="portal-8000"))
    except OntologieError:
        return  # refused: that is one way
    async with context.pool.connection() as connection:
        await tables.ensure_source_schema(connection, source.schema_name, migrate.READER)
        left = (await checkpoints.read_checkpoints(connection, source.schema_name, ["contacts"]))["contacts"]
    assert left.segments == (), "the new account's records would never be backfilled"
