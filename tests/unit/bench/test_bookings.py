"""The arithmetic of the bench of bookings: places, rates, lags, costs."""

from collections import defaultdict
from datetime import date

import pytest

from bench.bookings.clinic import PRACTITIONERS, place
from bench.bookings.counters import PARTS, Costs
from bench.bookings.effects import EFFECTS, SENT, Effects
from bench.bookings.floors import Floor
from bench.bookings.measuring import Line, Way, growth, line, name, references
from bench.bookings.report import part
from bench.bookings.showing import FIGURES, floor_row, rows
from bench.load import Done
from bench.processor import seconds

TODAY = date(2026, 11, 28)
COUNTS = ("statements", "transactions", "published", "delivered")


def effects(lags: list[float]) -> Effects:
    """Return effects of bookings r0, r1, …, which were answered in the seconds 1, 2, …, so much later each."""
    at = {f"r{number}": 1.0 + number + lag for number, lag in enumerate(lags)}
    return Effects(dict.fromkeys(EFFECTS, at), max(at.values()) + 1.0)


def a_line(lags: list[float], *more: Done) -> Line:
    done = [Done(0.5 + number, 1.0 + number, f"r{number}") for number in range(len(lags))]
    costs = Costs(dict.fromkeys(PARTS, 0.010 * len(lags)), dict.fromkeys(COUNTS, 3 * len(lags)), rest=0.05)
    return line("book", [*done, *more], effects(lags), costs, stored=0, each=1)


def test_nobody_is_sent_to_a_place_twice() -> None:
    places = [place(number, TODAY) for number in range(100_000)]
    assert len(set(places)) == len(places)


def test_bookings_that_follow_each_other_are_with_others_and_on_other_days() -> None:
    days = defaultdict(set)
    for number in range(len(PRACTITIONERS)):
        practitioner, start = place(number, TODAY)
        days[practitioner].add(start[:10])
    assert len(days) == len(PRACTITIONERS)
    assert len(set.union(*days.values())) == len(PRACTITIONERS)


def test_rates_are_counted_to_the_last_answer_and_to_the_last_effect() -> None:
    measured = a_line([0.5, 0.5, 2.0])
    assert measured.answered == pytest.approx(3 / 2.5)
    assert measured.completed == pytest.approx(3 / 5.5)
    assert measured.answer == pytest.approx((500.0, 500.0))
    assert measured.lags[SENT] == pytest.approx((500.0, 2000.0))


def test_costs_are_shared_by_the_bookings_that_stand() -> None:
    measured = a_line([0.5, 0.5])
    assert measured.processor["RabbitMQ"] == pytest.approx(10.0)
    assert measured.milliseconds == pytest.approx(10.0 * len(PARTS))
    assert measured.rest == pytest.approx(50.0)
    assert measured.counts == dict.fromkeys(COUNTS, 3)


def test_a_refusal_is_counted_and_has_no_lag() -> None:
    measured = a_line([0.5, 0.5], Done(1.0, 9.0, "!504 late"))
    assert (measured.bookings, measured.refused) == (2, 1)
    assert measured.answer == pytest.approx((500.0, 500.0))


def test_a_run_in_which_nobody_can_book_ends() -> None:
    with pytest.raises(SystemExit, match="504"):
        references([Done(0.0, 1.0, "!504 late")])


def test_lag_grows_where_the_last_third_waits_longer() -> None:
    answered = {f"r{number}": 1.0 + number for number in range(6)}
    assert growth(effects([1.0, 1.0, 2.0, 2.0, 4.0, 4.0]), answered) == pytest.approx(4.0)
    assert growth(effects([1.0] * 6), answered) == pytest.approx(1.0)


def test_what_a_program_and_its_ended_children_used_is_counted() -> None:
    fields = ["S", *("0" for _ in range(10)), "100", "20", "3", "1", "0"]
    assert seconds([fields, fields, ["X"]]) == pytest.approx(2.48)


def test_each_figure_has_a_row_and_each_line_a_column() -> None:
    found = rows([a_line([0.5]), a_line([0.5])])
    assert [row[0] for row in found] == list(FIGURES)
    assert {len(row) for row in found} == {3}


def test_a_floor_says_who_spends_its_time() -> None:
    floor = Floor("bare insert", 2404.4, {"client": 0.1, "PostgreSQL": 0.25})
    assert floor_row(floor) == ["bare insert", "2,404", "0.35", "client 0.10, PostgreSQL 0.25"]


@pytest.mark.parametrize(
    ("way", "called"),
    [
        (Way(clients=1, seconds=5), "book, 1 client"),
        (Way(clients=8, number=9, hold=True), "hold and book, 8 clients"),
        (Way(clients=40, seconds=5, rate=12.4), "book, 12/s"),
    ],
)
def test_ways_to_book_are_called_by_what_tells_them_apart(way: Way, called: str) -> None:
    assert name(way) == called


def test_the_report_has_six_ways_to_book_abreast_and_a_table_of_floors() -> None:
    floor = Floor("bare insert", 2404.4, {"client": 0.1})
    written = part([a_line([0.5])] * 7, [floor], "today").split("\n\n")
    assert [block.splitlines()[0].count("|") - 2 for block in written[1:]] == [6, 1, 3]
    assert written[0] == "<!-- bookings -->\ntoday"
    assert written[-1].endswith("\n<!-- /bookings -->")
