"""Where a web address leads."""

import ipaddress
from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """In lower case; empty where there is none, or it is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def on_this_machine(url: str) -> bool:
    """No further than the loopback interface: of portals, only a simulated one answers there."""
    host = host_of(url)
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
