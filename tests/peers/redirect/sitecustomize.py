"""Loaded by a peer's Python at its start: what it sends to HubSpot goes to the simulated portal.

The peers have HubSpot's address in their code. Nothing else of them changes.
"""

import os

from requests.adapters import HTTPAdapter

_PORTAL = os.environ["PEER_PORTAL"]
_send = HTTPAdapter.send


def _redirected(self, request, *args, **kwargs):
    request.url = request.url.replace("https://api.hubapi.com", _PORTAL)
    return _send(self, request, *args, **kwargs)


HTTPAdapter.send = _redirected
