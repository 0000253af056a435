"""Comparing a source's store with what its portal truly holds."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from hubspot_simulator import Portal
from ontologie.connectors.hubspot.streams import PAIRS
from ontologie.model.object_types import NUMBERS, is_custom
from ontologie.model.texts import storable

TYPES = ("contacts", "companies", "deals", "tickets", "emails", "calls", "notes", "tasks", "meetings")


def differences(portal: Portal, database_url: str, schema: str, *, types: tuple[str, ...] = TYPES) -> list[str]:
    """What the store has otherwise than the portal: live ids, every value, links, and what went."""
    truth = list(portal.truth())
    found: list[str] = []
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        for object_type in types:
            live = {item["id"]: item for item in truth if _is_live(item, _theirs(object_type))}
            rows = connection.execute(
                f'SELECT * FROM "{schema}"."{object_type}" WHERE _archived_at IS NULL AND _purged_at IS NULL'  # type: ignore[arg-type]
            ).fetchall()
            stored = {row["id"]: row for row in rows}
            found += [f"{object_type} {key} is missing" for key in sorted(live.keys() - stored.keys())]
            found += [f"{object_type} {key} should be gone" for key in sorted(stored.keys() - live.keys())]
            for key in live.keys() & stored.keys():
                found += _values(object_type, live[key], stored[key])
            found += _departed(truth, connection, schema, object_type)
        found += _links(truth, connection, schema, types)
        found += _names(portal, connection, schema, types)
    return found


def _departed(
    truth: list[dict[str, Any]], connection: psycopg.Connection[dict[str, Any]], schema: str, object_type: str
) -> list[str]:
    """Of the rows that are not live: what was erased has no values any more, what was merged knows its survivor."""
    gone = {
        item["id"]: item
        for item in truth
        if item["kind"] == "record" and item["type"] == _theirs(object_type) and not _is_live(item, item["type"])
    }
    rows = connection.execute(
        f'SELECT * FROM "{schema}"."{object_type}" WHERE _archived_at IS NOT NULL OR _purged_at IS NOT NULL'  # type: ignore[arg-type]
    ).fetchall()
    found = []
    for row in rows:
        item = gone.get(row["id"])
        if item is None:
            found.append(f"{object_type} {row['id']} never was in the portal")
        elif _survivor(item, gone)["purged"]:  # whatever was merged into it is of the same person
            left = sorted(name for name, value in row.items() if value is not None and not name.startswith("_"))
            if left != ["id"]:
                found.append(f"{object_type} {row['id']} was erased and still has {left}")
        elif item["merged_into"] and row["_merged_into"] is None:
            found.append(f"{object_type} {row['id']} was merged, not deleted")
        elif item["archived"] and row["_purged_at"] is not None:
            found.append(f"{object_type} {row['id']} was deleted, not erased")
    return found


def _theirs(object_type: str) -> str:
    """What the portal calls the type of a table: an account's own without the account."""
    return object_type.partition("_")[2] if is_custom(object_type) else object_type


def _survivor(item: dict[str, Any], gone: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """What the record is part of now; a merged one whose old id is gone altogether was not erased for that."""
    while item["merged_into"]:
        item = gone.get(item["merged_into"], {"merged_into": None, "purged": False})
    return item


def _is_live(item: dict[str, Any], object_type: str) -> bool:
    gone = item.get("archived") or item.get("merged_into") or item.get("purged")
    return item["kind"] == "record" and item["type"] == object_type and not gone


def _values(object_type: str, live: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Texts as they are, numbers by value; a rejected value must be kept in ``_rejected``, one that a wide row has no
    room for in ``_more``."""
    found = []
    rejected, more = row["_rejected"] or {}, row["_more"] or {}
    for name, value in live["properties"].items():
        if name not in row:
            continue
        stored = row[name]
        if value in (None, ""):
            same = stored in (None, "")
        elif name in more:
            same = more[name] == value
        elif name in rejected:
            same = rejected[name] == value
        else:
            same = _same(stored, value)
        if not same:
            found.append(f"{object_type} {live['id']}.{name}: {stored!r}, not {value!r}")
    return found


def _same(stored: object, value: str) -> bool:
    """A typed column's value stands for the portal's text."""
    expected: object = value
    if isinstance(stored, bool):
        expected = value == "true"
    elif isinstance(stored, int | Decimal):
        expected = type(stored)(value)
    elif isinstance(stored, list):
        expected = [choice for choice in value.split(";") if choice]
    elif isinstance(stored, datetime):
        expected = _moment(value)
    elif isinstance(stored, date):
        expected = _moment(value).date()
    return stored == expected


def _moment(value: str) -> datetime:
    if value.isdecimal():
        return datetime.fromtimestamp(int(value) / 1_000, UTC)
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _names(
    portal: Portal, connection: psycopg.Connection[dict[str, Any]], schema: str, types: tuple[str, ...]
) -> list[str]:
    """Stages and labels of links, as the portal has them."""
    stages = {
        (object_type, pipeline["id"], stage["id"], storable(stage["label"]))
        for object_type in ("deals", "tickets")
        if object_type in types
        for pipeline in portal.pipelines[object_type]
        for stage in pipeline["stages"]
    }
    labels = {
        (NUMBERS[pair.from_type], NUMBERS[pair.to_type], link.type_id, link.label)
        for pair in PAIRS
        if pair.from_type in types and pair.to_type in types
        for link in portal.links.labels((pair.from_type, pair.to_type))
    }
    asked = {
        "stage": (
            "SELECT object_type, pipeline_id, id, label FROM {}.pipeline_stages WHERE object_type = ANY(%(types)s)",
            stages,
        ),
        "label": (
            "SELECT from_type, to_type, type_id, label FROM {}.association_labels"
            " WHERE from_type = ANY(%(numbers)s) AND to_type = ANY(%(numbers)s)",
            labels,
        ),
    }
    numbers = [NUMBERS[name] for name in types if name in NUMBERS]
    found = []
    for what, (statement, wanted) in asked.items():
        given = {"types": list(types), "numbers": numbers}
        rows = connection.execute(statement.format(f'"{schema}"').encode(), given).fetchall()
        stored = {tuple(row.values()) for row in rows}
        found += [f"{what} {one} is missing" for one in sorted(wanted - stored, key=str)]
        found += [f"{what} {one} should be gone" for one in sorted(stored - wanted, key=str)]
    return found


def _links(
    truth: list[dict[str, Any]], connection: psycopg.Connection[dict[str, Any]], schema: str, types: tuple[str, ...]
) -> list[str]:
    read = {
        (NUMBERS[pair.from_type], NUMBERS[pair.to_type])
        for pair in PAIRS
        if pair.from_type in types and pair.to_type in types
    }
    names = {number: name for name, number in NUMBERS.items()}
    wanted = {
        (item["from_type"], item["from_id"], item["to_type"], item["to_id"], item["category"], item["type_id"])
        for item in truth
        if item["kind"] == "association"
        and (NUMBERS.get(item["from_type"]), NUMBERS.get(item["to_type"])) in read
        and item["from_type"] in types
    }
    live = {(item["type"], item["id"]) for item in truth if item["kind"] == "record" and _is_live(item, item["type"])}
    rows = connection.execute(f'SELECT * FROM "{schema}".associations').fetchall()  # type: ignore[arg-type]
    stored = {
        (
            names[row["from_type"]],
            row["from_id"],
            names[row["to_type"]],
            row["to_id"],
            row["category"],
            row["type_id"],
        )
        for row in rows
    }
    stored = {
        link
        for link in stored
        if link[:2] in live and link[2:4] in live and (NUMBERS[link[0]], NUMBERS[link[2]]) in read
    }
    return [f"link {link} is missing" for link in sorted(wanted - stored)] + [
        f"link {link} should be gone" for link in sorted(stored - wanted)
    ]
