"""Work that is ended in the middle of a transaction is nothing that a person at the screen has to know."""

import subprocess
import sys
from pathlib import Path

_ENDED = """
import asyncio, contextlib, pathlib, sys
from ontologie.cli import logs
from ontologie.database.pool import open_pool

async def work(url):
    async with open_pool(url, size=1) as pool:
        with contextlib.suppress(LookupError):
            async with pool.connection() as lent, lent.transaction(), lent.transaction():
                await lent.execute("ROLLBACK")  # its own one fails then, as one does that a cancellation meets
                raise LookupError

logs.set_up(pathlib.Path(sys.argv[1]), stderr_level="warning")
asyncio.run(work(sys.argv[2]))
"""


def test_what_psycopg_mends_is_in_the_file_and_not_on_the_screen(tmp_path: Path, database_url: str) -> None:
    command = [sys.executable, "-c", _ENDED, str(tmp_path), database_url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    file = (tmp_path / "logs" / "ontologie.log").read_text()
    assert "error ignored in rollback" in file
    assert done.stderr == ""
