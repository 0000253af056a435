"""How often what rarely changes is looked at again, what is erased when, and what is held for the user's word."""

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
    mass_deletion_records: int = 1_000
    mass_deletion_share: float = 0.05
    """Of an object type's live records (0 to 1)."""

    def is_mass_deletion(self, gone: int, live: int) -> bool:
        """Whether so many of ``live`` records are too many to go in one run unconfirmed: more than both bounds."""
        share = round(self.mass_deletion_share * live, 6)  # 0.07 × 300 is 21.000000000000004
        return gone > max(self.mass_deletion_records, share)
