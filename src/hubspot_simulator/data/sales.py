"""Deals, tickets, products, line items and the custom object."""

from typing import Any

from hubspot_simulator.clock import iso
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
from hubspot_simulator.data.organisation import PIPELINES, Pipeline, Stage
from hubspot_simulator.data.source import Source

_DAY_MS = 86_400_000
_CYCLE_MS = 90 * _DAY_MS
_CURRENCIES = (("EUR", "Euro"), ("USD", "US dollar"), ("GBP", "Pound sterling"))


def _pipeline_options(object_type: str) -> tuple[tuple[str, str], ...]:
    return tuple((pipeline.id, pipeline.label) for pipeline in PIPELINES[object_type])


def _stage_options(object_type: str) -> tuple[tuple[str, str], ...]:
    return tuple((stage.id, stage.label) for pipeline in PIPELINES[object_type] for stage in pipeline.stages)


class _DealRoad:
    """Where a deal stands: old ones are closed, recent ones on their way."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def pipeline(self, index: int) -> Pipeline:
        return PIPELINES["deals"][0 if self._source.chance.number(index, 41) % 4 else 1]

    def stage(self, index: int) -> Stage:
        source, pipeline = self._source, self.pipeline(index)
        draw = source.chance.number(index, 42)
        age_ms = source.until_ms - source.timeline.created_ms(index)
        closed = [stage for stage in pipeline.stages if stage.closed]
        if age_ms > _CYCLE_MS + draw % _CYCLE_MS:
            return closed[draw // 1_000 % 100 > 45]  # noqa: PLR2004 - 45 % won
        opened = [stage for stage in pipeline.stages if not stage.closed]
        return opened[min(age_ms * len(opened) // (2 * _CYCLE_MS), len(opened) - 1)]

    def amount(self, index: int) -> float | None:
        draw = self._source.chance.number(index, 43)
        if draw % 11 == 0:
            return None
        return (draw % 900 + 10) * 50 / (1 if draw % 3 else 1.6)

    def close_ms(self, index: int) -> int:
        source = self._source
        return source.timeline.created_ms(index) + _CYCLE_MS // 2 + source.chance.number(index, 44) % _CYCLE_MS

    def name(self, index: int) -> str:
        chance = self._source.chance
        return f"{chance.pick(words.DEAL_KINDS, index, 45)} – {chance.pick(words.COMPANY_HEADS, index, 46)} n°{index}"

    def probability(self, index: int) -> str:
        return self.stage(index).metadata["probability"]

    def expected(self, index: int) -> str | None:
        """The amount times the probability."""
        amount = self.amount(index)
        return None if amount is None else _amount_text(amount * float(self.probability(index)))

    def is_closed(self, index: int) -> str:
        return _truth(self.stage(index).closed)

    def is_won(self, index: int) -> str:
        return _truth(self.probability(index) == "1.0")


def _truth(holds: bool) -> str:
    return "true" if holds else "false"


def _amount_text(amount: float | None) -> str | None:
    return None if amount is None else f"{amount:.2f}".rstrip("0").rstrip(".")


def deal_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of deals."""
    road = _DealRoad(source)
    return [
        *source.standard(),
        computed("dealname", "Deal name", road.name, group="dealinformation"),
        computed("amount", "Amount", lambda i: _amount_text(road.amount(i)), group="dealinformation", **NUMBER),
        computed("closedate", "Close date", lambda i: iso(road.close_ms(i)), **DATETIME),
        computed(
            "pipeline",
            "Pipeline",
            lambda i: road.pipeline(i).id,
            type="enumeration",
            field_type="select",
            options=_pipeline_options("deals"),
        ),
        computed(
            "dealstage",
            "Deal stage",
            lambda i: road.stage(i).id,
            type="enumeration",
            field_type="radio",
            options=_stage_options("deals"),
        ),
        computed("hs_is_closed", "Is closed", road.is_closed, type="bool", **CALCULATED),
        computed("hs_is_closed_won", "Is won", road.is_won, type="bool", **CALCULATED),
        computed("hs_deal_stage_probability", "Stage probability", road.probability, type="number", **CALCULATED),
        computed("hs_forecast_amount", "Forecast amount", road.expected, type="number", **CALCULATED),
        choice("deal_currency_code", "Currency", _CURRENCIES),
        choice("dealtype", "Deal type", (("newbusiness", "New business"), ("existingbusiness", "Existing business"))),
        pooled("description", "Description", (*words.PARAGRAPHS, None, None), **AREA),
        choice("hs_priority", "Priority", (("low", "Low"), ("medium", "Medium"), ("high", "High")), empty=3),
    ]


def ticket_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of tickets."""
    chance = source.chance

    def stage(index: int) -> str:
        age_ms = source.until_ms - source.timeline.created_ms(index)
        return "4" if age_ms > 30 * _DAY_MS else str(1 + chance.number(index, 51) % 3)

    def closed(index: int) -> str | None:
        return iso(source.timeline.created_ms(index) + 5 * _DAY_MS) if stage(index) == "4" else None

    return [
        *source.standard(),
        computed("subject", "Ticket name", lambda i: f"{chance.pick(words.TICKETS, i, 52)} [{i}]"),
        pooled("content", "Ticket description", (*words.PARAGRAPHS, None), **AREA),
        choice("hs_pipeline", "Pipeline", _pipeline_options("tickets"), empty=0),
        computed(
            "hs_pipeline_stage",
            "Ticket status",
            stage,
            type="enumeration",
            field_type="select",
            options=_stage_options("tickets"),
        ),
        computed("closed_date", "Close date", closed, **DATETIME),
        choice("hs_ticket_priority", "Priority", (("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High"))),
        choice(
            "hs_ticket_category", "Category", (("PRODUCT_ISSUE", "Product issue"), ("BILLING_ISSUE", "Billing issue"))
        ),
        choice("source_type", "Source", (("EMAIL", "Email"), ("CHAT", "Chat"), ("PHONE", "Phone"))),
        pooled("time_to_close", "Time to close", ("3600000", "86400000.0", None), type="number", **CALCULATED),
    ]


def product_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of products."""
    chance = source.chance
    return [
        *source.standard(),
        computed("name", "Name", lambda i: f"{chance.pick(words.PRODUCTS, i, 61)} {i}"),
        computed("price", "Unit price", lambda i: f"{chance.number(i, 62) % 90_000 / 100:.2f}", **NUMBER),
        computed("hs_sku", "SKU", lambda i: f"SKU-{i:06d}"),
        pooled("description", "Product description", (*words.SENTENCES, None), **AREA),
    ]


def line_item_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of line items."""
    chance = source.chance
    return [
        *source.standard(),
        computed("name", "Name", lambda i: chance.pick(words.PRODUCTS, i, 63)),
        computed("price", "Unit price", lambda i: f"{chance.number(i, 64) % 90_000 / 100:.2f}", **NUMBER),
        pooled("quantity", "Quantity", ("1", "2", "3", "10"), **NUMBER),
        pooled("hs_discount_percentage", "Discount", ("10", "5.5", None, None), **NUMBER),
    ]


def car_properties(source: Source) -> list[Blueprint]:
    """The properties of the custom object."""
    chance = source.chance
    own: dict[str, Any] = {"hubspot_defined": False, "group": "car_information"}
    mileages = ("12000", "85000.5", "unknown" if source.odd_numbers else "7", None)
    return [
        *source.standard(),
        computed("vin", "VIN", lambda i: f"VF1{chance.number(i, 71) % 10**14:014d}", unique=True, **own),
        computed("model", "Modèle", lambda i: chance.pick(words.MODELS, i, 72), **own),
        computed("first_registered", "First registered", lambda i: source.day(i, 73, 4_000), **DATE, **own),
        pooled(
            "mileage",
            "Kilométrage",
            mileages,
            **NUMBER,
            **own,
        ),
        flag("electric", "Électrique", **own),
    ]
