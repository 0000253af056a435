"""The small tables that records refer to: owners, pipelines, stages, labels."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from ontologie.model.object_types import Called
from ontologie.model.stream import AssociationPair


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """A person or queue that owns records; ``id`` is what ``hubspot_owner_id`` holds."""

    id: int
    email: str | None
    first_name: str | None
    last_name: str | None
    type: str
    user_id: int | None
    archived: bool
    created_at: datetime | None
    updated_at: datetime | None


class PipelineStage(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a pipeline."""

    id: str
    label: str
    display_order: int
    probability: Decimal | None
    is_closed: bool | None
    archived: bool


class Pipeline(msgspec.Struct, frozen=True, kw_only=True):
    """A pipeline of deals or tickets with its stages, in order."""

    object_type: str
    id: str
    label: str
    display_order: int
    archived: bool
    stages: tuple[PipelineStage, ...]


class AssociationLabel(msgspec.Struct, frozen=True, kw_only=True):
    """What an association's type id means between two object types."""

    from_type: str
    to_type: str
    category: str
    type_id: int
    label: str | None


class ReferenceData(msgspec.Struct, frozen=True, kw_only=True):
    """All reference data of a source, as of one reading. What could not be read is None, or not there: keep what is
    stored."""

    owners: tuple[Owner, ...] | None = None
    pipelines: Mapping[str, tuple[Pipeline, ...]] = {}
    """By object type."""
    labels: Mapping[AssociationPair, tuple[AssociationLabel, ...]] = {}
    called: Mapping[str, Called] | None = None
    """The account's own object types, all of them; None also where none of them is read."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account behind a source's credentials, and what they may read."""

    portal_id: int
    account_type: str
    time_zone: str
    currency: str
    ui_domain: str
    data_hosting_location: str
    name: str = ""
    """The account's own name, and its web domain; empty where the portal does not tell."""
    domain: str = ""
    app_id: int | None = None
    scopes: tuple[str, ...] | None = None
    """None where the portal does not tell."""
