"""What `ontologie sql` answers."""

import pytest

from ontologie.errors import UsageError
from ontologie.services import query
from ontologie.services.context import Context


async def test_columns_that_are_called_alike_are_both_there(context: Context) -> None:
    assert await query.run_sql(context, "SELECT 1 AS id, 2 AS id") == (["id", "id"], [(1, 2)])


async def test_what_postgresql_refuses_is_said_in_its_words(context: Context) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        await query.run_sql(context, "SELECT * FROM nothing")
