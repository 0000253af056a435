"""What can be read from HubSpot, made of the table in ``model.object_types``."""

from collections.abc import Sequence

from ontologie.model.object_types import OBJECT_TYPES as TABLE
from ontologie.model.object_types import ObjectType, is_custom
from ontologie.model.stream import AssociationPair, Stream

OBJECT_TYPES = {item.name: item for item in TABLE}


def _streams() -> tuple[Stream, ...]:
    """One for each type or group, in the table's order."""
    groups: dict[str, list[ObjectType]] = {}
    for item in TABLE:
        groups.setdefault(item.stream or item.name, []).append(item)
    return tuple(
        Stream(name=name, object_types=tuple(item.name for item in items), optional=items[0].optional)
        for name, items in groups.items()
    )


STREAMS = _streams()
PAIRS = tuple(AssociationPair(from_type=item.name, to_type=to_type) for item in TABLE for to_type in item.links_to)


def find_streams(names: Sequence[str]) -> tuple[Stream, ...]:
    """See :meth:`ontologie.connectors.contract.Connector.find_streams`."""
    custom = sorted({name for name in names if is_custom(name)})
    return (
        *(stream for stream in STREAMS if stream.name in names),
        *(Stream(name=name, object_types=(name,), optional=True) for name in custom),
    )


def object_type(name: str) -> ObjectType:
    """What is known of an object type; a custom object is like any other but for its scope."""
    return OBJECT_TYPES.get(name) or ObjectType(name=name, scope="crm.objects.custom.read")
