"""Where a load goes."""

import msgspec
from psycopg import sql

from ontologie.model.schema import ObjectSchema


class LoadTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Where a batch goes, and under which epoch."""

    schema_name: str
    schema: ObjectSchema
    epoch: int
    hard_delete: bool = False
    """Rows of records that are gone are removed instead of marked."""

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier(self.schema_name, self.schema.object_type)

    def beside(self, name: str) -> sql.Identifier:
        """Another table of the same source."""
        return sql.Identifier(self.schema_name, name)
