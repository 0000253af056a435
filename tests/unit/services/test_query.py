"""What `ontologie sql` answers."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from ontologie.errors import UsageError
from ontologie.services import query
from ontologie.services.context import Context


async def test_columns_that_are_called_alike_are_both_there(context: Context) -> None:
    assert await query.run_sql(context, "SELECT 1 AS id, 2 AS id") == (["id", "id"], [(1, 2)])


@pytest.mark.parametrize(
    ("owners", "readers"),
    [
        ("postgresql://o:w@db.example.com:5433/live", "db.example.com:5433/live"),
        ("postgresql://live:w@db.example.com", "db.example.com:5432/live"),
        (
            "postgresql://o:w@db.example.com/a%20b?sslmode=verify-full&sslrootcert=/etc/a%20b.crt",
            "db.example.com:5432/a%20b?sslmode=verify-full&sslrootcert=%2Fetc%2Fa%20b.crt",
        ),
        ("host=/var/run/postgresql user=o password=w dbname=live", "%2Fvar%2Frun%2Fpostgresql:5432/live"),
    ],
)
def test_who_only_reads_comes_the_same_way_as_the_owner(owners: str, readers: str) -> None:
    found = query.url_of_reader(owners, "secret", role="reader")
    assert found == f"postgresql://reader:secret@{readers}"
    expected = {**conninfo_to_dict(owners), "user": "reader", "password": "secret"}
    assert {"port": "5432", "dbname": "live", **expected} == conninfo_to_dict(found)


async def test_what_postgresql_refuses_is_said_in_its_words(context: Context) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        await query.run_sql(context, "SELECT * FROM nothing")
