"""What the generated columns of one object type stand on."""

from hubspot_simulator.catalogue import ObjectType
from hubspot_simulator.clock import iso, iso_day
from hubspot_simulator.data.chance import Chance
from hubspot_simulator.data.definitions import DATETIME, NUMBER, SYSTEM, Blueprint, computed, pooled
from hubspot_simulator.data.organisation import OWNER_IDS
from hubspot_simulator.data.timeline import Ids, Timeline


class Source:
    """Chance, ids and dates of one object type; ``count`` records are generated."""

    odd_numbers = True
    """Whether some number properties hold text, as real portals' do."""

    def __init__(self, kind: ObjectType, seed: int, count: int, until_ms: int, ids_from: int = 0) -> None:
        self.kind = kind
        self.count = count
        self.until_ms = until_ms
        self.chance = Chance(seed, kind.name)
        self.ids = Ids(kind, self.chance.number(0, 3) % 1_000, ids_from)
        self.timeline = Timeline(self.chance, count, until_ms)

    def moment(self, index: int, purpose: int, back_days: int) -> str:
        """A moment in the last ``back_days`` days of the generated past."""
        return iso(self.until_ms - self.chance.number(index, purpose) % (back_days * 86_400_000))

    def day(self, index: int, purpose: int, back_days: int) -> str:
        """A day in the last ``back_days`` days of the generated past."""
        return iso_day(self.until_ms - self.chance.number(index, purpose) % (back_days * 86_400_000))

    def standard(self) -> list[Blueprint]:
        """The properties that every record has: id, dates, owner, merged ids."""
        kind, timeline = self.kind, self.timeline
        return [
            computed("hs_object_id", "Record ID", lambda i: str(self.ids.of(i)), **NUMBER, **SYSTEM),
            computed(kind.created_property, "Create date", lambda i: iso(timeline.created_ms(i)), **DATETIME, **SYSTEM),
            computed(
                kind.modified_property,
                "Last modified date",
                lambda i: iso(timeline.modified_ms(i)),
                **DATETIME,
                **SYSTEM,
            ),
            pooled(
                "hubspot_owner_id",
                "Owner",
                (*OWNER_IDS, None, None),
                type="enumeration",
                field_type="select",
                external_options=True,
                referenced_object_type="OWNER",
            ),
            pooled(
                "hs_merged_object_ids",
                "Merged record IDs",
                (None,),
                type="enumeration",
                field_type="checkbox",
                **SYSTEM,
            ),
        ]
