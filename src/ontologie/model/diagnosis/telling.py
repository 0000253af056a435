"""A diagnosis told to a person: in one language, filled with what is known of the case."""

from collections.abc import Mapping, Sequence

import msgspec

from ontologie.model.diagnosis.catalogue import CATALOGUE
from ontologie.model.diagnosis.entry import Effect, Language, Link, Severity, Words

_CONCERNED = Words(en="Streams: {streams}.", fr="Flux : {streams}.")
_STALE = Words(en="Nothing newer than {since}.", fr="Rien de plus récent que {since}.")
_STALE_EFFECTS = (Effect.STREAM, Effect.SOURCE, Effect.LATE, Effect.INSTALLATION)


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the case, beside the error's own parameters; texts are ready to be shown."""

    streams: Sequence[str] = ()
    """The names of the streams concerned, as the reader knows them."""
    since: str = ""
    """When these streams were last right, as this reader writes moments."""
    portal_id: int | None = None
    ui_domain: str = ""
    """The host of the account's pages, which tells its region: ``app-eu1.hubspot.com``."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis, ready to be shown."""

    code: str
    severity: Severity
    problem: str
    """What happened."""
    data: str
    """What it means for the data."""
    remedy: str
    """What to do, in one sentence."""
    steps: tuple[str, ...]
    """What to do, step by step; at least one."""
    retried: bool
    retry: str
    """Whether and when we try again by ourselves."""
    link: str | None = None
    link_label: str = ""


NOTHING_KNOWN = Situation()


def explain(
    code: str, params: Mapping[str, str | int], language: Language, situation: Situation = NOTHING_KNOWN
) -> Told:
    """``code`` in ``language``, filled with ``params``. KeyError for an unknown code: our bug."""
    found = CATALOGUE[code]
    said = found.en if language == "en" else found.fr
    known = _Known(params)
    return Told(
        code=code,
        severity=found.severity,
        problem=known.fill(said.problem),
        data=" ".join(
            [
                known.fill(said.data or _in(found.effect.value, language)),
                *_extent(found.effect, language, situation),
            ]
        ),
        remedy=known.fill(said.remedy),
        steps=tuple(known.fill(step) for step in said.steps or (said.remedy,)),
        retried=found.retried,
        retry=_in(found.retry.value, language),
        link=_address(found.link, situation) if found.link else None,
        link_label=_in(found.link.label, language) if found.link else "",
    )


def _extent(effect: Effect, language: Language, situation: Situation) -> list[str]:
    """Which streams are concerned, and since when."""
    parts = []
    if situation.streams:
        parts.append(_in(_CONCERNED, language).format(streams=", ".join(situation.streams)))
    if situation.since and effect in _STALE_EFFECTS:
        parts.append(_in(_STALE, language).format(since=situation.since))
    return parts


def _address(link: Link, situation: Situation) -> str:
    if link.url and situation.portal_id is not None and _of_hubspot(situation.ui_domain):
        return link.url.format(ui_domain=situation.ui_domain, portal_id=situation.portal_id)
    return link.general


def _of_hubspot(host: str) -> bool:
    """A link on our pages leads to HubSpot or nowhere, whatever an answer claimed to be its host."""
    return host.endswith(".hubspot.com") and all(part.replace("-", "").isalnum() for part in host.split("."))


def _in(words: Words, language: Language) -> str:
    return words.en if language == "en" else words.fr


class _Known(dict[str, str | int]):
    """Parameters; one that the error did not bring shows as an ellipsis rather than breaking the page."""

    def fill(self, text: str) -> str:
        return text.format_map(self).replace("….", "…")

    def __missing__(self, key: str) -> str:
        return "…"
