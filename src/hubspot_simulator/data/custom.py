"""Custom properties that bring a type up to the number of properties asked for."""

from typing import Any

from hubspot_simulator.clock import iso, iso_day
from hubspot_simulator.data import words
from hubspot_simulator.data.chance import Chance
from hubspot_simulator.data.definitions import AREA, DATE, DATETIME, NUMBER, Blueprint, choice, flag, pooled

_DAY_MS = 86_400_000
_TOPICS = ("segment", "besoin", "budget", "renewal", "score", "canal", "region", "profil", "contract", "usage")
_SHARED: dict[str, Any] = {"hubspot_defined": False, "group": "custom_information"}
_COLOURS = (("red", "Rouge"), ("blue", "Bleu"), ("green", "Vert"), ("yellow", "Jaune"), ("Violet", "Violet"))


def custom_properties(chance: Chance, until_ms: int, count: int) -> list[Blueprint]:
    """``count`` custom properties, their types in turn; half of the values are null, as in a real portal."""
    return [_custom(chance, until_ms, position) for position in range(count)]


def _custom(chance: Chance, until_ms: int, position: int) -> Blueprint:
    topic = _TOPICS[position % len(_TOPICS)]
    draws = [chance.number(n, 1_000 + position) for n in range(12)]
    make = _KINDS[position % len(_KINDS)]
    return make(f"{topic}_{position:03d}", f"{topic.capitalize()} {position:03d}", draws, until_ms)


def _paragraph(name: str, label: str, draws: list[int], _until_ms: int) -> Blueprint:
    values = [f"{words.SENTENCES[d % 10]} #{d % 977}" for d in draws]
    return pooled(name, label, (*values, *[None] * 12), **AREA, **_SHARED)


def _number(name: str, label: str, draws: list[int], _until_ms: int) -> Blueprint:
    values = [f"{d % 1_000_000 / 100:.2f}".rstrip("0").rstrip(".") for d in draws]
    return pooled(name, label, (*values, *[None] * 12), **NUMBER, **_SHARED)


def _choice(name: str, label: str, _draws: list[int], _until_ms: int) -> Blueprint:
    return choice(name, label, _COLOURS, empty=5, **_SHARED)


def _day(name: str, label: str, draws: list[int], until_ms: int) -> Blueprint:
    values = [iso_day(until_ms - d % 1_500 * _DAY_MS) for d in draws]
    return pooled(name, label, (*values, *[None] * 12), **DATE, **_SHARED)


def _flag(name: str, label: str, _draws: list[int], _until_ms: int) -> Blueprint:
    return flag(name, label, **_SHARED)


def _several(name: str, label: str, draws: list[int], _until_ms: int) -> Blueprint:
    values = [";".join(value for n, (value, _) in enumerate(_COLOURS) if d >> n & 1) or None for d in draws]
    several = {"type": "enumeration", "field_type": "checkbox", "options": _COLOURS}
    return pooled(name, label, (*values, *[None] * 8), **several, **_SHARED)


def _moment(name: str, label: str, draws: list[int], until_ms: int) -> Blueprint:
    values = [iso(until_ms - d % (1_500 * _DAY_MS)) for d in draws]
    return pooled(name, label, (*values, *[None] * 12), **DATETIME, **_SHARED)


def _line(name: str, label: str, draws: list[int], _until_ms: int) -> Blueprint:
    values = [f"{words.JOB_TITLES[d % 12]} {d % 89}" for d in draws]
    return pooled(name, label, (*values, "", *[None] * 10), **_SHARED)


_KINDS = (_line, _number, _choice, _day, _flag, _several, _moment, _paragraph)
