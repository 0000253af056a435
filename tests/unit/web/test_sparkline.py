"""A sparkline shows the last runs, the newest on the right, and nothing else."""

import re

from ontologie.web.sparkline import sparkline


def bars(svg: str) -> list[tuple[str, int]]:
    """(kind, height) of every bar, from left to right."""
    found = re.findall(r'<rect x="(\d+)" y="\d+" width="3" height="(\d+)" class="(\w+)"', svg)
    return [(kind, int(height)) for _, height, kind in sorted(found, key=lambda one: int(one[0]))]


def test_every_run_has_a_bar_and_missing_ones_a_dot() -> None:
    assert bars(sparkline([5, 0], 4, "x")) == [("none", 1), ("none", 1), ("some", 20), ("none", 1)]


def test_a_small_change_is_seen_beside_a_first_sync() -> None:
    first, second = bars(sparkline([50_000, 3], 2, "x"))
    assert first == ("some", 20)
    assert second[1] >= 2


def test_only_the_newest_fit() -> None:
    assert len(bars(sparkline(range(100), 24, "x"))) == 24


def test_its_label_is_text() -> None:
    assert 'aria-label="&lt;b&gt; &#34;quoted&#34;"' in sparkline([1], 1, '<b> "quoted"')
