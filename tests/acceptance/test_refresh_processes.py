"""One refresh token that rotates, and processes that need a new access token at the same moment."""

import json
from datetime import timedelta

from hubspot_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET
from ontologie.services import sources
from tests.consent import Start, connected, consenting
from tests.installation import Installation
from tests.lab import Lab

NAME = "rotating"
PROCESSES = 3


def test_processes_that_find_a_token_expired_refresh_it_once(
    installation: Installation, lab: Lab, portal: Start
) -> None:
    made, url = consenting(portal)
    made.accounts.switch(rotate_refresh_tokens=True)
    app = {"ONTOLOGIE_HUBSPOT_CLIENT_ID": DEFAULT_CLIENT_ID, "ONTOLOGIE_HUBSPOT_CLIENT_SECRET": DEFAULT_CLIENT_SECRET}
    ours = Lab(lab.home)
    ours.settings = {"hubspot_client_id": DEFAULT_CLIENT_ID, "hubspot_client_secret": DEFAULT_CLIENT_SECRET}
    ours.within(lambda context: connected(context, url, NAME, "contacts"))
    made.clock.advance(timedelta(hours=1))
    [before] = made.accounts.installations
    tokens = set(made.grants)
    made.configure(latency_ms=1_500)  # all of them have found it expired before the first one has a new one
    processes = [installation.begin("doctor", NAME, "--json", **app) for _ in range(PROCESSES)]
    for process in processes:
        out, errors = process.communicate(timeout=90)
        # The portal is an hour ahead of us by now; nothing else is wrong.
        assert {check["code"] for check in json.loads(out)} == {None, "CLOCK_SKEW"}, out + errors
    made.configure(latency_ms=0)
    assert len(set(made.grants) - tokens) == 1  # one new access token: one refresh
    assert list(made.accounts.installations) != [before]
    assert ours.sync(NAME).status.value == "synced"  # what was stored is the token that is alive
    ours.within(lambda context: sources.remove(context, NAME, with_data=True))
