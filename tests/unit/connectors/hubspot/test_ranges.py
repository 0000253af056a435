"""The ranges of ids tile what is left to read, however readers take, split and finish them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ontologie.connectors.hubspot.ranges import END, Bounds, Range, Ranges, covering
from ontologie.model.record import IdRange

ids = st.integers(0, 2**53)


def left(ranges: Ranges) -> list[tuple[int, int]]:
    """What is still to read, in order."""
    return sorted((item.next, item.end) for item in ranges._ranges if not item.done)


def assert_tiles(pieces: list[tuple[int, int]], done: list[tuple[int, int]], start: int) -> None:
    """Everything from ``start`` on is in exactly one piece, read or left."""
    edge = start
    for first, end in sorted(pieces + done):
        assert first == edge, "a gap or an overlap"
        edge = end
    assert edge == END


@given(start=ids, last=ids, total=st.integers(0, 10**6), pieces=st.integers(1, 30))
def test_the_cut_pieces_cover_the_whole_id_space_once(start: int, last: int, total: int, pieces: int) -> None:
    bounds = Bounds(first=0, last=max(last, start), total=total)
    assert_tiles(left(Ranges.cut(bounds, start=start, pieces=pieces)), [], start)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), total=st.integers(0, 100_000), last=st.integers(0, 10**9), pieces=st.integers(1, 6))
def test_nothing_is_lost_or_read_twice_however_ranges_are_taken_and_split(
    data: st.DataObject, total: int, last: int, pieces: int
) -> None:
    ranges = Ranges.cut(Bounds(first=0, last=last, total=total), start=0, pieces=pieces)
    owned: list[Range] = []
    read: list[tuple[int, int]] = []
    for _ in range(data.draw(st.integers(0, 40))):
        if data.draw(st.booleans()) or not owned:
            taken = ranges.take_lowest() if data.draw(st.booleans()) else ranges.take()
            if taken is not None:
                owned.append(taken)
        else:
            item = data.draw(st.sampled_from(owned))
            if not item.done:
                reached = min(item.end, item.next + data.draw(st.integers(1, max(1, last // 7))))
                read.append((item.next, reached))
                item.next = item.stored = reached
            if data.draw(st.booleans()):
                item.owned = False
                owned.remove(item)
        if data.draw(st.integers(0, 9)) == 0:
            ranges.refine(data.draw(st.integers(1, 2_000)))
        assert_tiles(left(ranges), read, 0)
    assert_tiles(left(Ranges.restore(ranges.position())), read, 0)


def test_two_readers_never_own_the_same_range() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=1_000_000, total=100_000), start=0, pieces=3)
    taken = [ranges.take() for _ in range(20)]
    found = [item for item in taken if item is not None]
    assert len({id(item) for item in found}) == len(found)
    assert len(found) > 3, "big ranges are split for free readers"


def test_ids_that_begin_far_from_zero_are_shared_out_evenly() -> None:
    bounds = Bounds(first=10**12, last=10**12 + 23_999, total=24_000)
    sizes = [bounds.records(first, end) for first, end in left(Ranges.cut(bounds, start=0, pieces=24))]
    assert sizes == [1_000.0] * 24


def test_refined_ranges_are_small_and_never_too_many_for_a_checkpoint() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=10**9, total=100_000), start=0, pieces=24)
    taken = ranges.take()
    ranges.refine(600)
    sizes = [ranges.bounds.records(first, end) for first, end in left(ranges)]
    assert sum(size > 700 for size in sizes) == 1, "only the one somebody reads"
    assert taken is not None
    assert sum(size < 599 for size in sizes) <= 2, "and the rest below and above it"
    huge = Ranges.cut(Bounds(first=0, last=10**9, total=50_000_000), start=0, pieces=24)
    huge.refine(600)
    assert len(left(huge)) <= 500


def test_who_has_nothing_left_reads_beside_the_one_with_most_left_once_each() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=900, total=300), start=0, pieces=3)
    owners = [ranges.take() for _ in range(3)]
    assert ranges.take() is None, "too small to split"
    beside = [ranges.take_beside() for _ in range(4)]
    assert set(beside[:3]) == set(owners)
    assert beside[3] is None


def test_a_range_with_few_records_left_is_not_split() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=1_000_000, total=399), start=0, pieces=1)
    assert ranges.take() is not None
    assert ranges.take() is None


def test_the_position_holds_what_was_not_handed_out_even_if_it_was_read() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=100, total=100), start=0, pieces=1)
    item = ranges.take()
    assert item is not None
    item.next, item.stored = 60, 40
    assert left(Ranges.restore(ranges.position())) == [(40, END)]


def test_a_finished_set_of_ranges_has_nothing_left() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=100, total=100), start=0, pieces=4)
    while (item := ranges.take()) is not None:
        item.next = item.stored = item.end
    assert ranges.done
    assert left(Ranges.restore(ranges.position())) == []


def test_the_lowest_range_is_given_to_who_reads_from_below_and_never_split() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=1_000_000, total=100_000), start=0, pieces=2)
    lowest, second = ranges.take_lowest(), ranges.take_lowest()
    assert lowest is not None
    assert second is not None
    assert (lowest.next, lowest.end) == (0, second.next)
    assert ranges.take_lowest() is None


def test_who_reads_from_below_goes_on_in_the_next_range_only_while_nobody_has_it() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=1_000, total=1_000), start=0, pieces=3)
    lowest = ranges.take_lowest()
    assert lowest is not None
    following = ranges.take_at(lowest.end)
    assert following is not None
    assert following.next == lowest.end
    assert ranges.take_at(lowest.end) is None


def test_a_page_covers_the_ids_from_where_it_was_asked_to_where_it_reached() -> None:
    assert covering(5, 9) == (IdRange(first=5, last=8),)
    assert covering(5, END) == (IdRange(first=5, last=END - 1),)
    assert covering(5, 5) == ()
