"""What is wrong now, source by source: each trouble once, with the streams that it concerns; and what is remarked."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ontologie.model.diagnosis import CATALOGUE, Severity
from ontologie.services import remarks, sources, streams
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
    """All of them, the gravest first, then by source; those that stop nothing come last."""
    overviews = {source.id: source for source in await streams.overview(context)}
    found = [problem for source in overviews.values() for problem in _of(source)]
    found += [
        Problem(source=overviews[item.source_id], code=item.code, params=item.params, object_types=(item.object_type,))
        for item in await remarks.of_sources(context, await sources.every(context))
        if item.source_id in overviews
    ]
    return sorted(found, key=lambda problem: (_WORST_FIRST.index(problem.severity), problem.source.name))


def _of(source: SourceOverview) -> list[Problem]:
    if source.diagnosis_code:
        known = [stream.last_synced_at for stream in source.streams]
        since = min((moment for moment in known if moment), default=None)
        return [Problem(source=source, code=source.diagnosis_code, params=source.diagnosis_params, since=since)]
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
