"""What happens to a living account: edits, deletions, merges, associations, property changes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Concatenate, Literal, ParamSpec, TypeVar, cast

import msgspec

from hubspot_simulator.clock import iso, to_ms
from hubspot_simulator.data.definitions import Property, Value
from hubspot_simulator.links import Link
from hubspot_simulator.store import Change, ObjectStore

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

MergeMode = Literal["new_id", "primary_kept", "old_ids_gone"]
P = ParamSpec("P")
R = TypeVar("R")


def _exclusive(method: Callable[Concatenate[Events, P], R]) -> Callable[Concatenate[Events, P], R]:
    """Hold the portal's lock, so that no request sees half an event."""

    @functools.wraps(method)
    def locked(self: Events, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.portal.lock:
            return method(self, *args, **kwargs)

    return cast("Callable[Concatenate[Events, P], R]", locked)


class Events:
    """Every event takes the type's name and record ids; an unknown id is a LookupError naming it.

    ``at`` is the moment it happens, the clock's present by default.
    """

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    # Records -----------------------------------------------------------------

    @_exclusive
    def create(self, object_type: str, values: Mapping[str, Value], at: datetime | None = None) -> int:
        """Add a record; returns its id."""
        store = self.portal.store(object_type)
        _check_names(store, values)
        return store.ids.of(store.append(dict(values), self._ms(at)))

    @_exclusive
    def edit(self, object_type: str, object_id: int, values: Mapping[str, Value], at: datetime | None = None) -> None:
        """Change values; the modified date moves."""
        self._edit(self.portal.store(object_type), object_id, values, self._ms(at), bump=True)

    @_exclusive
    def bulk_edit(
        self, object_type: str, object_ids: Iterable[int], values: Mapping[str, Value], at: datetime | None = None
    ) -> int:
        """Change many records in one and the same millisecond; returns how many."""
        store, at_ms, count = self.portal.store(object_type), self._ms(at), 0
        for count, object_id in enumerate(object_ids, start=1):  # noqa: B007 - the count is the result
            self._edit(store, object_id, values, at_ms, bump=True)
        return count

    @_exclusive
    def recalculate(
        self, object_type: str, object_id: int, values: Mapping[str, Value], at: datetime | None = None
    ) -> None:
        """Change calculated values: the modified date does NOT move (as seen by Estuary, issue 3515)."""
        self._edit(self.portal.store(object_type), object_id, values, self._ms(at), bump=False)

    @_exclusive
    def move_stage(self, object_type: str, object_id: int, stage_id: str, at: datetime | None = None) -> None:
        """Move a deal or a ticket to another stage."""
        name = "hs_pipeline_stage" if self.portal.kind(object_type).name == "tickets" else "dealstage"
        self._edit(self.portal.store(object_type), object_id, {name: stage_id}, self._ms(at), bump=True)

    @_exclusive
    def archive(self, object_type: str, object_id: int, at: datetime | None = None) -> None:
        """Put a record in the recycle bin."""
        store = self.portal.store(object_type)
        index = self._live(store, object_id)
        store.alter(index).archived_ms = self._ms(at)
        store.touched(index)

    @_exclusive
    def restore(self, object_type: str, object_id: int, at: datetime | None = None) -> None:
        """Take a record out of the recycle bin; its modified date moves [?]."""
        store = self.portal.store(object_type)
        index = self._known(store, object_id)
        altered = store.alter(index)
        if altered.archived_ms is None:
            raise LookupError(f"{store.kind.singular} {object_id} is not archived")
        altered.archived_ms = None
        altered.modified_ms = self._ms(at)
        store.touched(index)

    @_exclusive
    def gdpr_delete(self, object_type: str, object_id: int) -> None:
        """Erase a record: neither live nor archived any more."""
        store = self.portal.store(object_type)
        index = self._known(store, object_id)
        altered = store.alter(index)
        altered.purged, altered.archived_ms, altered.values, altered.blank = True, None, {}, True
        store.touched(index)

    @_exclusive
    def merge(
        self,
        object_type: str,
        primary_id: int,
        merged_id: int,
        mode: MergeMode = "new_id",
        at: datetime | None = None,
    ) -> int:
        """Merge two records; returns the survivor's id.

        ``new_id``: a third record is born and both old ids answer a single GET with it (contacts and
        companies since 2025-01-14); ``primary_kept``: the primary survives under its own id;
        ``old_ids_gone``: a third record, and the old ids answer 404.
        """
        store, at_ms = self.portal.store(object_type), self._ms(at)
        primary, merged = self._live(store, primary_id), self._live(store, merged_id)
        if primary == merged:
            raise LookupError(f"{store.kind.singular} {primary_id} cannot be merged with itself")
        losers = [merged] if mode == "primary_kept" else [primary, merged]
        survivor = primary if mode == "primary_kept" else store.append({}, at_ms)
        self._merge_values(store, survivor, (primary, merged), losers, at_ms)
        self._merge_links(store, survivor, losers)
        for loser in losers:
            altered = store.alter(loser)
            altered.merged_into = store.ids.of(survivor)
            altered.purged = mode == "old_ids_gone"
            store.touched(loser)
        return store.ids.of(survivor)

    # Associations ------------------------------------------------------------

    @_exclusive
    def associate(self, from_type: str, from_id: int, to_type: str, to_id: int, type_id: int | None = None) -> None:
        """Link two records; no modified date moves."""
        pair, origin, target = self._ends(from_type, from_id, to_type, to_id)
        self.portal.links.add(pair, origin, target, self._link(pair, type_id))

    @_exclusive
    def disassociate(self, from_type: str, from_id: int, to_type: str, to_id: int, type_id: int | None = None) -> None:
        """Unlink two records, or take one type of their link away; no modified date moves."""
        pair, origin, target = self._ends(from_type, from_id, to_type, to_id)
        self.portal.links.remove(pair, origin, target, None if type_id is None else self._link(pair, type_id))

    # Properties --------------------------------------------------------------

    @_exclusive
    def add_property(self, object_type: str, name: str, kind: str = "string", field_type: str = "text") -> None:
        """Define a custom property, empty everywhere; an archived one of that name comes back."""
        now_ms = self.portal.clock.now_ms()
        self.portal.store(object_type).define(
            Property(
                name=name,
                label=name.replace("_", " ").capitalize(),
                type=kind,
                field_type=field_type,
                hubspot_defined=False,
                group="custom_information",
                created_ms=now_ms,
                updated_ms=now_ms,
            )
        )

    @_exclusive
    def retype_property(self, object_type: str, name: str, kind: str, field_type: str = "text") -> None:
        """Change a property's type; the values stay what they were."""
        self._redefine(object_type, name, type=kind, field_type=field_type)

    @_exclusive
    def archive_property(self, object_type: str, name: str) -> None:
        """Archive a property: it leaves the definitions and every reply."""
        self._redefine(object_type, name, archived_ms=self.portal.clock.now_ms())

    # -------------------------------------------------------------------------

    def _redefine(self, object_type: str, name: str, **changes: object) -> None:
        store = self.portal.store(object_type)
        if name not in store.properties:
            raise LookupError(f"{store.kind.name} have no property {name}")
        now_ms = self.portal.clock.now_ms()
        store.define(msgspec.structs.replace(store.properties[name], updated_ms=now_ms, **changes))

    def _ms(self, at: datetime | None) -> int:
        return self.portal.clock.now_ms() if at is None else to_ms(at)

    def _known(self, store: ObjectStore, object_id: int) -> int:
        index = store.index(object_id)
        if index is None or (index in store.altered and store.altered[index].purged):
            raise LookupError(f"there is no {store.kind.singular} {object_id}")
        return index

    def _live(self, store: ObjectStore, object_id: int) -> int:
        index = self._known(store, object_id)
        if not store.live(index):
            raise LookupError(f"{store.kind.singular} {object_id} is archived or merged")
        return index

    def _edit(self, store: ObjectStore, object_id: int, values: Mapping[str, Value], at_ms: int, *, bump: bool) -> None:
        index = self._live(store, object_id)
        _check_names(store, values)
        altered = store.alter(index)
        for name, value in values.items():
            past = altered.history.setdefault(
                name, [Change(value=store.value(index, name), at_ms=store.created_ms(index), source="IMPORT")]
            )
            past.append(Change(value=value, at_ms=at_ms, source="CRM_UI" if bump else "CALCULATED"))
        altered.values.update(values)
        if bump:
            altered.modified_ms = at_ms
        store.touched(index)

    def _merge_values(
        self, store: ObjectStore, survivor: int, pair: tuple[int, int], losers: list[int], at_ms: int
    ) -> None:
        """The primary's values win; what it leaves empty comes from the other."""
        skipped = {*store.kind.default_properties, "hs_merged_object_ids", "hs_calculated_merged_vids"}
        values: dict[str, Value] = {}
        for name in store.properties.keys() - skipped:
            values[name] = store.value(pair[0], name) or store.value(pair[1], name)
        earlier = [
            part for index in pair for part in (store.value(index, "hs_merged_object_ids") or "").split(";") if part
        ]
        ids = dict.fromkeys([*earlier, *(str(store.ids.of(index)) for index in losers)])
        values["hs_merged_object_ids"] = ";".join(ids)
        if "hs_calculated_merged_vids" in store.properties:
            values["hs_calculated_merged_vids"] = ";".join(f"{each}:{at_ms}" for each in ids)
        altered = store.alter(survivor)
        altered.created_ms = min(store.created_ms(index) for index in pair)
        altered.modified_ms = at_ms
        altered.values.update(values)
        altered.values[store.kind.created_property] = iso(altered.created_ms)
        store.touched(survivor)

    def _merge_links(self, store: ObjectStore, survivor: int, losers: list[int]) -> None:
        links, name = self.portal.links, store.kind.name
        for other in self.portal.stores:
            for loser in losers:
                for target, kinds in links.of((name, other), loser):
                    if (other, target) != (name, survivor):
                        for link in kinds:
                            links.add((name, other), survivor, target, link)

    def _ends(self, from_type: str, from_id: int, to_type: str, to_id: int) -> tuple[tuple[str, str], int, int]:
        origin, target = self.portal.store(from_type), self.portal.store(to_type)
        pair = (origin.kind.name, target.kind.name)
        if not self.portal.links.labels(pair):
            raise LookupError(f"{pair[0]} and {pair[1]} cannot be associated")
        return pair, self._live(origin, from_id), self._live(target, to_id)

    def _link(self, pair: tuple[str, str], type_id: int | None) -> Link:
        known = self.portal.links.labels(pair)
        for link in known:
            if type_id in (None, link.type_id):
                return link
        allowed = ", ".join(str(link.type_id) for link in known)
        raise LookupError(f"{pair[0]} to {pair[1]} has the association types {allowed}, not {type_id}")


def _check_names(store: ObjectStore, values: Mapping[str, Value]) -> None:
    unknown = sorted(set(values) - set(store.properties))
    if unknown:
        raise LookupError(f"{store.kind.name} have no property {', '.join(unknown)}")
