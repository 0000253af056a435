"""Pages and workers of one data folder write one log."""

import logging
from pathlib import Path

from ontologie.cli.logs import SharedFile

LINES = 50


def test_no_line_is_lost_when_several_processes_find_the_log_full(tmp_path: Path) -> None:
    processes = [SharedFile(tmp_path / "ontologie.log", maxBytes=1_000, backupCount=3) for _ in range(3)]
    for number in range(LINES):
        for name, process in enumerate(processes):
            message = f"{name}:{number}:{'x' * 10}"
            process.emit(logging.makeLogRecord({"msg": message}))
    for process in processes:
        process.close()
    found = [line for file in tmp_path.glob("ontologie.log*") for line in file.read_text().splitlines()]
    assert len(found) == len(set(found)) == LINES * len(processes)
    assert len(list(tmp_path.glob("ontologie.log.*"))) == 2, "as often as it was full"
