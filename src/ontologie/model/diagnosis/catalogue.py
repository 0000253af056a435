"""All families together, by code."""

from ontologie.model.diagnosis import (
    access,
    authorizing,
    data,
    databases,
    files,
    hubspot,
    installation,
    machine,
    moving,
    oauth_app,
    ontology,
    people,
    reading,
    secrets,
    usage,
)
from ontologie.model.diagnosis.entry import Diagnosis

_FAMILIES = (
    access,
    authorizing,
    oauth_app,
    hubspot,
    data,
    files,
    usage,
    reading,
    ontology,
    people,
    secrets,
    machine,
    installation,
    databases,
    moving,
)
CATALOGUE: dict[str, Diagnosis] = {entry.code: entry for family in _FAMILIES for entry in family.ENTRIES}
