"""The masks, on numbers small enough to draw (lowest bit first)."""

from hypothesis import given
from hypothesis import strategies as st

from shared.clinic.starts.bits import at_least, comb, positions, runs, spaced, span, union


def mask(drawing: str) -> int:
    """Return the mask that a drawing shows: `x` is set, `.` is not, the earliest cell first."""
    return sum(1 << index for index, sign in enumerate(drawing) if sign == "x")


def test_a_span_is_half_open() -> None:
    assert span(2, 5) == mask("..xxx.")
    assert span(5, 5) == span(5, 2) == 0


def test_a_comb_has_a_tooth_at_every_distance_before_its_end() -> None:
    assert comb(1, 8, 3) == mask(".x..x..x")
    assert comb(1, 7, 3) == mask(".x..x...")
    assert comb(3, 3, 2) == 0


def test_a_union_cuts_what_overlaps_or_lies_outside() -> None:
    assert union([(5, 7), (-3, 2), (1, 3), (6, 40), (9, 9)], 8) == mask("xxx..xxx")
    assert union([], 8) == union([(8, 12), (-4, 0)], 8) == 0


def test_runs_are_where_so_many_cells_in_a_row_are_free() -> None:
    free = mask("xxxx..xxxxxxx")
    assert runs(free, 1) == free
    assert runs(free, 3) == mask("xx....xxxxx..")
    assert runs(free, 6) == mask("......xx.....")


def test_at_least_counts_masks_cell_by_cell() -> None:
    masks = [mask("xx.x"), mask("x..x"), mask("xx..")]
    assert [at_least(masks, needed) for needed in (1, 2, 3, 4)] == [mask("xx.x"), mask("xx.x"), mask("x..."), 0]


def test_spaced_takes_what_is_far_enough_from_the_last_one_taken() -> None:
    candidates = mask("xxxx.xxxxx")
    assert spaced(candidates, 3) == mask("x..x..x..x")
    assert spaced(candidates, 1) == spaced(candidates, 0) == candidates
    assert spaced(candidates, 3, taken=mask(".x")) == mask(".x...x..x.")
    assert spaced(candidates, 0, taken=mask("..x")) == mask("..xx.xxxxx")


def test_positions_come_lowest_first() -> None:
    assert list(positions(mask("..x.xx"))) == [2, 4, 5]
    assert list(positions(0)) == []


spans = st.lists(st.tuples(st.integers(-20, 80), st.integers(-20, 80)), max_size=8)


@given(spans=spans, width=st.integers(1, 70))
def test_a_union_is_every_cell_of_every_span(spans: list[tuple[int, int]], width: int) -> None:
    cells = {cell for start, end in spans for cell in range(max(start, 0), min(end, width))}
    assert set(positions(union(spans, width))) == cells


@given(free=st.integers(0, 2**64), length=st.integers(1, 40))
def test_runs_look_at_each_cell_of_the_run(free: int, length: int) -> None:
    expected = [start for start in range(65) if all(free >> start + index & 1 for index in range(length))]
    assert list(positions(runs(free, length))) == expected
