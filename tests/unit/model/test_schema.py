"""How properties become columns, and names of sources schemas."""

from hypothesis import given
from hypothesis import strategies as st

from ontologie.model.schema import MAX_IDENTIFIER_BYTES, column_name, schema_name
from ontologie.model.stream import StreamStatus

names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=120)


@given(names)
def test_a_column_name_fits_and_is_the_propertys_own_where_it_can(name: str) -> None:
    column = column_name(name)
    assert 0 < len(column.encode()) <= MAX_IDENTIFIER_BYTES
    if column != name:
        assert name == "id" or len(name.encode()) > MAX_IDENTIFIER_BYTES or len(name) < 12


def test_long_names_that_begin_alike_get_columns_of_their_own() -> None:
    columns = {column_name("x" * 60 + f"_{number}_and_more") for number in range(1_000)}
    assert len(columns) == 1_000


def test_our_id_stays_ours() -> None:
    assert column_name("id") != "id"


@given(st.from_regex(r"[a-z][a-z0-9_-]{0,39}", fullmatch=True))
def test_a_sources_schema_needs_no_quotes(name: str) -> None:
    schema = schema_name("hubspot", name)
    assert schema.startswith("hubspot_")
    assert set(schema) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert len(schema) <= MAX_IDENTIFIER_BYTES


def test_a_group_shows_its_worst_state() -> None:
    worst = StreamStatus.worst
    assert worst([]) is StreamStatus.PENDING
    assert worst([StreamStatus.SYNCED, StreamStatus.SYNCED]) is StreamStatus.SYNCED
    assert worst([StreamStatus.PARTIAL, StreamStatus.ERROR, StreamStatus.SYNCED]) is StreamStatus.ERROR
    assert worst([StreamStatus.ERROR, StreamStatus.ACTION_REQUIRED]) is StreamStatus.ACTION_REQUIRED
