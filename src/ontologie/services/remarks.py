"""What is worth knowing of a source's data, though nothing stopped: rejected values, properties of another type."""

from collections.abc import Iterable

import msgspec

from ontologie.model.source import Source
from ontologie.model.user import Role
from ontologie.services.context import Context
from ontologie.store import remarks as store

_COUNTED_MOST = 1_000


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis of one object type that stops nothing, whatever the last run did."""

    source_id: int
    object_type: str
    code: str
    params: dict[str, str | int]


async def of_sources(context: Context, sources: Iterable[Source]) -> list[Remark]:
    """All of them, read from what is stored: true now, however long ago the run was that brought it."""
    context.require(Role.VIEWER)
    by_schema = {source.schema_name: source for source in sources}
    async with context.reader.connection() as connection:
        rejected = await store.rejected_records(connection, list(by_schema), most=_COUNTED_MOST + 1)
        retyped = await store.retyped(connection, list(by_schema))
    found: list[Remark] = []
    for (schema, kind), count in rejected.items():
        told = f"{_COUNTED_MOST}+" if count > _COUNTED_MOST else count
        found.append(_remark(by_schema[schema], kind, "VALUES_REJECTED", count=told))
    for (schema, kind), names in retyped.items():
        found.append(_remark(by_schema[schema], kind, "PROPERTY_RETYPED", properties=", ".join(names)))
    return found


def _remark(source: Source, object_type: str, diagnosis_code: str, **params: str | int) -> Remark:
    known: dict[str, str | int] = {"source": source.name, "object_type": object_type, **params}
    return Remark(source_id=source.id, object_type=object_type, code=diagnosis_code, params=known)
