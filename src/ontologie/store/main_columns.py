"""The columns that a person knows a record by: its title, what a search looks into, what is sorted fast."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

import msgspec


class MainColumns(msgspec.Struct, frozen=True, kw_only=True):
    """By names of columns; those that an account does not have are left out by :func:`main_columns`."""

    title: tuple[str, ...]
    """Read together, they name the record; the first ones that are filled do."""
    search: tuple[str, ...]
    first: tuple[str, ...]
    """What a table of these records shows before anybody has chosen."""
    indexed: tuple[str, ...] = ()
    """Sorted by an index."""


_TICKET_FIRST = ("subject", "hs_pipeline_stage", "hs_ticket_priority", "createdate", "hubspot_owner_id", "content")
_ENGAGEMENT_LAST = ("hs_timestamp", "hubspot_owner_id")

_KNOWN: Mapping[str, MainColumns] = MappingProxyType(
    {
        "contacts": MainColumns(
            title=("firstname", "lastname"),
            search=("firstname", "lastname", "email", "company", "phone"),
            first=("firstname", "lastname", "email", "phone", "company", "jobtitle", "lifecyclestage", "hs_lead_status",
                   "hubspot_owner_id", "createdate", "lastmodifieddate"),
            indexed=("lastname", "email", "createdate"),
        ),
        "companies": MainColumns(
            title=("name",),
            search=("name", "domain", "city"),
            first=("name", "domain", "industry", "city", "country", "numberofemployees", "annualrevenue",
                   "lifecyclestage", "hubspot_owner_id", "createdate"),
            indexed=("name", "createdate"),
        ),
        "deals": MainColumns(
            title=("dealname",),
            search=("dealname", "description"),
            first=("dealname", "pipeline", "dealstage", "amount", "deal_currency_code", "closedate", "dealtype",
                   "hubspot_owner_id", "createdate"),
            indexed=("dealname", "amount", "closedate"),
        ),
        "tickets": MainColumns(
            title=("subject",), search=("subject", "content"), first=_TICKET_FIRST, indexed=("subject", "createdate")
        ),
        "emails": MainColumns(
            title=("hs_email_subject",),
            search=("hs_email_subject", "hs_email_to_email", "hs_email_from_email"),
            first=("hs_email_subject", "hs_email_direction", "hs_email_status", "hs_email_from_email",
                   "hs_email_to_email", *_ENGAGEMENT_LAST),
            indexed=("hs_timestamp",),
        ),
        "calls": MainColumns(
            title=("hs_call_title",),
            search=("hs_call_title", "hs_call_body"),
            first=("hs_call_title", "hs_call_direction", "hs_call_disposition", "hs_call_duration", "hs_call_status",
                   "hs_call_body", *_ENGAGEMENT_LAST),
            indexed=("hs_timestamp",),
        ),
        "notes": MainColumns(
            title=("hs_note_body",),
            search=("hs_note_body",),
            first=("hs_note_body", *_ENGAGEMENT_LAST),
            indexed=("hs_timestamp",),
        ),
        "tasks": MainColumns(
            title=("hs_task_subject",),
            search=("hs_task_subject", "hs_task_body"),
            first=("hs_task_subject", "hs_task_status", "hs_task_priority", "hs_task_type", "hs_task_body",
                   *_ENGAGEMENT_LAST),
            indexed=("hs_timestamp",),
        ),
        "meetings": MainColumns(
            title=("hs_meeting_title",),
            search=("hs_meeting_title", "hs_meeting_body"),
            first=("hs_meeting_title", "hs_meeting_outcome", "hs_meeting_start_time", "hs_meeting_end_time",
                   "hs_meeting_location", *_ENGAGEMENT_LAST),
            indexed=("hs_timestamp",),
        ),
    }
)  # fmt: skip
_MOST_FIRST = 10


def main_columns(object_type: str, columns: Collection[str]) -> MainColumns:
    """The main columns among those that the table has. A type not known here goes by its columns called name."""
    known = _KNOWN.get(object_type)
    if known is None:
        named = [name for name in columns if name in ("name", "hs_name", "title")] or [
            name for name in columns if name.endswith("name") and not name.startswith("hs_")
        ]
        rest = [name for name in columns if name not in named and not name.startswith(("_", "hs_"))]
        known = MainColumns(
            title=tuple(named[:1]), search=tuple(named[:3]), first=tuple([*named[:3], *rest][:_MOST_FIRST])
        )
    return MainColumns(
        title=tuple(name for name in known.title if name in columns),
        search=tuple(name for name in known.search if name in columns),
        first=tuple(name for name in known.first if name in columns),
        indexed=tuple(name for name in known.indexed if name in columns),
    )
