"""What a simulated portal is made of: sizes, limits, and the one seed everything follows from."""

from zoneinfo import ZoneInfo

import msgspec

ALL_READ_SCOPES: tuple[str, ...] = (
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.companies.read",
    "crm.objects.deals.read",
    "tickets",
    "sales-email-read",
    "crm.objects.products.read",
    "crm.objects.line_items.read",
    "e-commerce",
    "crm.objects.custom.read",
    "crm.schemas.custom.read",
    "crm.objects.owners.read",
    "crm.objects.quotes.read",
    "crm.objects.leads.read",
)
DEFAULT_TOKEN = "pat-eu1-00000000-0000-4000-8000-000000000001"
# A fixed day, so that a portal started again tomorrow holds the same records with the same dates.
DEFAULT_DATA_UNTIL = "2026-11-01T00:00:00Z"


class PortalConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that decides a portal's content and limits; two equal configurations hold equal data.

    ``contact_properties`` (and its siblings) is the number of property definitions of that type:
    what the built-in ones do not fill is filled with custom properties of every type.
    ``burst_per_10_s`` is for each private app or key, ``oauth_burst_per_10_s`` for each public OAuth app.
    ``free_plan``: an account whose plan has no CRM API; every call of it is a 403.
    ``ids_from`` is added to every record's id: real ones may pass 15 digits.
    ``odd_numbers``: some number properties hold text such as ``N/A``, as seen in real portals.
    ``unavailable_scopes``: what the account's subscription lacks; an app that requires one cannot be installed.
    ``unpermitted_types``: object types that the person behind the token may not view: 403 whatever the scopes.
    ``custom_exists``: no leaves the custom object out, as before it was made or after its schema was deleted.
    ``data_until`` is the moment the generated past ends (ISO 8601), or None for the clock's start.
    """

    portal_id: int = 145_000_001
    seed: int = 1
    contacts: int = 500
    companies: int = 150
    deals: int = 200
    tickets: int = 80
    emails: int = 100
    calls: int = 100
    notes: int = 100
    tasks: int = 100
    meetings: int = 100
    communications: int = 40
    products: int = 40
    line_items: int = 120
    cars: int = 30
    quotes: int = 0
    leads: int = 0
    contact_properties: int = 40
    company_properties: int = 32
    deal_properties: int = 32
    ticket_properties: int = 24
    burst_per_10_s: int = 110
    oauth_burst_per_10_s: int = 110
    search_per_s: int = 5
    association_burst_per_10_s: int = 100
    daily_limit: int | None = None
    association_daily_limit: int | None = None
    latency_ms: float = 0
    latency_jitter_ms: float = 0
    network_jitter_ms: float = 0
    opaque_cursors: bool = False
    compress: bool = False
    association_page_size: int = 100
    inline_association_limit: int = 20
    max_url_bytes: int = 16_000
    ids_from: int = 0
    odd_numbers: bool = True
    free_plan: bool = False
    unavailable_scopes: tuple[str, ...] = ()
    unpermitted_types: tuple[str, ...] = ()
    custom_name: str = "cars"
    custom_singular: str = "Voiture"
    custom_plural: str = "Voitures"
    custom_exists: bool = True
    token: str = DEFAULT_TOKEN
    scopes: tuple[str, ...] = ALL_READ_SCOPES
    time_zone: str = "Europe/Paris"
    currency: str = "EUR"
    data_until: str | None = DEFAULT_DATA_UNTIL

    def __post_init__(self) -> None:
        """Raise ValueError naming the setting, its value and what is allowed."""
        self._check_account()
        for name in COUNTS:
            if not 0 <= getattr(self, name) <= MAX_RECORDS:
                raise ValueError(f"{name} must be between 0 and {MAX_RECORDS:,}, not {getattr(self, name)}")
        for name in (
            "burst_per_10_s",
            "oauth_burst_per_10_s",
            "search_per_s",
            "association_burst_per_10_s",
            "max_url_bytes",
        ):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 0 <= self.ids_from < 10**18:
            raise ValueError(f"ids_from must be between 0 and 10**18, not {self.ids_from}")
        for name in ("daily_limit", "association_daily_limit"):
            if (getattr(self, name) or 0) < 0:
                raise ValueError(f"{name} must not be negative, not {getattr(self, name)}")
        for name in ("latency_ms", "latency_jitter_ms", "network_jitter_ms"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, not {getattr(self, name)}")

    def _check_account(self) -> None:
        if not 1 <= self.portal_id < 10**12:
            raise ValueError(f"portal_id must be between 1 and 999,999,999,999, not {self.portal_id}")
        try:
            ZoneInfo(self.time_zone)
        except (LookupError, ValueError, OSError) as error:
            raise ValueError(f"time_zone must be a name such as Europe/Paris, not {self.time_zone[:60]}") from error


COUNTS: tuple[str, ...] = (
    "contacts",
    "companies",
    "deals",
    "tickets",
    "emails",
    "calls",
    "notes",
    "tasks",
    "meetings",
    "communications",
    "products",
    "line_items",
    "cars",
    "quotes",
    "leads",
)
MAX_RECORDS = 1_000_000
