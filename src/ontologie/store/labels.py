"""What the values of a column are called: options of a property, owners, pipelines and stages by name."""

from psycopg import sql

from ontologie.database.pool import Connection, fetch
from ontologie.model.schema import ColumnType, ObjectSchema

Labels = tuple[tuple[str, str], ...]
"""(value, label) pairs in the order that people expect."""

_PIPELINES = {("deals", "pipeline"), ("tickets", "hs_pipeline")}
_STAGES = {("deals", "dealstage"), ("tickets", "hs_pipeline_stage")}


async def value_labels(connection: Connection, schema_name: str, schema: ObjectSchema) -> dict[str, Labels]:
    """The labels of every column that has some, by column."""
    found: dict[str, Labels] = {}
    owners: Labels | None = None
    for item in schema.with_columns():
        place = (schema.object_type, item.name)
        if item.column_type is ColumnType.BIGINT:
            owners = owners if owners is not None else await _owners(connection, schema_name)
            found[item.column_name] = owners
        elif place in _PIPELINES:
            found[item.column_name] = await _pipelines(connection, schema_name, schema.object_type)
        elif place in _STAGES:
            found[item.column_name] = await _stages(connection, schema_name, schema.object_type)
        elif item.options and item.column_type in (ColumnType.TEXT, ColumnType.TEXT_ARRAY):
            found[item.column_name] = item.options
    return {name: labels for name, labels in found.items() if labels}


async def _owners(connection: Connection, schema_name: str) -> Labels:
    return await _pairs(
        connection,
        sql.SQL(
            "SELECT id::text AS value, coalesce(nullif(concat_ws(' ', first_name, last_name), ''), email, id::text)"
            " AS label FROM {} ORDER BY archived, lower(coalesce(nullif(concat_ws(' ', first_name, last_name), ''),"
            " email)), id"
        ).format(sql.Identifier(schema_name, "owners")),
    )


async def _pipelines(connection: Connection, schema_name: str, object_type: str) -> Labels:
    return await _pairs(
        connection,
        sql.SQL("SELECT id AS value, label FROM {} WHERE object_type = {} ORDER BY archived, display_order, id").format(
            sql.Identifier(schema_name, "pipelines"), sql.Literal(object_type)
        ),
    )


async def _stages(connection: Connection, schema_name: str, object_type: str) -> Labels:
    """Stages by name; with their pipeline's name where there are several pipelines. An id that two pipelines have
    is named by the first of them."""
    return await _pairs(
        connection,
        sql.SQL(
            "SELECT value, label FROM (SELECT DISTINCT ON (s.id) s.id AS value, CASE WHEN"
            " (SELECT count(*) FROM {pipelines} WHERE object_type = {type}) > 1"
            " THEN s.label || ' · ' || p.label ELSE s.label END AS label, p.display_order AS first,"
            " s.display_order AS second FROM {stages} s"
            " JOIN {pipelines} p ON p.object_type = s.object_type AND p.id = s.pipeline_id"
            " WHERE s.object_type = {type} ORDER BY s.id, p.display_order) AS named ORDER BY first, second"
        ).format(
            pipelines=sql.Identifier(schema_name, "pipelines"),
            stages=sql.Identifier(schema_name, "pipeline_stages"),
            type=sql.Literal(object_type),
        ),
    )


async def _pairs(connection: Connection, statement: sql.Composed) -> Labels:
    return tuple((row["value"], row["label"]) for row in await fetch(connection, statement))
