"""What happens to an account, drawn from a seed: ordinary events, and those that are rare and bad."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from hubspot_simulator import Portal
from hubspot_simulator.events import MergeMode
from tests.lab import ids

_OFTEN = 0.3
"""How often what was merged is deleted as well, and what was restored deleted again."""
_KINDS = ("string", "number", "date", "bool", "datetime")
_CARS = "cars"


class Life:
    """What the portal's own script does not do: erasures, bulk edits, links that go, definitions that change."""

    def __init__(self, account: Portal, seed: int) -> None:
        self._account = account
        self._events = account.events
        self._draw = random.Random(seed)
        self.strokes = (
            self._erase,
            self._erase_deleted,
            self._bulk_edit,
            self._go_back_in_time,
            self._flicker,
            self._come_and_go,
            self._merge,
            self._name_a_living_part,
            self._unlink,
            self._link,
            self._label,
            self._define_label,
            self._engage,
            self._define,
            self._archive_property,
            self._bring_property_back,
            self._retype,
            self._retype_filled,
            self._change_own_type,
            self._close_stage,
            self._open_stage,
        )

    def live(self, count: int) -> None:
        """So many ordinary events, with a stroke of fate after every fourth."""
        for _ in range(count // 4):
            self._account.script.play(4)
            with self._account.lock:  # a stroke looks first, and then acts
                self._draw.choice(self.strokes)()

    def _some(self, object_type: str, most: int) -> list[int]:
        return self._sample(list(ids(self._account, object_type)), self._draw.randint(0, most))

    def _sample(self, found: list[Any], count: int) -> list[Any]:
        return self._draw.sample(found, min(len(found), count))

    # Records -----------------------------------------------------------------

    def _erase(self) -> None:
        for record in self._some("contacts", 1):
            self._events.gdpr_delete("contacts", record)

    def _erase_deleted(self) -> None:
        deleted = [item["id"] for item in self._account.truth() if item.get("archived") and item["type"] == "contacts"]
        for record in self._sample(deleted, 1):
            self._events.gdpr_delete("contacts", record)

    def _bulk_edit(self) -> None:
        records = self._some("contacts", 300)
        self._events.bulk_edit("contacts", records, {"jobtitle": f"Bulk {self._draw.random()}"})

    def _go_back_in_time(self) -> None:
        """Changed tomorrow, and then today: the modified date goes back."""
        for record in self._some("contacts", 5):
            later = datetime.now(UTC) + timedelta(hours=self._draw.randint(0, 30))
            self._events.edit("contacts", record, {"jobtitle": f"Later {self._draw.random()}"}, at=later)
            if self._draw.random() < _OFTEN:
                self._events.edit("contacts", record, {"jobtitle": f"Now {self._draw.random()}"})

    def _flicker(self) -> None:
        """Deleted, restored and changed while somebody turns a page."""
        object_type = self._draw.choice(("contacts", "companies", "deals", "notes"))
        for record in self._some(object_type, 5):
            self._events.archive(object_type, record)
            self._events.restore(object_type, record)
            if self._draw.random() < _OFTEN:
                self._events.archive(object_type, record)

    def _come_and_go(self) -> None:
        name = {"firstname": "Brief", "email": f"brief.{self._draw.randrange(10**9)}@new.example"}
        record = self._events.create("contacts", name)
        if self._draw.random() < _OFTEN:
            self._events.gdpr_delete("contacts", record)
        else:
            self._events.archive("contacts", record)

    def _merge(self) -> None:
        """In each of the three ways; sometimes the survivor is merged again, or deleted."""
        object_type = self._draw.choice(("contacts", "contacts", "companies", "deals"))
        survivor: int | None = None
        for record in self._some(object_type, 4):
            mode = self._draw.choice(get_args(MergeMode))
            survivor = record if survivor is None else self._events.merge(object_type, survivor, record, mode)
        if survivor is not None and self._draw.random() < _OFTEN:
            self._events.archive(object_type, survivor)

    def _name_a_living_part(self) -> None:
        """A record that says of another one that it is part of it, which it is not."""
        found = self._sample(list(ids(self._account, "contacts")), 2)
        for survivor, part in itertools.pairwise(found):
            self._events.edit("contacts", survivor, {"hs_merged_object_ids": str(part)})

    # Associations ------------------------------------------------------------

    def _link(self) -> None:
        for contact in self._some("contacts", 3):
            for company in self._some("companies", 1):
                self._events.associate("contacts", contact, "companies", company)

    def _linked(self, from_type: str, to_type: str) -> list[dict[str, Any]]:
        return [
            item
            for item in self._account.truth()
            if item["kind"] == "association" and (item["from_type"], item["to_type"]) == (from_type, to_type)
        ]

    def _unlink(self) -> None:
        for item in self._sample(self._linked("contacts", "companies"), 2):
            self._events.disassociate("contacts", item["from_id"], "companies", item["to_id"])

    def _label(self) -> None:
        """One of the kinds of a link comes or goes, from either side."""
        for pair in (("contacts", "companies"), ("deals", "contacts"), ("companies", "contacts")):
            known = self._account.links.labels(pair)
            for item in self._sample(self._linked(*pair), 2):
                ends = (pair[0], item["from_id"], pair[1], item["to_id"])
                change = self._draw.choice((self._events.associate, self._events.disassociate))
                change(*ends, self._draw.choice(known).type_id)

    def _define_label(self) -> None:
        """A label of the account's own: a new one, another text for it, or away with it, from every link."""
        pair = ("contacts", "companies")
        own = [link for link in self._account.links.labels(pair) if link.type_id > 1_000]
        if not own or self._draw.random() < _OFTEN:
            self._account.links.define(pair, f"Label {self._draw.random()}", "Labelled")
        elif self._draw.random() < _OFTEN:
            self._account.links.undefine(pair, self._draw.choice(own).type_id)
        else:
            self._account.links.rename(pair, self._draw.choice(own).type_id, f"Renamed {self._draw.random()}", None)

    def _engage(self) -> None:
        """An engagement is attached to a record, or detached."""
        engagement = self._draw.choice(("notes", "emails"))
        to_type = self._draw.choice(("contacts", "companies", "deals"))
        for record in self._some(engagement, 2):
            for other in self._some(to_type, 2):
                self._events.associate(engagement, record, to_type, other)
        for item in self._sample(self._linked(engagement, to_type), 1):
            self._events.disassociate(engagement, item["from_id"], to_type, item["to_id"])

    # Definitions -------------------------------------------------------------

    def _define(self, object_type: str = "contacts") -> None:
        name = f"invented_{self._draw.randrange(10**9)}"
        self._events.add_property(object_type, name)
        self._fill(object_type, name)

    def _fill(self, object_type: str, name: str) -> None:
        for record in self._some(object_type, 3):
            value = self._draw.choice(("filled", "12", "2026-11-05", "true", "2026-11-05T10:00:00Z", ""))
            self._events.recalculate(object_type, record, {name: value})

    def _own(self, object_type: str, *, archived: bool, prefix: str = "invented_") -> list[str]:
        """A property of the account's own, or none."""
        found = [
            item.name
            for item in self._account.store(object_type).properties.values()
            if not item.hubspot_defined and item.name.startswith(prefix) and (item.archived_ms is not None) is archived
        ]
        return self._sample(found, 1)

    def _archive_property(self) -> None:
        for name in self._own("contacts", archived=False):
            self._events.archive_property("contacts", name)

    def _bring_property_back(self) -> None:
        """Under its name, with the values of before, and mostly of another type."""
        for name in self._own("contacts", archived=True):
            self._events.add_property("contacts", name, self._draw.choice(_KINDS))
            self._fill("contacts", name)

    def _retype(self, object_type: str = "contacts") -> None:
        for name in self._own(object_type, archived=False):
            self._events.retype_property(object_type, name, self._draw.choice(_KINDS))

    def _retype_filled(self) -> None:
        """One that half of all records have a value of."""
        for name in self._own("contacts", archived=False, prefix=""):
            if not self._account.store("contacts").properties[name].unique:
                self._events.retype_property("contacts", name, self._draw.choice(_KINDS))

    def _change_own_type(self) -> None:
        """The account's own object type gets a property, another type for it, and records that go."""
        self._define(_CARS)
        self._retype(_CARS)
        for car in self._some(_CARS, 2):
            self._events.archive(_CARS, car)

    def _close_stage(self) -> None:
        """A stage goes while deals are in it; sometimes its pipeline too."""
        pipelines = self._account.pipelines["deals"]
        for pipeline in self._sample(pipelines, 1):
            for stage in self._sample(pipeline["stages"], 1):
                pipeline["stages"].remove(stage)
            if len(pipelines) > 1 and self._draw.random() < _OFTEN:
                pipelines.remove(pipeline)

    def _open_stage(self) -> None:
        for pipeline in self._sample(self._account.pipelines["deals"], 1):
            for stage in self._sample(pipeline["stages"], 1):
                name = f"stage_{self._draw.randrange(10**9)}"
                pipeline["stages"].append({**stage, "id": name, "label": name})
                for deal in self._some("deals", 2):
                    self._events.move_stage("deals", deal, name)
