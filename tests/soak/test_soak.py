"""Living portals, workers killed at random, PostgreSQL restarted twice: nothing is lost, nothing is done twice.

make soak                            # 20 minutes
ONTOLOGIE_SOAK_MINUTES=2 make soak   # a look
"""

import os
import sys
from collections.abc import Callable

import pytest

from hubspot_simulator import Portal
from tests.fleet import Fleet
from tests.soak.chaos import Chaos
from tests.soak.living import Living
from tests.soak.report import Report

MINUTES = float(os.environ.get("ONTOLOGIE_SOAK_MINUTES", "0"))
SOURCES = 6
EVERY_MINUTE = "cron * * * * *"
SETTINGS = {
    "ONTOLOGIE_SOURCES_AT_ONCE": "2",
    "ONTOLOGIE_SLICE_SECONDS": "5",
    "ONTOLOGIE_LEASE_SECONDS": "6",
    "ONTOLOGIE_FULL_CHECK_HOURS": "0.05",
    "ONTOLOGIE_ARCHIVED_MINUTES": "1",
    "ONTOLOGIE_SECOND_LOOK_MINUTES": "2",
    "ONTOLOGIE_DEFINITIONS_MINUTES": "2",
}


@pytest.mark.skipif(MINUTES == 0, reason="make soak")
@pytest.mark.timeout(0)
def test_after_a_long_day_everything_is_there_once(
    fleet: Fleet, portal: Callable[..., tuple[Portal, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.installation.environment.update(SETTINGS)
    portals = {}
    for number in range(SOURCES):
        made, url = portal(seed=number, portal_id=145_000_001 + number, contacts=400, companies=60, deals=60)
        name = f"soak{number}"
        portals[name] = made
        fleet.add(name, url, "contacts,companies,deals,tickets,engagements", EVERY_MINUTE)
    with Living(portals.values()), Chaos(fleet, seed=1) as chaos:
        chaos.rage(MINUTES * 60)
    chaos.calm()
    report = Report(fleet, portals, chaos)
    with capsys.disabled():
        sys.stdout.write(report.table() + "\n")
    assert report.problems() == []
