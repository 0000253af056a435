"""On any bad day a sync names an error, or the store equals the portal; after it a full check makes them equal."""

import itertools
import os

import pytest

from hubspot_simulator.bad_days import BadDays
from ontologie.model.run import RunStatus
from tests.lab import Lab

OBJECTS = ("objects", "search", "batch_read", "associations")
FAMILIES = (*OBJECTS, "properties", "pipelines", "owners", "association_labels")
RATES = {
    "rate_423": 0.03,
    "rate_429": 0.1,
    "rate_500": 0.2,
    "rate_502": 0.2,
    "rate_524": 0.2,
    "reset": 0.2,
    "truncated": 0.2,
    "malformed": 0.2,
    "search_disorder": 1,
    "short_pages": 1,
    "duplicate_rows": 1,
    "moving_rows": 1,
    "hidden_rows": 0.2,
    "partial_batches": 1,
    "spoilt_records": 0.3,
    "repeating_cursor": 1,
}
HIDING = ("moving_rows", "hidden_rows", "spoilt_records")
"""What hides records or values from a reading: until it is over, nobody can know them."""
USUAL = (
    ("rate_502", ("objects", "search")),
    ("malformed", ("associations",)),
    ("truncated", ("search",)),
    ("duplicate_rows", ("objects",)),
    ("short_pages", ("objects",)),
    ("search_disorder", ("search",)),
    ("moving_rows", ("objects",)),
    ("hidden_rows", ("objects", "search")),
    ("partial_batches", ("batch_read",)),
    ("partial_batches", ("associations",)),
    ("spoilt_records", OBJECTS),
    ("repeating_cursor", ("objects", "search")),
    ("repeating_cursor", ("objects",)),
)
LONG = int(os.environ.get("ONTOLOGIE_TEST_EXAMPLES", "0")) > 0
DAYS = [(day, (family,)) for day, family in itertools.product(RATES, FAMILIES)] if LONG else list(USUAL)
NONE = dict.fromkeys(("tickets", "emails", "calls", "notes", "tasks", "meetings"), 0)
ROOM = {"burst_per_10_s": 1_000, "search_per_s": 50, "association_burst_per_10_s": 1_000}
TYPES = ("contacts", "companies", "deals")
_numbers = itertools.count()


@pytest.mark.parametrize(("day", "families"), DAYS, ids=lambda value: "+".join([value] if value in RATES else value))
@pytest.mark.parametrize("contacts", [450, 1_900] if LONG else [450])
def test_a_bad_day_is_told_or_harmless(
    lab: Lab, portal, day: str, families: tuple[str, ...], contacts: int
) -> None:
    account, url = portal(contacts=contacts, companies=60, deals=20, **NONE, **ROOM)
    name = f"day{os.getpid()}_{next(_numbers)}"
    lab.settings = {"searches_per_s": 50}
    try:
        lab.add(name, url, *TYPES)
        for check in (False, True):
            account.mischief.days = BadDays(families=families, **{day: RATES[day]})
            run = lab.sync(name, check=check)
            codes = [item.diagnosis_code for item in run.objects if item.diagnosis_code] + [run.diagnosis_code]
            assert "INTERNAL_ERROR" not in codes
            if run.status is RunStatus.SYNCED and day not in HIDING:
                assert lab.differences(account, name, *TYPES) == []
            account.script.play(20)
        account.mischief.days = BadDays()
        assert lab.sync(name, check=True).status is RunStatus.SYNCED
        assert lab.differences(account, name, *TYPES) == []
    finally:
        lab.settings = {}
