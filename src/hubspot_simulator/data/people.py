"""Contacts and companies."""

from hubspot_simulator.data import words
from hubspot_simulator.data.definitions import (
    AREA,
    CALCULATED,
    DATE,
    DATETIME,
    NUMBER,
    Blueprint,
    choice,
    computed,
    flag,
    pooled,
)
from hubspot_simulator.data.source import Source

SCRIPTED_CONTACT = 7  # the one whose first name is markup
_TEXT_IN_NUMBER = ("N/A", "3092727991;3881228353", "environ 12", "1 200,50")
_STAGES = (
    ("subscriber", "Subscriber"),
    ("lead", "Lead"),
    ("marketingqualifiedlead", "Marketing Qualified Lead"),
    ("opportunity", "Opportunity"),
    ("customer", "Customer"),
)
_LEAD_STATUS = (("NEW", "New"), ("OPEN", "Open"), ("IN_PROGRESS", "In progress"), ("UNQUALIFIED", "Unqualified"))
_SOURCES = (("ORGANIC_SEARCH", "Organic search"), ("REFERRALS", "Referrals"), ("OFFLINE", "Offline sources"))
_INTERESTS = (("demo", "Démonstration"), ("pricing", "Tarifs"), ("Support", "Support"), ("formation", "Formation"))
_INTEREST_SETS = ("demo", "demo;pricing", "pricing;Support", "demo;pricing;Support;formation", "", None, None)
_LANGUAGES = (("fr", "Français"), ("en", "English"), ("en-gb", "English (UK)"))


def company_name(source: Source, index: int) -> str:
    """A company's name."""
    pick = source.chance.pick
    name = f"{pick(words.COMPANY_HEADS, index, 11)} {pick(words.COMPANY_TAILS, index, 12)}"
    return f"{name} {pick(words.COMPANY_FORMS, index, 13)}" if index % 3 == 0 else name


def company_domain(source: Source, index: int) -> str:
    """A company's domain, unique by its number."""
    head = words.ascii_slug(source.chance.pick(words.COMPANY_HEADS, index, 11))
    return f"{head}-{index:04d}.example"


class _Person:
    """Names and addresses that agree with one another."""

    def __init__(self, source: Source) -> None:
        self._chance = source.chance

    def first(self, index: int) -> str:
        if index == SCRIPTED_CONTACT:
            return "<script>alert(1)</script>"
        return self._chance.pick(words.FIRST_NAMES, index, 21)

    def last(self, index: int) -> str | None:
        return None if index % 41 == 0 and index else self._chance.pick(words.LAST_NAMES, index, 22)

    def email(self, index: int) -> str | None:
        if index % 29 == 1 and index > 1:
            return None
        first, last = words.ascii_slug(self.first(index)[:7]), words.ascii_slug(self.last(index) or "x")
        return f"{first.strip('<>')}.{last}.{index}@mail-{index % 97}.example"

    def phone(self, index: int) -> str | None:
        n = self._chance.number(index, 23)
        if n % 5 == 0:
            return "" if n % 2 else None
        digits = f"{n % 10**8:08d}"
        return f"+33 6 {digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:]}" if n % 3 else f"+44 20 {digits}"


def _place(source: Source) -> list[Blueprint]:
    chance = source.chance

    def city(index: int) -> tuple[str, str, str]:
        return chance.pick(words.CITIES, index, 24)

    return [
        computed("city", "City", lambda i: city(i)[0]),
        computed("zip", "Postal code", lambda i: city(i)[1]),
        computed("country", "Country/Region", lambda i: city(i)[2]),
        computed("address", "Street address", lambda i: f"{i % 180 + 1} {chance.pick(words.STREETS, i, 25)}"),
    ]


def contact_properties(source: Source, companies: Source) -> list[Blueprint]:
    """The built-in properties of contacts."""
    person, chance = _Person(source), source.chance

    def company(index: int) -> str | None:
        return company_name(companies, chance.number(index, 26) % companies.count) if companies.count else None

    def revenue(index: int) -> str | None:
        n = chance.number(index, 27)
        return (
            _TEXT_IN_NUMBER[n % 4]
            if source.odd_numbers and index % 53 == 1
            else (None if n % 3 == 0 else str(n % 5_000_000))
        )

    return [
        *source.standard(),
        computed("firstname", "First name", person.first, group="contactinformation"),
        computed("lastname", "Last name", person.last, group="contactinformation"),
        computed("email", "Email", person.email, group="contactinformation", unique=True),
        computed("phone", "Phone number", person.phone, field_type="phonenumber"),
        computed("company", "Company name", company),
        computed("annualrevenue", "Annual revenue", revenue, **NUMBER),
        computed("date_of_birth", "Date of birth", lambda i: source.day(i, 28, 20_000) if i % 4 else None, **DATE),
        computed(
            "notes_last_contacted",
            "Last contacted",
            lambda i: source.moment(i, 29, 400) if i % 3 else None,
            **DATETIME,
        ),
        *_place(source),
        *_contact_pools(),
    ]


def _contact_pools() -> list[Blueprint]:
    return [
        pooled("jobtitle", "Job title", (*words.JOB_TITLES, None, "")),
        pooled("message", "Message", (*words.PARAGRAPHS, None, None, None), **AREA),
        pooled("numemployees", "Number of employees", ("5", "12", "49.0", "250", "1000", None), **NUMBER),
        pooled("website", "Website URL", ("https://www.portal.example/?a=1&b=é", None, None)),
        choice("lifecyclestage", "Lifecycle stage", _STAGES, field_type="radio"),
        choice("hs_lead_status", "Lead status", _LEAD_STATUS, empty=2, field_type="radio"),
        choice("hs_analytics_source", "Original source", _SOURCES, read_only=True),
        choice("hs_language", "Preferred language", _LANGUAGES),
        pooled(
            "interests",
            "Centres d'intérêt",
            _INTEREST_SETS,
            type="enumeration",
            field_type="checkbox",
            options=_INTERESTS,
            hubspot_defined=False,
        ),
        flag("hs_email_optout", "Unsubscribed from all email"),
        flag("newsletter", "Reçoit la lettre", hubspot_defined=False),
        pooled(
            "num_associated_deals", "Number of associated deals", ("0", "1", "2", None), type="number", **CALCULATED
        ),
        pooled("hubspotscore", "HubSpot score", ("0", "12", "35.5", "-3"), type="number", **CALCULATED),
        pooled("hs_calculated_merged_vids", "Merged vids", (None,), **CALCULATED),
        flag("hs_is_contact", "Is a contact", ("true",), calculated=True, field_type="calculation_equation"),
    ]


_INDUSTRIES = tuple((value, value.replace("_", " ").title()) for value in words.INDUSTRIES)


def company_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of companies."""
    chance = source.chance

    def revenue(index: int) -> str | None:
        return (
            _TEXT_IN_NUMBER[index % 4]
            if source.odd_numbers and index % 61 == 1
            else str(chance.number(index, 31) % 90_000_000)
        )

    return [
        *source.standard(),
        computed("name", "Company name", lambda i: company_name(source, i), group="companyinformation"),
        computed("domain", "Company domain name", lambda i: company_domain(source, i), group="companyinformation"),
        computed("annualrevenue", "Annual revenue", revenue, **NUMBER),
        *_place(source),
        pooled("numberofemployees", "Number of employees", ("3", "18", "75", "410", "12000", None), **NUMBER),
        pooled("description", "Description", (*words.PARAGRAPHS, None, ""), **AREA),
        choice("industry", "Industry", _INDUSTRIES),
        choice("lifecyclestage", "Lifecycle stage", _STAGES, field_type="radio"),
        pooled("founded_year", "Year founded", ("1987", "2003", "2019", None)),
        flag("is_public", "Is public"),
        pooled("num_associated_contacts", "Number of contacts", ("0", "3", "8"), type="number", **CALCULATED),
        pooled("hs_num_open_deals", "Number of open deals", ("0", "1", None), type="number", **CALCULATED),
    ]
