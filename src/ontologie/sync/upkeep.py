"""How often what rarely changes is looked at again, and what is erased when."""

from datetime import timedelta

import msgspec


class Upkeep(msgspec.Struct, frozen=True, kw_only=True):
    """The engine's part of the table of rhythms; the connector's is in its SessionTerms."""

    definitions: timedelta = timedelta(hours=1)
    """Property definitions, owners, pipelines, association labels."""
    totals: timedelta = timedelta(hours=1)
    """The account's own counts, against ours."""
    erase_archived_after: timedelta = timedelta(days=90)
    erase_engagements: bool = False
    """With the values of an erased person, also those of the engagements attached to them."""
