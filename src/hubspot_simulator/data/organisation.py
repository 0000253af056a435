"""Who works in the portal and the roads its deals and tickets take: owners, teams, pipelines."""

from typing import Any

import msgspec

from hubspot_simulator.clock import iso
from hubspot_simulator.data import words

_FOUNDED_MS = 1_640_995_200_000
OWNER_COUNT = 12
QUEUE_OWNER = 10
ARCHIVED_OWNER = 11


class Stage(msgspec.Struct, frozen=True):
    """A stage of a pipeline; ``metadata`` values are strings, as on the wire."""

    id: str
    label: str
    metadata: dict[str, str]

    @property
    def closed(self) -> bool:
        """Whether the deal or ticket is done."""
        return self.metadata["isClosed"] == "true"


class Pipeline(msgspec.Struct, frozen=True):
    """A pipeline and its stages, in order."""

    id: str
    label: str
    stages: tuple[Stage, ...]


def _deal(stage_id: str, label: str, probability: str, closed: str = "false") -> Stage:
    return Stage(stage_id, label, {"probability": probability, "isClosed": closed})


def _ticket(stage_id: str, label: str, state: str = "OPEN") -> Stage:
    return Stage(stage_id, label, {"ticketState": state, "isClosed": "true" if state == "CLOSED" else "false"})


PIPELINES: dict[str, tuple[Pipeline, ...]] = {
    "deals": (
        Pipeline(
            "default",
            "Sales Pipeline",
            (
                _deal("appointmentscheduled", "Appointment Scheduled", "0.2"),
                _deal("qualifiedtobuy", "Qualified To Buy", "0.4"),
                _deal("presentationscheduled", "Presentation Scheduled", "0.6"),
                _deal("contractsent", "Contract Sent", "0.9"),
                _deal("closedwon", "Closed Won", "1.0", "true"),
                _deal("closedlost", "Closed Lost", "0.0", "true"),
            ),
        ),
        Pipeline(
            "75104332",
            "Renouvellements",
            (
                _deal("144200101", "À relancer", "0.5"),
                _deal("144200102", "Négociation", "0.8"),
                _deal("144200103", "Renouvelé", "1.0", "true"),
                _deal("144200104", "Perdu", "0.0", "true"),
            ),
        ),
    ),
    "tickets": (
        Pipeline(
            "0",
            "Support Pipeline",
            (
                _ticket("1", "New"),
                _ticket("2", "Waiting on contact"),
                _ticket("3", "Waiting on us"),
                _ticket("4", "Closed", "CLOSED"),
            ),
        ),
    ),
}


def pipelines_reply(object_type: str) -> list[dict[str, Any]]:
    """The pipelines of a type as the endpoint shows them; none for types without."""
    moment = iso(_FOUNDED_MS)
    stamps = {"createdAt": moment, "updatedAt": moment, "archived": False}
    return [
        {
            "id": pipeline.id,
            "label": pipeline.label,
            "displayOrder": order,
            **stamps,
            "stages": [
                {
                    "id": stage.id,
                    "label": stage.label,
                    "displayOrder": rank,
                    "metadata": stage.metadata,
                    **stamps,
                    "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
                }
                for rank, stage in enumerate(pipeline.stages)
            ],
        }
        for order, pipeline in enumerate(PIPELINES.get(object_type, ()))
    ]


def owner_id(position: int) -> str:
    """The id that ``hubspot_owner_id`` holds (not the user id)."""
    return str(41_629_779 + position * 1_037)


OWNER_IDS: tuple[str, ...] = tuple(owner_id(n) for n in range(OWNER_COUNT))


def owners() -> list[dict[str, Any]]:
    """Every owner: people, one queue, one archived (whose userId is null)."""
    return [_owner(position) for position in range(OWNER_COUNT)]


def _owner(position: int) -> dict[str, Any]:
    first = words.FIRST_NAMES[position * 5 % len(words.FIRST_NAMES)]
    last = words.LAST_NAMES[position * 7 % len(words.LAST_NAMES)]
    archived, queue = position == ARCHIVED_OWNER, position == QUEUE_OWNER
    user_id = 9_000_001 + position * 17
    return {
        "id": owner_id(position),
        "email": f"{words.ascii_slug(first)}.{words.ascii_slug(last)}@portal.example",
        "type": "QUEUE" if queue else "PERSON",
        "firstName": "Support" if queue else first,
        "lastName": "Queue" if queue else last,
        "userId": None if archived else user_id,
        "userIdIncludingInactive": user_id,
        "createdAt": iso(_FOUNDED_MS + position * 86_400_000),
        "updatedAt": iso(_FOUNDED_MS + position * 172_800_000),
        "archived": archived,
        "teams": [
            {"id": str(1 + position % 2), "name": ("Sales", "Service clients")[position % 2], "primary": True},
        ],
    }
