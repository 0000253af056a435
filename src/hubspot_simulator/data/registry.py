"""The generated content of every object type, by name."""

from collections.abc import Callable

from hubspot_simulator.catalogue import TYPES
from hubspot_simulator.config import PortalConfig
from hubspot_simulator.data import activities, people, sales
from hubspot_simulator.data.custom import custom_properties
from hubspot_simulator.data.definitions import Blueprint
from hubspot_simulator.data.source import Source

_BUILDERS: dict[str, Callable[[Source], list[Blueprint]]] = {
    "companies": people.company_properties,
    "deals": sales.deal_properties,
    "tickets": sales.ticket_properties,
    "emails": activities.email_properties,
    "calls": activities.call_properties,
    "notes": activities.note_properties,
    "tasks": activities.task_properties,
    "meetings": activities.meeting_properties,
    "communications": activities.communication_properties,
    "products": sales.product_properties,
    "line_items": sales.line_item_properties,
    "cars": sales.car_properties,
}


def sources(config: PortalConfig, until_ms: int) -> dict[str, Source]:
    """One source per type."""
    made = {
        kind.name: Source(kind, config.seed, getattr(config, kind.name, 0), until_ms, config.ids_from) for kind in TYPES
    }
    for source in made.values():
        source.odd_numbers = config.odd_numbers
    return made


def blueprints(config: PortalConfig, name: str, of: dict[str, Source]) -> list[Blueprint]:
    """The properties of a type: the built-in ones, then custom ones up to the number configured."""
    source = of[name]
    people_of = people.contact_properties
    built_in = (
        people_of(source, of["companies"]) if name == "contacts" else _BUILDERS.get(name, Source.standard)(source)
    )
    asked = getattr(config, f"{source.kind.singular}_properties", 0)
    return built_in + custom_properties(source.chance, source.until_ms, max(asked - len(built_in), 0))
