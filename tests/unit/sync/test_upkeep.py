"""Deletions are held when they are more than both bounds, not when they reach one."""

import pytest

from ontologie.sync.upkeep import Upkeep


@pytest.mark.parametrize(
    ("gone", "live", "held"),
    [
        (1_000, 1_000, False),
        (1_001, 1_001, True),
        (1_001, 20_020, False),
        (1_002, 20_020, True),
        (25_000, 500_000, False),
        (25_001, 500_000, True),
        (0, 0, False),
    ],
)
def test_at_a_bound_nothing_is_held_and_one_more_is(gone: int, live: int, held: bool) -> None:
    assert Upkeep().is_mass_deletion(gone, live) is held


@pytest.mark.parametrize("hundredths", range(1, 101))
def test_a_whole_share_of_any_stream_is_at_the_bound(hundredths: int) -> None:
    upkeep = Upkeep(mass_deletion_records=0, mass_deletion_share=hundredths / 100)
    for live in range(100, 2_000, 100):
        exactly = hundredths * live // 100
        assert not upkeep.is_mass_deletion(exactly, live)
        assert upkeep.is_mass_deletion(exactly + 1, live)


def test_both_bounds_may_be_none_or_all() -> None:
    assert Upkeep(mass_deletion_records=0, mass_deletion_share=0).is_mass_deletion(1, 500)
    assert not Upkeep(mass_deletion_records=0, mass_deletion_share=1).is_mass_deletion(500, 500)
