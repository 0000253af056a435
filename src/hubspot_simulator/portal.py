"""A portal: its records, associations, clock, limits and tokens. No HTTP here."""

import random
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from hubspot_simulator.accounts import Accounts
from hubspot_simulator.bad_days import Mischief
from hubspot_simulator.call import Grant
from hubspot_simulator.catalogue import CUSTOM, TYPES, ObjectType, find
from hubspot_simulator.clock import Clock, iso, parse_moment
from hubspot_simulator.config import PortalConfig
from hubspot_simulator.data.organisation import PIPELINES, owners, pipelines_reply
from hubspot_simulator.data.registry import blueprints, sources
from hubspot_simulator.errors import bad_credentials, expired_credentials, unknown_type
from hubspot_simulator.events import Events, MergeMode
from hubspot_simulator.limits import Limits
from hubspot_simulator.links import PAIRS, LinkBook
from hubspot_simulator.projection import Projections, RenderCache
from hubspot_simulator.script import Script
from hubspot_simulator.search import Searches
from hubspot_simulator.statistics import Statistics
from hubspot_simulator.store import ObjectStore

PRIVATE_APP = "private-app"
_LONGEST_LIFE_S = 1_000_000_000
LIVE_SETTINGS = (
    "burst_per_10_s",
    "oauth_burst_per_10_s",
    "search_per_s",
    "association_burst_per_10_s",
    "daily_limit",
    "association_daily_limit",
    "latency_ms",
    "latency_jitter_ms",
    "network_jitter_ms",
    "opaque_cursors",
    "compress",
    "association_page_size",
    "inline_association_limit",
    "max_url_bytes",
    "free_plan",
    "unavailable_scopes",
    "unpermitted_types",
    "custom_singular",
    "custom_plural",
    "custom_exists",
)


class Portal:
    """A simulated HubSpot account. Thread-safe as long as callers hold ``lock`` around several steps.

    ``Portal(another, accounts=first.accounts)`` is a second account behind the same simulator: served with the
    first, told apart by its tokens and offered on the consent page. ValueError when its id or token is taken.
    """

    hublet = "eu1"

    def __init__(
        self, config: PortalConfig | None = None, clock: Clock | None = None, accounts: Accounts | None = None
    ) -> None:
        self.config = config or PortalConfig()
        self.clock = clock or Clock()
        self.accounts = accounts or Accounts()
        self.lock = self.accounts.lock
        self.chance = random.Random(self.config.seed)
        self.until_ms = self._until_ms()
        of = sources(self.config, self.until_ms)
        self.stores = {name: ObjectStore(of[name], blueprints(self.config, name, of)) for name in of}
        cache = RenderCache()
        self.projections = {
            name: Projections(store, self.config.portal_id, cache) for name, store in self.stores.items()
        }
        self.searches = {name: Searches(store) for name, store in self.stores.items()}
        counts = {name: store.size for name, store in self.stores.items()}
        self.links = LinkBook(counts, self.config.seed, lambda name, index: self.stores[name].live(index))
        self.owners = owners()
        self.pipelines = {name: pipelines_reply(name) for name in PIPELINES}
        self.pipeline_audits: list[dict[str, Any]] = []
        self.statistics = Statistics()
        self.limits = Limits(self.config, self.clock)
        self.grants = {self.config.token: Grant(app=PRIVATE_APP, scopes=set(self.config.scopes))}
        self.events = Events(self)
        self.mischief = Mischief(self.config.seed)
        self.script = Script(self)
        self.merge_mode: MergeMode = "new_id"
        self._join()

    def _join(self) -> None:
        for other in self.accounts.portals:
            if self.config.portal_id == other.config.portal_id or self.config.token in other.grants:
                raise ValueError(f"account {self.config.portal_id} needs an id and a token that no other one has")
        self.accounts.portals.append(self)

    @property
    def domain(self) -> str:
        """The account's domain, as token information shows it."""
        return f"portal-{self.config.portal_id}.example"

    @property
    def user(self) -> str:
        """Who consents in this account."""
        return f"admin@{self.domain}"

    def _until_ms(self) -> int:
        now_ms = self.clock.now_ms()
        if self.config.data_until is None:
            return now_ms
        until_ms = parse_moment(self.config.data_until)
        if until_ms is None:
            raise ValueError(f"data_until must be a moment such as 2026-11-01T00:00:00Z, not {self.config.data_until}")
        return min(until_ms, now_ms)

    def kind(self, spelling: str) -> ObjectType:
        """The type that a path names; ApiError 400 for an unknown one."""
        kind = find(spelling, self.config.portal_id, self.config.custom_name)
        if kind is None or (kind.name in CUSTOM and not self.config.custom_exists):
            raise unknown_type(spelling)
        return kind

    def store(self, name: str) -> ObjectStore:
        """The records of a type, by any of its spellings."""
        return self.stores[self.kind(name).name]

    def grant(self, authorization: str) -> Grant:
        """Who an Authorization header speaks for; ApiError 401 for a bad or expired token."""
        scheme, _, token = authorization.partition(" ")
        grant = self.grants.get(token.strip()) if scheme.lower() == "bearer" else None
        if grant is None:
            raise bad_credentials()
        now_ms = self.clock.now_ms()
        if grant.expires_ms is not None and now_ms >= grant.expires_ms:
            raise expired_credentials(iso(grant.expires_ms), (now_ms - grant.expires_ms) // 1_000)
        return grant

    def configure(self, **changes: Any) -> None:
        """Change settings of a running portal; ValueError naming those that may change."""
        unknown = sorted(set(changes) - set(LIVE_SETTINGS))
        if unknown:
            raise ValueError(f"{', '.join(unknown)} cannot change now; these can: {', '.join(LIVE_SETTINGS)}")
        self.config = msgspec.convert(msgspec.structs.asdict(self.config) | changes, PortalConfig)
        self.limits.follow(self.config)

    def issue(self, token: str, scopes: Iterable[str] | None = None, lifetime_s: float | None = None) -> Grant:
        """Make a token valid, or change a known one: its scopes (None keeps them, or gives the portal's)
        and its lifetime from now (None: for ever)."""
        if not token or (lifetime_s is not None and not 0 <= lifetime_s <= _LONGEST_LIFE_S):
            raise ValueError(f"a token has a text, and a lifetime of 0 to {_LONGEST_LIFE_S:,} seconds or none")
        known = self.grants.get(token)
        if scopes is None:
            scopes = known.scopes if known else self.config.scopes
        expires_ms = None if lifetime_s is None else self.clock.now_ms() + round(lifetime_s * 1_000)
        if known is None:
            grant = Grant(app=token, scopes=set(scopes), expires_ms=expires_ms)
        else:
            grant = msgspec.structs.replace(known, scopes=set(scopes), expires_ms=expires_ms)
        self.grants[token] = grant
        return grant

    def revoke(self, token: str) -> None:
        """Forget a token; LookupError for an unknown one."""
        if self.grants.pop(token, None) is None:
            raise LookupError("there is no such token")

    def truth(self) -> Iterator[dict[str, Any]]:
        """The exact present state, one dict a record and one an association.

        Records: ``kind`` "record", ``type``, ``id`` (int), ``archived``, ``archived_at``, ``merged_into``,
        ``purged``, ``created_at``, ``updated_at``, ``properties``. Associations: ``kind`` "association",
        ``from_type``, ``from_id``, ``to_type``, ``to_id``, ``category``, ``type_id``, ``label``, live ends
        only, in both directions, each as its own side names it.
        """
        for kind in TYPES:
            store = self.stores[kind.name]
            for index in range(store.size):
                yield self._record_truth(store, index)
        for pair in PAIRS:
            yield from self._pair_truth(pair)

    def _record_truth(self, store: ObjectStore, index: int) -> dict[str, Any]:
        altered = store.altered.get(index)
        archived_ms = altered.archived_ms if altered else None
        return {
            "kind": "record",
            "type": store.kind.name,
            "id": store.ids.of(index),
            "archived": archived_ms is not None,
            "archived_at": None if archived_ms is None else iso(archived_ms),
            "merged_into": altered.merged_into if altered else None,
            "purged": altered.purged if altered else False,
            "created_at": iso(store.created_ms(index)),
            "updated_at": iso(store.modified_ms(index)),
            "properties": {
                name: store.value(index, name)
                for name, definition in store.properties.items()
                if definition.archived_ms is None
            },
        }

    def _pair_truth(self, pair: tuple[str, str]) -> Iterator[dict[str, Any]]:
        origin, target = self.stores[pair[0]], self.stores[pair[1]]
        for index in origin.live_indices():
            for other, links in self.links.of(pair, index):
                for link in links:
                    yield {
                        "kind": "association",
                        "from_type": pair[0],
                        "from_id": origin.ids.of(index),
                        "to_type": pair[1],
                        "to_id": target.ids.of(other),
                        "category": link.category,
                        "type_id": link.type_id,
                        "label": link.label,
                    }
