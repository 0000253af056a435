"""What a diagnosis is made of: its sentences, how grave it is, what it does to the data, and who acts next."""

import enum
from typing import Literal

import msgspec

Language = Literal["en", "fr"]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A short text in both languages."""

    en: str
    fr: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis in one language; every text may hold ``{parameters}``."""

    problem: str
    """What happened, in one sentence."""
    remedy: str
    """What to do, in one sentence: for a line of a table or of the terminal."""
    steps: tuple[str, ...] = ()
    """The same, step by step. Empty: the remedy is the only step."""
    data: str = ""
    """What it means for the data, where the sentence of its :class:`Effect` does not say it well enough."""


class Severity(enum.StrEnum):
    """How grave it is, for colours, sorting and exit codes."""

    NOTICE = "notice"
    """All goes well or mends itself; worth knowing."""
    WARNING = "warning"
    """Data is late or incomplete, and we go on by ourselves."""
    ACTION = "action"
    """Nothing goes on before somebody acts."""
    FAULT = "fault"
    """A fault of ours or of HubSpot's."""


class Effect(enum.Enum):
    """What it means for the data."""

    NONE = Words(en="Nothing stored is touched.", fr="Rien de ce qui est enregistré n’est touché.")
    STREAM = Words(
        en="This stream keeps what it held and gets nothing new; the other streams go on.",
        fr="Ce flux garde ce qu’il contenait et ne reçoit plus rien de nouveau ; les autres flux continuent.",
    )
    SOURCE = Words(
        en="All streams of the source keep what they held and get nothing new.",
        fr="Tous les flux de la source gardent ce qu’ils contenaient et ne reçoivent plus rien de nouveau.",
    )
    LATE = Words(
        en="What is stored is right; what changed since arrives later.",
        fr="Ce qui est enregistré est juste ; ce qui a changé depuis arrivera plus tard.",
    )
    INSTALLATION = Words(
        en="No source can be synced until this is mended; what is stored is not lost.",
        fr="Aucune source ne peut être synchronisée tant que ce n’est pas réglé ; rien d’enregistré n’est perdu.",
    )
    OWN = Words(en="", fr="")
    """The explanations say it themselves."""


class Retry(enum.Enum):
    """Whether and when we try again by ourselves."""

    NEVER = Words(en="It waits for you.", fr="Nous attendons votre intervention.")
    NEXT_RUN = Words(
        en="Each run looks again, so it goes on by itself once mended; Sync now is quicker.",
        fr="Chaque synchronisation vérifie de nouveau : tout reprend une fois le problème réglé ;"
        " « Synchroniser » va plus vite.",
    )
    GROWING = Words(
        en="We try again by ourselves, except at the frequency manual: first after about a minute, then after growing"
        " waits, at most an hour.",
        fr="Nous réessayons de nous-mêmes, sauf à la fréquence manuelle : d’abord après environ une minute, puis de"
        " plus en plus tard, au plus une heure.",
    )
    NEXT_DAY = Words(
        en="We go on by ourselves, except at the frequency manual, shortly after midnight in the account's time zone;"
        " until then no request is spent.",
        fr="Nous reprenons de nous-mêmes, sauf à la fréquence manuelle, peu après minuit, heure du compte ; d’ici là,"
        " aucune requête n’est dépensée.",
    )
    WITHIN_RUN = Words(
        en="We go on by ourselves within the same run.",
        fr="Nous continuons de nous-mêmes dans la même synchronisation.",
    )
    AT_ONCE = Words(
        en="The next run follows at once, except at the frequency manual.",
        fr="La synchronisation suivante démarre aussitôt, sauf à la fréquence manuelle.",
    )


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A place to click. ``url`` may hold ``{ui_domain}`` and ``{portal_id}``; without them ``general`` is used."""

    label: Words
    general: str
    url: str = ""


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the catalogue."""

    code: str
    severity: Severity
    effect: Effect
    retry: Retry
    link: Link | None = None
    en: Explanation
    fr: Explanation

    @property
    def retried(self) -> bool:
        """We try again by ourselves."""
        return self.retry is not Retry.NEVER
