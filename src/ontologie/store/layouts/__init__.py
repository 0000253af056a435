"""The fixed tables of a source's schema, as SQL files: forward only, applied when a source is next worked on."""

from importlib.resources import files

from psycopg import sql

from ontologie.database.pool import Connection
from ontologie.errors import OperatorError

_COMMENT = "ontologie store "
"""With the number of the last file, the comment of a source's schema."""


def available() -> list[tuple[int, str]]:
    """(number, SQL) of every file, in order."""
    folder = files("ontologie.store") / "layouts"
    return sorted((int(item.name[:4]), item.read_text()) for item in folder.iterdir() if item.name.endswith(".sql"))


async def applied(connection: Connection, schema_name: str) -> int | None:
    """The number that the schema is at; None: there is no such schema, or it is none of ours."""
    cursor = await connection.execute(
        "SELECT obj_description(to_regnamespace(%s), 'pg_namespace') AS layout", [f'"{schema_name}"']
    )
    row = await cursor.fetchone()
    if row is None or not str(row["layout"]).startswith(_COMMENT):
        return None
    return int(str(row["layout"]).removeprefix(_COMMENT))


async def upgrade(connection: Connection, schema_name: str, current: int) -> None:
    """Apply what is newer than ``current``, in the caller's transaction. Raises OperatorError (DATA_NEWER)."""
    known = available()
    last = known[-1][0]
    if current > last:
        raise OperatorError("newer data", code="DATA_NEWER", found=current, known=last)
    await connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema_name)))
    for number, text in known:
        if number > current:
            await connection.execute(text.encode())
    comment = sql.Literal(f"{_COMMENT}{last}")
    await connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(schema_name), comment))


LATEST = available()[-1][0]
