"""Ontologie Live Data: a company's HubSpot account, whole, fresh and queryable in a PostgreSQL it owns.

    import ontologie
    contacts = ontologie.connect().source("acme").stream("contacts").polars()
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ontologie.client import LiveDataError, connect

__version__ = "0.1.0"
__all__ = ["LiveDataError", "connect"]


def __getattr__(name: str) -> Any:
    """The Python API, loaded when it is used: the commands do without it."""
    if name in __all__:
        from ontologie import client

        return getattr(client, name)
    raise AttributeError(f"module 'ontologie' has no attribute {name!r}")
