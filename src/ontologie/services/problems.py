"""What is wrong now, source by source: each trouble once, with the streams that it concerns."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ontologie.model.diagnosis import CATALOGUE, Severity
from ontologie.services import streams
from ontologie.services.context import Context
from ontologie.services.streams import SourceOverview

_WORST_FIRST = (Severity.ACTION, Severity.FAULT, Severity.WARNING, Severity.NOTICE)


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A trouble of one source. ``object_types`` empty: of the source as a whole."""

    source: SourceOverview
    code: str
    params: dict[str, str | int]
    object_types: tuple[str, ...] = ()
    since: datetime | None = None
    """When all of these were last right; None: never yet."""

    @property
    def severity(self) -> Severity:
        return CATALOGUE[self.code].severity


async def open_problems(context: Context) -> list[Problem]:
    """All of them, the gravest first, then by source."""
    found = [problem for source in await streams.overview(context) for problem in _of(source)]
    return sorted(found, key=lambda problem: (_WORST_FIRST.index(problem.severity), problem.source.name))


def _of(source: SourceOverview) -> list[Problem]:
    if source.diagnosis_code:
        return [Problem(source=source, code=source.diagnosis_code, params=source.diagnosis_params)]
    together: dict[tuple[str, str], list[tuple[str, Mapping[str, str | int], datetime | None]]] = {}
    for stream in source.streams:
        for item in stream.objects:
            if item.diagnosis_code:
                key = (item.diagnosis_code, str(sorted(item.diagnosis_params.items())))
                told = (item.object_type, item.diagnosis_params, item.last_synced_at)
                together.setdefault(key, []).append(told)
    return [
        Problem(
            source=source,
            code=code,
            params=dict(items[0][1]),
            object_types=tuple(name for name, _, _ in items),
            since=min((moment for _, _, moment in items if moment), default=None),
        )
        for (code, _), items in together.items()
    ]
