"""Owners, pipelines, stages and association labels: small, replaced whole at each reading."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.reference import AssociationLabel, Pipeline, PipelineStage, ReferenceData
from ontologie.store import lease
from ontologie.store.object_types import NUMBERS


async def write_reference_data(connection: Connection, schema_name: str, data: ReferenceData, epoch: int) -> None:
    """Make the tables equal to the reading; what could not be read (None) stays as it is. Raises LeaseLost."""
    with translated():
        async with connection.transaction():
            await lease.check(connection, schema_name, epoch)
            if data.owners is not None:
                await _replace(connection, schema_name, "owners", map(msgspec.structs.asdict, data.owners))
            if data.pipelines is not None:
                await _replace(connection, schema_name, "pipelines", map(_pipeline, data.pipelines))
                stages = (_stage(pipeline, stage) for pipeline in data.pipelines for stage in pipeline.stages)
                await _replace(connection, schema_name, "pipeline_stages", stages)
            if data.labels is not None:
                await _replace(connection, schema_name, "association_labels", map(_label, data.labels))


def _pipeline(pipeline: Pipeline) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(pipeline).items() if name != "stages"}


def _stage(pipeline: Pipeline, stage: PipelineStage) -> dict[str, Any]:
    return {"object_type": pipeline.object_type, "pipeline_id": pipeline.id, **msgspec.structs.asdict(stage)}


def _label(label: AssociationLabel) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(label),
        "from_type": NUMBERS[label.from_type],
        "to_type": NUMBERS[label.to_type],
    }


async def _replace(connection: Connection, schema_name: str, table: str, rows: Iterable[dict[str, Any]]) -> None:
    await connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(schema_name, table)))
    found: Sequence[dict[str, Any]] = list(rows)
    if not found:
        return
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
        sql.Identifier(schema_name, table),
        sql.SQL(", ").join(map(sql.Identifier, found[0])),
        sql.SQL(", ").join(map(sql.Placeholder, found[0])),
    )
    async with connection.cursor() as cursor:
        await cursor.executemany(statement, found)
