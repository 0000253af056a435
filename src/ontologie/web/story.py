"""What a run covered and compared, in words: for its page and for the terminal."""

from collections.abc import Mapping
from importlib.resources import files

from ontologie.model.diagnosis import Language
from ontologie.model.run import DIFFERENCES, CountsMean, ObjectProgress
from ontologie.web.catalogue import Texts, load_texts
from ontologie.web.formats import Formats


def run_texts(language: Language) -> Texts:
    """The texts of runs alone, for who shows no page."""
    po = files("ontologie.web").joinpath("locale", language, "runs.po").read_bytes()
    return Texts(load_texts(po, language), language)


class Story:
    """Tells it in one reader's language."""

    def __init__(self, texts: Texts, formats: Formats) -> None:
        self._texts = texts
        self._formats = formats

    def covered(self, item: ObjectProgress, zone: str, *, said: str = "") -> str:
        """What was read to its end, with the windows of time in this zone; empty where nothing was.

        ``said``: follows a window where nothing around it names the zone.
        """
        parts = [
            self._texts.get(
                f"covered_{part.key}",
                since=self._formats.moment(part.since, zone),
                until=self._formats.moment(part.until, zone) + said if part.until else "",
            )
            for part in item.covered
        ]
        return self._texts.get("run_covered", what=" · ".join(parts)) if parts else ""

    def compared(self, item: ObjectProgress) -> tuple[str, ...]:
        """A sentence on the counts, where they were compared, and one on what a full check found and repaired."""
        told, found = [], item.compared
        checked = item.checked_ours is not None and item.checked_theirs is not None
        if found.counts_mean and not (checked and found.counts_mean is CountsMean.EQUAL):
            told.append(self._counts(f"counts_{found.counts_mean.value}", found.counted_ours, found.counted_theirs))
        differed = {name: getattr(found, name) for name in DIFFERENCES}
        if checked:
            told.append(self.checked(differed, item.checked_ours, item.checked_theirs))
        elif found.gone:
            told.append(self._texts.get("deletions_found", what=self._differences({"gone": found.gone})))
        return tuple(told)

    def checked(self, found: Mapping[str, int], ours: int | None, theirs: int | None) -> str:
        """What a full check found and repaired, with the counts after it."""
        what = self._differences(found)
        return self._counts("check_repaired" if what else "check_nothing", ours, theirs, what=what)

    def _differences(self, found: Mapping[str, int]) -> str:
        return ", ".join(
            self._texts.counted(f"differed_{name}", found[name], count=self._formats.number(found[name]))
            for name in DIFFERENCES
            if found.get(name)
        )

    def _counts(self, key: str, ours: int | None, theirs: int | None, **more: str) -> str:
        numbers = {"ours": self._formats.number(ours), "theirs": self._formats.number(theirs)}
        return self._texts.counted(key, ours or 0, **numbers, **more)
