"""A simulated HubSpot portal, good and bad days, for testing integrations without HubSpot.

>>> with serve_in_thread(Portal(PortalConfig(contacts=1_000))) as server:
...     server.url
"""

from hubspot_simulator.accounts import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Accounts, App
from hubspot_simulator.bad_days import BadDays
from hubspot_simulator.clock import Clock
from hubspot_simulator.config import ALL_READ_SCOPES, DEFAULT_TOKEN, PortalConfig
from hubspot_simulator.events import Events
from hubspot_simulator.portal import Portal
from hubspot_simulator.server import Server, build_app, serve, serve_in_thread
from hubspot_simulator.statistics import Statistics

__all__ = [
    "ALL_READ_SCOPES",
    "DEFAULT_CLIENT_ID",
    "DEFAULT_CLIENT_SECRET",
    "DEFAULT_TOKEN",
    "Accounts",
    "App",
    "BadDays",
    "Clock",
    "Events",
    "Portal",
    "PortalConfig",
    "Server",
    "Statistics",
    "build_app",
    "serve",
    "serve_in_thread",
]
