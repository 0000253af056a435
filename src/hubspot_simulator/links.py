"""Associations: generated in both directions without a table, and what changed since."""

from collections.abc import Callable, Iterator

import msgspec

from hubspot_simulator.data.chance import Chance

# Documented type ids: (from, to) -> (plain, primary or 0); the reverse pair has its own.
PAIRS: dict[tuple[str, str], tuple[int, int]] = {
    ("contacts", "companies"): (279, 1),
    ("companies", "contacts"): (280, 2),
    ("deals", "contacts"): (3, 0),
    ("contacts", "deals"): (4, 0),
    ("deals", "companies"): (341, 5),
    ("companies", "deals"): (342, 6),
    ("contacts", "tickets"): (15, 0),
    ("tickets", "contacts"): (16, 0),
    ("tickets", "companies"): (339, 26),
    ("companies", "tickets"): (340, 25),
    ("deals", "tickets"): (27, 0),
    ("tickets", "deals"): (28, 0),
    ("deals", "line_items"): (19, 0),
    ("line_items", "deals"): (20, 0),
    ("contacts", "contacts"): (449, 0),
    ("companies", "companies"): (450, 0),
    ("deals", "deals"): (451, 0),
    ("tickets", "tickets"): (452, 0),
    ("cars", "contacts"): (5, 0),
    ("contacts", "cars"): (6, 0),
    ("quotes", "deals"): (64, 0),
    ("deals", "quotes"): (63, 0),
    ("leads", "contacts"): (578, 0),
    ("contacts", "leads"): (579, 0),
}
_ACTIVITIES = ("calls", "emails", "meetings", "notes", "tasks")
for _record, _first in (("contacts", 193), ("companies", 181), ("deals", 205), ("tickets", 219)):
    for _position, _activity in enumerate(_ACTIVITIES):
        # contact -> call is 193 and -> email 197; the others step 4 for the first gap and 2 after it
        _type_id = _first + (0, 4, 6, 8, 10)[_position]
        PAIRS[_record, _activity] = (_type_id, 0)
        PAIRS[_activity, _record] = (_type_id + 1, 0)
for _record, _type_id in (("contacts", 82), ("companies", 88), ("deals", 86), ("tickets", 84)):
    PAIRS[_record, "communications"] = (_type_id, 0)
    PAIRS["communications", _record] = (_type_id - 1, 0)

CUSTOM_CATEGORY_PAIRS = {("cars", "contacts"), ("contacts", "cars")}
BILLING_TYPE_ID = 28
PRIMARY_LABEL = "Primary"
_FIRST_OWN_TYPE_ID = 1_001


class Link(msgspec.Struct, frozen=True, order=True):
    """One type of one association, as seen from its ``from`` side."""

    category: str
    type_id: int
    label: str | None


BILLING = Link("USER_DEFINED", BILLING_TYPE_ID, "Billing contact")
_BILLED = Link("USER_DEFINED", BILLING_TYPE_ID + 1, "Billing contact")
Pair = tuple[str, str]
Targets = dict[int, set[Link]]


def plain(pair: Pair) -> Link:
    """The unlabelled association of a pair."""
    category = "USER_DEFINED" if pair in CUSTOM_CATEGORY_PAIRS else "HUBSPOT_DEFINED"
    return Link(category, PAIRS[pair][0], None)


def labels(pair: Pair) -> list[Link]:
    """The built-in types of a pair of object types; none for an unknown pair."""
    if pair not in PAIRS:
        return []
    found = [plain(pair)]
    if PAIRS[pair][1]:
        found.append(Link("HUBSPOT_DEFINED", PAIRS[pair][1], PRIMARY_LABEL))
    if pair == ("contacts", "companies"):
        found.append(BILLING)
    if pair == ("companies", "contacts"):
        found.append(_BILLED)
    return found


def _reverse(pair: Pair, link: Link) -> Link:
    """A built-in type seen from the other side."""
    here, there = labels(pair), labels((pair[1], pair[0]))
    return there[here.index(link)]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """``share`` tenths of the from-records link to one to-record each; ``hub``: instead, the first
    ``hub`` records all link to the to-record at ``hub_target``."""

    pair: Pair
    share: int = 10
    offset: int = 0
    primary: bool = False
    hub: int = 0
    hub_target: int = 0


_HUBS = (
    Rule(pair=("contacts", "companies"), hub=260, hub_target=0),
    Rule(pair=("deals", "companies"), hub=120, hub_target=1),
    Rule(pair=("notes", "contacts"), hub=105, hub_target=3),
)
RULES: tuple[Rule, ...] = (
    Rule(pair=("contacts", "companies"), share=8, primary=True),
    Rule(pair=("deals", "contacts"), share=9, offset=3),
    Rule(pair=("deals", "contacts"), share=3, offset=71),
    Rule(pair=("deals", "companies"), share=8, offset=5, primary=True),
    Rule(pair=("deals", "line_items"), share=6, offset=9),
    Rule(pair=("tickets", "contacts"), share=8, offset=11),
    Rule(pair=("tickets", "companies"), share=5, offset=13, primary=True),
    Rule(pair=("cars", "contacts"), share=9, offset=2),
    Rule(pair=("quotes", "deals"), share=7, offset=4),
    Rule(pair=("leads", "contacts"), share=9, offset=6),
    *(Rule(pair=(activity, "contacts"), share=8, offset=17) for activity in (*_ACTIVITIES, "communications")),
    *(Rule(pair=(activity, "companies"), share=5, offset=19) for activity in (*_ACTIVITIES, "communications")),
    *(Rule(pair=(activity, "deals"), share=4, offset=23) for activity in (*_ACTIVITIES, "communications")),
    *(Rule(pair=(activity, "tickets"), share=2, offset=29) for activity in (*_ACTIVITIES, "communications")),
    *_HUBS,
)


class Spread:
    """One rule over the generated records of both types, readable from both ends."""

    def __init__(self, rule: Rule, sources: int, targets: int, chance: Chance) -> None:
        self.rule = rule
        self._sources, self._targets = sources, targets
        self._salt = chance.number(rule.offset, 91) & 0xFFFF
        step = 7_919
        while targets > 1 and (step % targets == 0 or _shares_factor(step, targets)):
            step += 1
        self._step = step % targets if targets > 1 else 1
        self._inverse = pow(self._step, -1, targets) if targets > 1 else 0

    def forward(self, index: int) -> int | None:
        """The target of a record, or None."""
        rule = self.rule
        if not self._targets or index >= self._sources:
            return None
        if rule.hub:
            return rule.hub_target if index < rule.hub and rule.hub_target < self._targets else None
        return (index * self._step + rule.offset) % self._targets if self._present(index) else None

    def backward(self, target: int) -> Iterator[int]:
        """Every record that links to a target, in order."""
        rule = self.rule
        if not self._targets or target >= self._targets:
            return iter(())
        if rule.hub:
            return iter(range(min(rule.hub, self._sources)) if target == rule.hub_target else ())
        first = (target - rule.offset) * self._inverse % self._targets if self._targets > 1 else 0
        return (index for index in range(first, self._sources, self._targets) if self._present(index))

    def _present(self, index: int) -> bool:
        return (((index + self._salt) * 2_654_435_761) >> 7) % 10 < self.rule.share

    def links(self, index: int, *, reversed_: bool) -> set[Link]:
        """The types of the association of the from-record at ``index``."""
        pair = self.rule.pair
        found = {plain(pair)}
        if self.rule.primary:
            found.add(Link("HUBSPOT_DEFINED", PAIRS[pair][1], PRIMARY_LABEL))
        if self.rule.hub and pair == ("contacts", "companies") and index % 5 == 0:
            found.add(BILLING)
        return {_reverse(pair, link) for link in found} if reversed_ else found


def _shares_factor(a: int, b: int) -> bool:
    while b:
        a, b = b, a % b
    return a != 1


class LinkBook:
    """All associations of a portal, by type name and index."""

    def __init__(self, counts: dict[str, int], seed: int, live: Callable[[str, int], bool]) -> None:
        self._live = live
        self._forward: dict[Pair, list[Spread]] = {}
        self._backward: dict[Pair, list[Spread]] = {}
        self._added: dict[Pair, dict[int, Targets]] = {}
        self._removed: dict[Pair, dict[int, Targets]] = {}
        self._defined: dict[Pair, list[Link]] = {}
        self._labels_made = 0
        for rule in RULES:
            spread = Spread(rule, counts[rule.pair[0]], counts[rule.pair[1]], Chance(seed, "/".join(rule.pair)))
            self._forward.setdefault(rule.pair, []).append(spread)
            self._backward.setdefault((rule.pair[1], rule.pair[0]), []).append(spread)

    def of(self, pair: Pair, index: int) -> list[tuple[int, list[Link]]]:
        """The live records linked to a record, by rising index, with the types of each link."""
        found: Targets = {}
        for spread in self._forward.get(pair, ()):
            target = spread.forward(index)
            if target is not None:
                found.setdefault(target, set()).update(spread.links(index, reversed_=False))
        for spread in self._backward.get(pair, ()):
            for origin in spread.backward(index):
                found.setdefault(origin, set()).update(spread.links(origin, reversed_=True))
        for target, links in self._removed.get(pair, {}).get(index, {}).items():
            found.get(target, set()).difference_update(links)
        for target, links in self._added.get(pair, {}).get(index, {}).items():
            found.setdefault(target, set()).update(links)
        to_type = pair[1]
        return [
            (target, sorted(links, key=_order))
            for target, links in sorted(found.items())
            if links and self._live(to_type, target)
        ]

    def labels(self, pair: Pair) -> list[Link]:
        """Every type that a pair of object types may have, the plain one first; none for an unknown pair."""
        return [*labels(pair), *self._defined.get(pair, ())]

    def define(self, pair: Pair, label: str, inverse: str) -> list[Link]:
        """A label of the account's own, with a type id for each direction; what it is from both sides."""
        number = _FIRST_OWN_TYPE_ID + 2 * self._labels_made
        self._labels_made += 1
        here = Link("USER_DEFINED", number, label)
        self._defined.setdefault(pair, []).append(here)
        if pair[0] == pair[1]:
            return [here]
        there = Link("USER_DEFINED", number + 1, inverse)
        self._defined.setdefault((pair[1], pair[0]), []).append(there)
        return [here, there]

    def rename(self, pair: Pair, type_id: int, label: str, inverse: str | None) -> bool:
        """Another text for a label of the account's own; False when there is no such one."""
        known = next((link for link in self._defined.get(pair, ()) if link.type_id == type_id), None)
        if known is None:
            return False
        seen = self._reverse(pair, known)
        self._replace(pair, known, Link(known.category, known.type_id, label))
        if pair[0] != pair[1] and inverse is not None:
            self._replace((pair[1], pair[0]), seen, Link(seen.category, seen.type_id, inverse))
        return True

    def undefine(self, pair: Pair, type_id: int) -> bool:
        """Take a label of the account's own away, from every association too; False when there is no such one."""
        known = next((link for link in self._defined.get(pair, ()) if link.type_id == type_id), None)
        if known is None:
            return False
        seen = self._reverse(pair, known)
        self._replace(pair, known, None)
        if pair[0] != pair[1]:
            self._replace((pair[1], pair[0]), seen, None)
        return True

    def _replace(self, pair: Pair, old: Link, new: Link | None) -> None:
        kept = self._defined[pair]
        kept[kept.index(old) : kept.index(old) + 1] = [] if new is None else [new]
        for book in (self._added, self._removed):
            for targets in book.get(pair, {}).values():
                for links in targets.values():
                    if old in links:
                        links.remove(old)
                        if new is not None:
                            links.add(new)

    def _reverse(self, pair: Pair, link: Link) -> Link:
        """The same association seen from the other side."""
        return self.labels((pair[1], pair[0]))[self.labels(pair).index(link)]

    def add(self, pair: Pair, origin: int, target: int, link: Link) -> None:
        """Associate; also readable from the other side."""
        for way, here, there, seen in self._both(pair, origin, target, link):
            self._added.setdefault(way, {}).setdefault(here, {}).setdefault(there, set()).add(seen)
            self._removed.get(way, {}).get(here, {}).get(there, set()).discard(seen)

    def remove(self, pair: Pair, origin: int, target: int, link: Link | None = None) -> None:
        """Take one type of an association away, or all of them."""
        for each in [link] if link is not None else self.labels(pair):
            for way, here, there, seen in self._both(pair, origin, target, each):
                self._removed.setdefault(way, {}).setdefault(here, {}).setdefault(there, set()).add(seen)
                self._added.get(way, {}).get(here, {}).get(there, set()).discard(seen)

    def _both(self, pair: Pair, origin: int, target: int, link: Link) -> list[tuple[Pair, int, int, Link]]:
        ways = [(pair, origin, target, link), ((pair[1], pair[0]), target, origin, self._reverse(pair, link))]
        return ways if ways[0] != ways[1] else ways[:1]


def _order(link: Link) -> tuple[str, int]:
    return (link.category, link.type_id)
