"""A living account: random but repeatable events, by rate or by count."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hubspot_simulator.data import words
from hubspot_simulator.data.organisation import PIPELINES
from hubspot_simulator.events import MergeMode
from hubspot_simulator.store import ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_WEIGHTS = {
    "edit": 60,
    "create": 12,
    "associate": 8,
    "move_stage": 8,
    "recalculate": 5,
    "archive": 4,
    "restore": 2,
    "merge": 1,
}
_RARE = (
    "bulk_edit", "disassociate", "gdpr_delete", "merge_kept", "merge_gone", "add_property", "retype_property",
    "archive_property",
)  # fmt: skip
KINDS: tuple[str, ...] = (*_WEIGHTS, *_RARE)
"""Every event the script can play. Those of ``_RARE`` only when they are asked for."""
_BULK_RECORDS = 12_000
_TRIES = 20
_TYPES = (("string", "text"), ("number", "number"), ("date", "date"), ("bool", "booleancheckbox"))
_EDITED = {"contacts": "jobtitle", "companies": "description", "deals": "description", "tickets": "content"}


class Script:
    """Events drawn from the seed; ``rate_per_s`` makes a served portal live on its own.

    ``kinds``: what it plays, with the usual weights (a rare one weighs as a merge); ``choose`` changes it.
    """

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._draw = random.Random(f"{portal.config.seed}/script")
        self.rate_per_s = 0.0
        self.played = 0
        self.kinds: tuple[str, ...] = tuple(_WEIGHTS)

    def choose(self, kinds: Sequence[str]) -> None:
        """Play only these from now on; ValueError naming all there are."""
        unknown = sorted(set(kinds) - set(KINDS))
        if unknown or not kinds:
            raise ValueError(f"the script plays {', '.join(KINDS)}, not {', '.join(unknown) or 'nothing'}")
        self.kinds = tuple(dict.fromkeys(kinds))

    def play(self, count: int) -> dict[str, int]:
        """Let ``count`` events happen; returns how many of each (an event without a record to fit is left out)."""
        done: dict[str, int] = {}
        for _ in range(count):
            (name,) = self._draw.choices(self.kinds, [_WEIGHTS.get(kind, 1) for kind in self.kinds])
            if getattr(self, f"_{name}")():
                done[name] = done.get(name, 0) + 1
                self.played += 1
        return done

    def _record(self, name: str) -> int | None:
        """The id of a random live record of a type."""
        store = self._portal.stores[name]
        for _ in range(_TRIES if store.size else 0):
            index = self._draw.randrange(store.size)
            if store.live(index):
                return store.ids.of(index)
        return None

    def _any(self) -> tuple[str, int | None]:
        name = self._draw.choice(list(_EDITED))
        return name, self._record(name)

    def _edit(self) -> bool:
        name, object_id = self._any()
        if object_id is None:
            return False
        text = f"{self._draw.choice(words.SENTENCES)} {self._draw.randrange(10**6)}"
        self._portal.events.edit(name, object_id, {_EDITED[name]: text})
        return True

    def _create(self) -> bool:
        number = self._draw.randrange(10**9)
        first, last = self._draw.choice(words.FIRST_NAMES), self._draw.choice(words.LAST_NAMES)
        email = f"{words.ascii_slug(first)}.{number}@new.example"
        self._portal.events.create("contacts", {"firstname": first, "lastname": last, "email": email})
        return True

    def _associate(self) -> bool:
        contact, company = self._record("contacts"), self._record("companies")
        if contact is None or company is None:
            return False
        self._portal.events.associate("contacts", contact, "companies", company)
        return True

    def _move_stage(self) -> bool:
        deal = self._record("deals")
        if deal is None:
            return False
        stage = self._draw.choice(PIPELINES["deals"][0].stages).id
        self._portal.events.move_stage("deals", deal, stage)
        return True

    def _recalculate(self) -> bool:
        contact = self._record("contacts")
        if contact is None:
            return False
        self._portal.events.recalculate("contacts", contact, {"hubspotscore": str(self._draw.randrange(100))})
        return True

    def _archive(self) -> bool:
        name, object_id = self._any()
        if object_id is None:
            return False
        self._portal.events.archive(name, object_id)
        return True

    def _restore(self) -> bool:
        store: ObjectStore = self._portal.stores[self._draw.choice(list(_EDITED))]
        archived = store.archived()
        if not archived:
            return False
        self._portal.events.restore(store.kind.name, store.ids.of(self._draw.choice(archived)))
        return True

    def _merge(self, mode: MergeMode = "new_id") -> bool:
        first, second = self._record("contacts"), self._record("contacts")
        if first is None or second is None or first == second:
            return False
        self._portal.events.merge("contacts", first, second, mode)
        return True

    def _merge_kept(self) -> bool:
        return self._merge("primary_kept")

    def _merge_gone(self) -> bool:
        return self._merge("old_ids_gone")

    def _bulk_edit(self) -> bool:
        """12,000 contacts, or all there are, in one and the same millisecond."""
        store = self._portal.stores["contacts"]
        ids = [store.ids.of(index) for index, _ in zip(store.live_indices(), range(_BULK_RECORDS), strict=False)]
        return bool(self._portal.events.bulk_edit("contacts", ids, {"jobtitle": f"Bulk {self._draw.randrange(10**6)}"}))

    def _disassociate(self) -> bool:
        contact = self._record("contacts")
        store = self._portal.stores["contacts"]
        linked = [] if contact is None else self._portal.links.of(("contacts", "companies"), store.index(contact) or 0)
        if contact is None or not linked:
            return False
        company = self._portal.stores["companies"].ids.of(self._draw.choice(linked)[0])
        self._portal.events.disassociate("contacts", contact, "companies", company)
        return True

    def _gdpr_delete(self) -> bool:
        contact = self._record("contacts")
        if contact is None:
            return False
        self._portal.events.gdpr_delete("contacts", contact)
        return True

    def _add_property(self) -> bool:
        name = f"added_{self._draw.randrange(10**6)}"
        self._portal.events.add_property(self._draw.choice(list(_EDITED)), name, *self._draw.choice(_TYPES))
        return True

    def _own(self) -> tuple[str, str] | None:
        """A custom property that is there."""
        name = self._draw.choice(list(_EDITED))
        found = [
            each.name
            for each in self._portal.stores[name].properties.values()
            if not each.hubspot_defined and each.archived_ms is None and not each.unique
        ]
        return (name, self._draw.choice(found)) if found else None

    def _retype_property(self) -> bool:
        found = self._own()
        if found is None:
            return False
        self._portal.events.retype_property(*found, *self._draw.choice(_TYPES))
        return True

    def _archive_property(self) -> bool:
        found = self._own()
        if found is None:
            return False
        self._portal.events.archive_property(*found)
        return True
