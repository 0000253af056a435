"""Owners, pipelines, stages and association labels: small, what was read is replaced whole."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import sql

from ontologie.database.pool import Connection, translated
from ontologie.model.object_types import NUMBERS
from ontologie.model.reference import AssociationLabel, Pipeline, PipelineStage, ReferenceData
from ontologie.store import lease

_STAGES = {"deals": "dealstage", "tickets": "hs_pipeline_stage"}


async def write_reference_data(connection: Connection, schema_name: str, data: ReferenceData, epoch: int) -> None:
    """Make the tables equal to the reading; what could not be read stays as it is. Raises LeaseLost."""
    with translated():
        async with connection.transaction():
            await lease.check(connection, schema_name, epoch)
            if data.owners is not None:
                await _replace(connection, schema_name, "owners", {}, map(msgspec.structs.asdict, data.owners))
            for object_type, pipelines in data.pipelines.items():
                of_type = {"object_type": object_type}
                await _replace(connection, schema_name, "pipelines", of_type, map(_pipeline, pipelines))
                stages = (_stage(pipeline, stage) for pipeline in pipelines for stage in pipeline.stages)
                await _replace(connection, schema_name, "pipeline_stages", of_type, stages)
            for pair, labels in data.labels.items():
                of_pair = {"from_type": NUMBERS[pair.from_type], "to_type": NUMBERS[pair.to_type]}
                await _replace(connection, schema_name, "association_labels", of_pair, map(_label, labels))


async def unknown_stages(connection: Connection, schema_name: str, since: datetime) -> bool:
    """Records stored since then are in a stage that ``pipeline_stages`` does not have."""
    with translated():
        cursor = await connection.execute(
            "SELECT c.relname AS object_type, a.attname AS stage"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = to_regnamespace(%s) AND NOT a.attisdropped"
            " AND (c.relname, a.attname) IN (SELECT * FROM unnest(%s::name[], %s::name[]))",
            [f'"{schema_name}"', list(_STAGES), list(_STAGES.values())],
        )
        unknown = [
            sql.SQL(
                "EXISTS (SELECT FROM {} t WHERE t._synced_at > %(since)s AND t._archived_at IS NULL"
                " AND t.{stage} IS NOT NULL"
                " AND t.{stage} NOT IN (SELECT id FROM {stages} WHERE object_type = {object_type}))"
            ).format(
                sql.Identifier(schema_name, row["object_type"]),
                stages=sql.Identifier(schema_name, "pipeline_stages"),
                stage=sql.Identifier(row["stage"]),
                object_type=sql.Literal(row["object_type"]),
            )
            for row in await cursor.fetchall()
        ]
        if not unknown:
            return False
        cursor = await connection.execute(
            sql.SQL("SELECT {} AS unknown").format(sql.SQL(" OR ").join(unknown)), {"since": since}
        )
        row = await cursor.fetchone()
    return row is not None and row["unknown"]


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


async def _replace(
    connection: Connection, schema_name: str, table: str, which: Mapping[str, Any], rows: Iterable[dict[str, Any]]
) -> None:
    """Make those of the table's rows that have these values equal to ``rows``."""
    conditions = [sql.SQL("{} = {}").format(sql.Identifier(name), value) for name, value in which.items()]
    await connection.execute(
        sql.SQL("DELETE FROM {} WHERE {}").format(
            sql.Identifier(schema_name, table), sql.SQL(" AND ").join([*conditions, sql.SQL("true")])
        )
    )
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
