"""What a run compared is told with numbers that agree with their nouns."""

from datetime import UTC, datetime

import pytest

from ontologie.model.diagnosis import Language
from ontologie.web.formats import Formats
from ontologie.web.story import Story, run_texts

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "ours", "said"),
    [
        ("en", 0, "0 records here"), ("en", 1, "1 record here"), ("en", 2, "2 records here"),
        ("fr", 0, "0 enregistrement ici"), ("fr", 1, "1 enregistrement ici"), ("fr", 2, "2 enregistrements ici"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("found", [{}, {"missing": 1}])
def test_a_full_check_counts_one_record_as_one(
    language: Language, ours: int, said: str, found: dict[str, int]
) -> None:
    assert said in Story(run_texts(language), Formats(language, NOON)).checked(found, ours, 7)
