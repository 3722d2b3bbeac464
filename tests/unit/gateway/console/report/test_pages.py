"""The report in the console: figures beside those before, plots, and sentences to act on (PRODUCT A2)."""

from typing import Any

import pytest

from gateway.console.report import plots, wishes
from gateway.http.online_tally import REFUSED
from gateway.http.wording import WORDS
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.world import World

REPORT = "/staff/solna/report"
FIGURES = {
    "visits": 120, "bookings": 31, "moves": 4, "cancellations": 3, "missed": 1,
    "refusals": {"no_times": 37, "slot_taken": 2}, "web_share": 0.74, "lead_time_hours": 240.0,
}  # fmt: skip
NOTHING = {
    "visits": 0, "bookings": 0, "moves": 0, "cancellations": 0, "missed": 0, "refusals": {}, "web_share": None,
    "lead_time_hours": None,
}  # fmt: skip


def told(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return what booking answers."""
    return {
        "by": "day", "from": "2026-11-22", "to": "2026-11-23", "rows": list(rows), "total": FIGURES,
        "before": {"from": "2026-11-20", "to": "2026-11-21", **NOTHING, "bookings": 28},
        "wanted": [
            {"code": "no_times", "weekday": 2, "hour": 17, "count": 30},
            {"code": "no_times", "weekday": 6, "hour": None, "count": 7},
        ],
        **changes,
    }  # fmt: skip


def day(key: str, **changes: Any) -> dict[str, Any]:
    """Return a row of a day."""
    return {"key": key, "from": key, "to": key, **FIGURES, **changes}


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser."""
    clinic.booking.answers["report"] = told(day("2026-11-22", **NOTHING), day("2026-11-23"))
    return Browser(clinic)


def asked(browser: Browser) -> dict[str, Any]:
    """Return what booking was asked last."""
    fields: dict[str, Any] = [call.fields for call in browser.world.booking.calls if call.name == "report"][-1]
    return fields


def test_a2_it_shows_the_last_four_weeks_and_what_was_before(browser: Browser) -> None:
    page = browser.get(REPORT).text
    assert asked(browser) == {"from": "2026-10-27", "to": "2026-11-23", "by": "day", "language": "en"}
    for said in (
        "120",
        "74%",
        "10 days",
        "before: 28",
        "Mon 23 Nov",
        "20 November 2026",
        "Went without a booking",
        "39",
    ):
        assert said in page, said
    assert "style=" not in page, "which no page may hold (CSP)"


def test_a2_an_owner_reads_what_to_act_on_the_most_often_first(browser: Browser) -> None:
    page = browser.get(REPORT).text
    sentences = [
        "37 searches found no available time.",
        "30 wanted a time after 17:00 and went without.",
        "7 wanted a Saturday or Sunday and went without.",
    ]
    places = [page.find(each) for each in sentences]
    assert -1 not in places
    assert places == sorted(places)
    assert "Somebody else had just taken the time" in page


def test_a2_what_came_once_is_a_reason_and_no_advice(browser: Browser) -> None:
    """A single case is no pattern to act on; it still stands in the table."""
    once = {**FIGURES, "refusals": {"new_patients_refused": 1, "no_times": 2}}
    wanted = [{"code": "no_times", "weekday": 6, "hour": 9, "count": 1}]
    browser.world.booking.answers["report"] = told(day("2026-11-23"), total=once, wanted=wanted)
    page = browser.get(REPORT).text
    assert "2 searches found no available time." in page
    assert "New patients cannot book here online" in page
    for advice in ("new patients could not book.", "wanted a Saturday or Sunday"):
        assert advice not in page


def test_a2_another_period_is_chosen_and_what_cannot_be_is_said(browser: Browser) -> None:
    answer = browser.post(REPORT, {"from": "2026-10-01", "to": "2026-10-31", "by": "week"})
    assert (answer.status_code, answer.location) == (303, f"{REPORT}?from=2026-10-01&to=2026-10-31&by=week")
    browser.follow(answer)
    assert asked(browser) == {"from": "2026-10-01", "to": "2026-10-31", "by": "week", "language": "en"}
    for wrong, said in (
        ({"from": "2026-10-31", "to": "2026-10-01"}, "The last day comes before the first."),
        ({"from": "2020-10-31", "to": "2026-10-01"}, "Choose at most two years."),
        ({"from": "", "to": "2026-10-01"}, "Enter the first and the last day."),
        ({"from": "soon", "to": "2026-10-01"}, "Enter a real date with day, month and year."),
    ):
        refused = browser.post(REPORT, wrong)
        assert (refused.status_code, said in refused.text) == (422, True), said
    assert browser.get(f"{REPORT}?from=x&to=2026-10-01&by=hour").status_code == 200


def test_a2_it_is_told_by_type_with_the_clinics_own_names(browser: Browser) -> None:
    rows = [{"key": key, **FIGURES} for key in ("", "exam", "gone")]
    browser.world.booking.answers["report"] = told(*rows, by="type")
    page = browser.get(f"{REPORT}?by=type").text
    assert "<bdi>First available</bdi>" in page
    assert "<bdi>gone</bdi>" in page
    assert page.count('class="bar"') == 3


def test_a2_in_persian_time_runs_from_the_right_in_its_own_months(browser: Browser) -> None:
    page = Browser(browser.world, language="fa").get(REPORT).text
    assert asked(browser)["language"] == "fa"
    for said in ("۷۴٪", "آذر", "گزارش"):
        assert said in page
    chosen = Browser(browser.world, language="fa").post(
        REPORT,
        {
            "from.year": "1405",
            "from.month": "8",
            "from.day": "1",
            "to.year": "1405",
            "to.month": "8",
            "to.day": "30",
            "by": "month",
        },
    )
    assert chosen.location == f"{REPORT}?from=2026-10-23&to=2026-11-21&by=month"


def test_a2_it_is_kept_as_a_table_in_which_nothing_is_a_formula(browser: Browser) -> None:
    browser.world.booking.answers["report"] = told({"key": "=1+1", **FIGURES}, by="type")
    file = browser.get(f"{REPORT}.csv?by=type&from=2026-11-22&to=2026-11-23")
    assert (file.mimetype, "solna-2026-11-22-2026-11-23.csv" in file.headers["Content-Disposition"]) == (
        "text/csv",
        True,
    )
    head, row, total = file.text.removeprefix("\ufeff").splitlines()
    assert head.startswith("Type of appointment;Visits;Bookings;")
    assert row == "'=1+1;120;31;4;3;1;39;0,74;240,0;37;2"
    assert total.startswith("Total;120;31;")


def test_a2_each_reason_that_counts_is_told_in_words() -> None:
    assert wishes.REASONS.keys() == REFUSED
    assert REFUSED - {"no_times"} <= WORDS.keys(), "a code that no refusal has"


def test_a2_it_is_administrators_alone_and_they_find_it(browser: Browser) -> None:
    assert f'href="{REPORT}"' in browser.get(REPORT).text
    therapist = Browser(browser.world, THERAPIST)
    assert therapist.get(REPORT).status_code == 403
    assert therapist.get(f"{REPORT}.csv").status_code == 403


def test_columns_stand_one_beside_the_other_and_reach_no_higher_than_the_plot() -> None:
    plot = plots.plot([(3, 4), (0, 0), (1, 0)], "a", "c")
    assert plot is not None
    assert plot.top == 10
    first, second, third = plot.columns
    assert [(part.series, part.y, part.height) for part in first.parts] == [(0, 70.0, 30.0), (1, 30.0, 40.0)]
    assert (second.parts, first.x < second.x < third.x, third.x + third.width <= plots.WIDTH) == ((), True, True)
    mirrored = plots.plot([(3, 4), (0, 0), (1, 0)], right_to_left=True)
    assert mirrored is not None
    assert [column.x for column in mirrored.columns] == [third.x, second.x, first.x]
    assert plots.plot([(0,), (0,)]) is None
    assert plots.plot([]) is None
    assert [plots.plot([(most,)]).top for most in (1, 2, 3, 7, 11, 99, 501)] == [1, 2, 5, 10, 20, 100, 1000]  # type: ignore[union-attr]
