"""The ranges of ids tile what is left to read, however readers take, split and finish them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ontologie.connectors.hubspot.ranges import END, Bounds, Intervals, Range, Ranges, covering
from ontologie.model.record import IdRange

ids = st.integers(0, 2**53)


def left(ranges: Ranges) -> list[tuple[int, int]]:
    """The ranges that are not done, in order."""
    return sorted((item.next, item.end) for item in ranges._ranges if not item.done)


def read(ranges: Ranges, item: Range, reached: int) -> list[tuple[int, int]]:
    """A page from where the range stands, handed out and stored; what of it was new."""
    first, end = (reached, item.end) if ranges.from_above else (item.next, reached)
    claimed = ranges.claim(first, end)
    for start, stop in claimed:
        ranges.stored(start, stop)
    return claimed


def assert_tiles(pieces: list[tuple[int, int]], done: list[tuple[int, int]], start: int) -> None:
    """Everything from ``start`` on is in exactly one piece, read or left."""
    edge = start
    for first, end in sorted(pieces + done):
        assert first == edge, "a gap or an overlap"
        edge = end
    assert edge == END


intervals = st.lists(st.integers(0, 60), unique=True, max_size=12).map(
    lambda edges: list(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)


@given(given_ones=intervals, first=st.integers(0, 60), end=st.integers(0, 60))
def test_what_is_taken_from_a_set_of_intervals_is_what_was_there_and_no_longer_is(
    given_ones: list[tuple[int, int]], first: int, end: int
) -> None:
    def members(found: list[tuple[int, int]]) -> set[int]:
        return {item for start, stop in found for item in range(start, stop)}

    ids = Intervals(given_ones)
    before = members(list(ids))
    taken = members(ids.take(first, end))
    assert taken == before & set(range(first, end))
    assert members(list(ids)) == before - taken
    assert all(start < stop for start, stop in ids)


@given(start=ids, last=ids, total=st.integers(0, 10**6), pieces=st.integers(1, 30))
def test_the_cut_pieces_cover_the_whole_id_space_once(start: int, last: int, total: int, pieces: int) -> None:
    bounds = Bounds(first=0, last=max(last, start), total=total)
    assert_tiles(left(Ranges.cut(bounds, start=start, pieces=pieces)), [], start)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), total=st.integers(0, 100_000), last=st.integers(0, 10**9), pieces=st.integers(1, 6))
def test_nothing_is_lost_or_read_twice_however_ranges_are_taken_split_and_shared_out(
    data: st.DataObject, total: int, last: int, pieces: int
) -> None:
    ranges = Ranges.cut(Bounds(first=0, last=last, total=total), start=0, pieces=pieces)
    owned: list[Range] = []
    done: list[tuple[int, int]] = []
    for _ in range(data.draw(st.integers(0, 40))):
        if data.draw(st.booleans()) or not owned:
            taken = ranges.take_lowest() if data.draw(st.booleans()) else ranges.take()
            if taken is not None:
                owned.append(taken)
        else:
            item = data.draw(st.sampled_from(owned))
            if not item.done:
                step = data.draw(st.integers(1, max(1, last // 7)))
                done += read(ranges, item, item.end - step if ranges.from_above else item.next + step)
            if data.draw(st.booleans()):
                item.owned = False
                owned.remove(item)
        if not ranges.done and data.draw(st.integers(0, 9)) == 0:
            ranges.share_out(data.draw(st.integers(1, 9)), below=data.draw(st.floats(0, 0.9)))
        assert_tiles(list(ranges._unread), done, 0)
        assert all(ranges._unread.within(*piece) for piece in left(ranges)), "nobody goes where all is read"
    assert_tiles(left(Ranges.restore(ranges.position())), done, 0)


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


def test_who_comes_from_above_shares_what_is_left_with_a_list_that_comes_from_below() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=99_999, total=100_000), start=0, pieces=24)
    taken = ranges.take()
    assert taken is not None
    ranges.claim(taken.next, taken.next + 200)
    ranges.share_out(3, below=0.25)
    assert taken.done, "who read before asks for another range"
    assert [round(ranges.bounds.records(*piece), -3) for piece in left(ranges)] == [50_000, 25_000, 25_000]
    highest = ranges.take()
    assert highest is not None
    assert highest.end == END


def test_what_was_read_by_others_meanwhile_leaves_nothing_to_share_out() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=999, total=1_000), start=0, pieces=2)
    waiting = ranges.take_lowest()
    assert waiting is not None
    ranges.claim(0, END)
    ranges.share_out(2, below=0.25)
    assert waiting.done
    assert ranges.take() is None


def test_half_of_a_range_that_is_read_from_above_is_its_lower_half() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=999, total=1_000), start=0, pieces=1)
    ranges.share_out(1, below=0.25)
    first, second = ranges.take(), ranges.take()
    assert first is not None
    assert second is not None
    assert (second.next, second.end, first.next, first.end) == (0, 500, 500, END)


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
    ranges.claim(0, 60)
    ranges.stored(0, 40)
    assert left(Ranges.restore(ranges.position())) == [(40, END)]


def test_a_finished_set_of_ranges_has_nothing_left() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=100, total=100), start=0, pieces=4)
    while (item := ranges.take()) is not None:
        read(ranges, item, item.end)
    assert ranges.done
    assert left(Ranges.restore(ranges.position())) == []


def test_the_lowest_range_is_given_to_who_reads_from_below_and_never_split() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=1_000_000, total=100_000), start=0, pieces=2)
    lowest, second = ranges.take_lowest(), ranges.take_lowest()
    assert lowest is not None
    assert second is not None
    assert (lowest.next, lowest.end) == (0, second.next)
    assert ranges.take_lowest() is None


def test_a_page_that_reaches_beyond_its_range_spares_others_what_it_holds() -> None:
    ranges = Ranges.cut(Bounds(first=0, last=999, total=1_000), start=0, pieces=2)
    lowest, upper = ranges.take_lowest(), ranges.take_lowest()
    assert lowest is not None
    assert upper is not None
    assert ranges.claim(lowest.next, 600) == [(0, 500), (500, 600)]
    assert lowest.done
    assert upper.next == 600
    assert ranges.claim(500, 700) == [(600, 700)], "what was read is not handed out again"
    assert ranges.unread(0) == 700


def test_a_page_covers_the_ids_from_where_it_was_asked_to_where_it_reached() -> None:
    assert covering(5, 9) == (IdRange(first=5, last=8),)
    assert covering(5, END) == (IdRange(first=5, last=END - 1),)
    assert covering(5, 5) == ()
