"""A pytest plugin: the lessons from other connectors' users as a table, one line each. Used by ``make lessons``."""

import re

import pytest

_LESSON = re.compile(r"test_lessons\.py::test_(\d\d\w?)_(\w+)")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table once all tests have run."""
    found: dict[str, tuple[str, str]] = {}
    for outcome, word in (("passed", "yes"), ("failed", "NO"), ("error", "NO")):
        for report in terminalreporter.stats.get(outcome, ()):
            match = _LESSON.search(report.nodeid)
            if match:
                found[match[1]] = (match[2].replace("_", " "), word)
    terminalreporter.write_sep("=", "lessons from other connectors")
    terminalreporter.write_line(f"{'#':>4}  {'holds':<5}  what ours does")
    for number, (text, word) in sorted(found.items()):
        terminalreporter.write_line(f"{number.lstrip('0'):>4}  {word:<5}  {text}")
