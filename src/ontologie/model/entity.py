"""A business concept, and the streams that feed it."""

from datetime import datetime

import msgspec


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """A concept of the ontology, such as Client or Opportunity."""

    id: int
    name: str
    created_at: datetime


class EntityLink(msgspec.Struct, frozen=True, kw_only=True):
    """One stream of one source feeds one entity. Any number of each may be tied to any number of the other."""

    entity_id: int
    entity: str
    source_id: int
    source: str
    stream: str
