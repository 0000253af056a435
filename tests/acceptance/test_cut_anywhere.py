"""A run may be cut off after any of its requests: what goes on later comes to the same."""

from ontologie.model.run import RunStatus
from tests.lab import Lab, ids

TYPES = ("contacts", "companies", "deals")
STEP, LAST = 6, 31
"""A first sync of these three types takes about so many requests, and so does a full check."""


def test_a_run_cut_off_after_any_number_of_requests_goes_on_to_the_same_end(lab: Lab, portal) -> None:
    account, url = portal(contacts=260, companies=20, deals=10, tickets=0)
    name = "cut_anywhere"
    lab.add(name, url, *TYPES)
    for after in range(1, LAST, STEP):
        lab.cut(account, name, after, check=False)
    assert lab.sync(name).status is RunStatus.SYNCED
    assert lab.differences(account, name, *TYPES) == []
    for after in range(1, LAST, STEP):
        one, other, third, fourth = list(ids(account, "contacts"))[:4]
        account.events.archive("contacts", one)
        account.events.merge("contacts", other, third)
        account.events.gdpr_delete("contacts", fourth)
        lab.cut(account, name, after, check=True)
    lab.sync(name)
    assert lab.sync(name, check=True).status is RunStatus.SYNCED
    assert lab.differences(account, name, *TYPES) == []
