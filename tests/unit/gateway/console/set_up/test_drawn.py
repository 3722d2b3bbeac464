"""What the set-up draws over its fields (issue 14): weeks, single days, the weeks to come, who takes what, an order."""

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import encode_multipart

from gateway.clients.document_words import DocumentWords
from gateway.console.set_up.drawn.strip import Strip, strip_of
from gateway.console.set_up.drawn.week import week_of
from gateway.console.set_up.form.around import Around
from tests.builders.gateway.console import Browser
from tests.builders.gateway.sent_forms import sent_by
from tests.builders.gateway.set_up import a_document, in_normal_form, keep, put_in_force
from tests.builders.gateway.set_up_forms import SET_UP, applied, checked_document, send, typed
from tests.builders.gateway.world import World

DEMO = Path(__file__).parents[5] / "demo"
BEFORE_53 = date(2026, 12, 24)
"""A Thursday in week 52 of a year that has 53: two odd weeks follow each other."""


@pytest.mark.parametrize(("language", "first"), [("en", "mon"), ("fa", "sat")])
def test_s2_a_week_is_drawn_from_the_day_with_which_the_reader_s_begins(language: str, first: str) -> None:
    around = Around(language, a_document(), DocumentWords(language))
    week = week_of("templates", around)
    assert week is not None
    assert week.lanes[0].name == f"week.{first}"
    assert len(week.lanes) == 7
    assert [(kind.named.key, kind.is_online) for kind in week.kinds] == [("exam", True), ("lunch", False)]
    assert all(kind.named.look for kind in week.kinds)


def test_s2_the_drawing_is_hidden_until_scripts_draw_it(browser: Browser) -> None:
    """C3: without them the rows stand as they are."""
    page = browser.get(f"{SET_UP}/templates/normal").text
    assert '<div class="week-drawn calendar" data-drawn hidden>' in page
    assert 'name="week.mon.0.from"' in page


def plan(template: str = "one", **changes: Any) -> dict[str, Any]:
    return {"practitioner": "anna", "template": template, "from": None, "to": None, "weeks": "all", **changes}


def strip(*plans: dict[str, Any], practitioner: str | None = "anna") -> Strip:
    return strip_of({"plans": list(plans)}, practitioner, "Anna", BEFORE_53)


def held(found: Strip) -> dict[int, list[tuple[str, ...]]]:
    """Return by the number of its week which templates hold in its parts."""
    return {week.number: [part.templates for part in week.parts] for week in found.weeks}


def test_s1_the_weeks_to_come_take_turns_by_their_iso_numbers() -> None:
    """S1: week 53 and week 1 are both odd."""
    found = held(strip(plan("odd", weeks="odd"), plan("even", weeks="even")))
    assert list(found)[:4] == [52, 53, 1, 2]
    assert [found[number] for number in (52, 53, 1, 2)] == [[("even",)], [("odd",)], [("odd",)], [("even",)]]


def test_s1_gaps_and_overlaps_are_told_by_their_days() -> None:
    found = strip(plan(to="2026-12-30"), plan("two", **{"from": "2027-01-06"}), plan("three", **{"from": "2027-01-13"}))
    week_53 = found.weeks[1]
    assert [(part.first.day, part.last.day, part.templates) for part in week_53.parts] == [
        (28, 30, ("one",)), (31, 3, ()),
    ]  # fmt: skip
    assert held(found)[2] == [("two",), ("two", "three")]


def test_s1_who_has_no_plan_works_by_that_of_everybody() -> None:
    assert held(strip(plan("all", practitioner=None)))[1] == [("all",)]
    assert not strip(plan("all", practitioner=None)).is_own
    assert held(strip(plan("all", practitioner=None), plan("own", to="2026-12-27")))[1] == [()]


def test_s1_what_cannot_be_read_yet_holds_on_no_day() -> None:
    assert held(strip(plan(**{"from": "2026-13-01"})))[1] == [()]
    assert held(strip(plan(template=None)))[1] == [()]


def test_s1_a_plan_s_strip_is_drawn_anew_as_it_is_typed_and_nothing_is_checked_for_it(browser: Browser) -> None:
    page = browser.get(f"{SET_UP}/plans/1").text
    assert 'id="strip"' in page
    assert "no plan" not in page
    fields = {**sent_by(page), "to": ["2026-01-31"], "do": ["check"]}
    part = browser.post(f"{SET_UP}/plans/1", fields, headers={"HX-Request": "true", "HX-Target": "strip"}).text
    assert part.strip().startswith("<section")
    assert "no plan" in part
    assert not [each for each in browser.world.availability.calls if each.name == "check_document"]


def test_s1_the_list_of_plans_shows_everybody_s_weeks(browser: Browser) -> None:
    page = unescape(browser.get(f"{SET_UP}/plans").text)
    assert 'aria-label="Anna Berg"' in page
    assert "normal</strong>" in page


def test_s8_a_single_day_begins_with_what_the_plan_says(browser: Browser) -> None:
    new = {"date": "2026-12-21", "practitioner": "anna"}
    page = typed(browser, "/days/-new", do="plan", **new)
    sent = sent_by(page.text)
    assert sent["blocks.rows"] == ["4"], "three, and one to fill in"
    assert (sent["blocks.2.from"], sent["blocks.2.to"]) == (["13:00"], ["24:00"])
    assert sent["blocks.2.step.number"] == ["20"]
    assert not applied(browser)
    send(browser, "/days/-new", sent)
    made = checked_document(browser)["days"][-1]
    assert [each["kind"] for each in made["blocks"]] == ["exam", "lunch", "exam"]
    assert made["date"] == "2026-12-21"


def test_s8_what_was_typed_of_a_day_is_replaced_by_the_plan_and_a_day_off_is_said(browser: Browser) -> None:
    new = {"date": "2026-12-22", "practitioner": "anna", "blocks__0__kind": "exam", "blocks__0__from": "8"}
    page = typed(browser, "/days/-new", do="plan", **new)
    assert "By the plan nobody works on this date." in page.text
    assert sent_by(page.text)["blocks.0.from"] == [""]
    page = typed(browser, "/days/-new", do="plan", blocks__0__from="8")
    assert "Enter a real date" in page.text
    assert sent_by(page.text)["blocks.0.from"] == ["8"]


def test_s12_who_takes_what_is_ticked_in_one_table(browser: Browser) -> None:
    typed(browser, "/takers", **{
        "types.exam.practitioners": ["", "erik"], "types.exam.lengths.anna.number": "",
        "types.acute.lengths.erik.number": "60",
    })  # fmt: skip
    exam, acute = checked_document(browser)["types"]
    assert (exam["practitioners"], exam["lengths"]) == (["erik"], {})
    assert (acute["practitioners"], acute["lengths"]) == ([], {"erik": "60m"})


def test_s12_a_mistake_stands_in_its_cell_of_the_table(browser: Browser) -> None:
    page = typed(browser, "/takers", **{"types.acute.lengths.anna.number": "47"})
    assert page.status_code == 422
    assert '<a href="#types-acute-lengths-anna">' in page.text
    assert 'id="error-types-acute-lengths-anna"' in page.text


def test_s12_a_unit_that_does_not_exist_is_refused_in_the_table(browser: Browser) -> None:
    page = typed(browser, "/takers", **{
        "types.acute.lengths.anna.number": "60", "types.acute.lengths.anna.unit": "fortnights",
    })  # fmt: skip
    assert page.status_code == 422
    assert 'id="error-types-acute-lengths-anna"' in page.text


def test_s12_who_takes_what_is_saved_in_a_clinic_of_thirty_people_and_thirty_types(world: World) -> None:
    """C3: checked while one types as well, which comes in parts."""
    people = [{"key": f"p{number}", "name": f"P {number}"} for number in range(30)]
    types = [{"key": f"t{number}", "name": f"T {number}", "length": "30m"} for number in range(30)]
    put_in_force(world, practitioners=people, types=types, plans=[], days=[], absences=[])
    browser = Browser(world)
    form = sent_by(browser.get(f"{SET_UP}/takers").text)
    answer = send(browser, "/takers", form, **{"types.t29.lengths.p29.number": "60"})
    assert answer.status_code == 200
    fields = MultiDict([(name, text) for name, texts in {**form, "do": ["check"]}.items() for text in texts])
    boundary, body = encode_multipart(fields)
    kind = f'multipart/form-data; boundary="{boundary}"'
    answer = world.post(f"{SET_UP}/takers", data=body, content_type=kind, headers=browser.sending())
    assert answer.status_code == 200


@pytest.mark.parametrize("clinic", ["aldente", "exir", "frenda", "norsk", "optamed"])
def test_c3_a_table_and_an_order_that_nobody_touched_change_nothing(world: World, clinic: str) -> None:
    document = in_normal_form((DEMO / f"{clinic}.yaml").read_text(encoding="utf-8"))
    keep(world, document)
    browser = Browser(world)
    typed(browser, "/takers")
    assert checked_document(browser) == document
    send(browser, "/types", {"revision": ["7"], "order": [row["key"] for row in document["types"]]})
    assert checked_document(browser) == document


def test_s13_practitioners_are_moved_up_and_down_and_saved_after_a_look(browser: Browser) -> None:
    """S13, aldente's manual: the order of practitioners."""
    page = send(browser, "/practitioners", sent_by(browser.get(f"{SET_UP}/practitioners").text), do="order")
    page = send(browser, "/practitioners", sent_by(page.text), do="down:anna")
    assert sent_by(page.text)["order"] == ["erik", "anna"]
    assert 'value="down:anna" autofocus' in page.text
    assert not applied(browser)
    seen = send(browser, "/practitioners", sent_by(page.text))
    assert "What becomes different" in seen.text
    answer = send(browser, "/practitioners", sent_by(seen.text), do="apply")
    assert answer.location == f"{SET_UP}/practitioners?done=applied"
    assert [each["key"] for each in applied(browser)[0]["document"]["practitioners"]] == ["erik", "anna"]


def test_s13_an_order_forgets_nobody_and_takes_in_nobody(browser: Browser) -> None:
    """Whoever was added meanwhile stands behind; whoever was taken out, or never was, stands nowhere."""
    send(browser, "/practitioners", {"revision": ["7"], "order": ["erik", "nobody"]})
    assert [each["key"] for each in checked_document(browser)["practitioners"]] == ["erik", "anna"]
    page = send(browser, "/practitioners", {"revision": ["7"], "order": ["erik", "anna"]}, do="up:erik")
    assert sent_by(page.text)["order"] == ["erik", "anna"]
    page = send(browser, "/practitioners", {"revision": ["7"], "order": ["erik", "anna"]}, do="up:nobody")
    assert sent_by(page.text)["order"] == ["erik", "anna"]


@pytest.mark.parametrize("part", ["plans", "days", "templates", "block-kinds"])
def test_s13_what_has_no_order_is_not_put_in_one(browser: Browser, part: str) -> None:
    assert browser.post(f"{SET_UP}/{part}", {"do": "check", "revision": "7"}).status_code == 404
    assert "Change the order" not in browser.get(f"{SET_UP}/{part}").text


def on(
    day: str, practitioner: str | None = "anna", blocks: Any = ({"kind": "exam", "from": "09:00", "to": "12:00"},)
) -> dict[str, Any]:
    return {"practitioner": practitioner, "date": day, "blocks": list(blocks)}


def marked(world: World, language: str, *days: dict[str, Any]) -> str:
    """Return the calendar above the list of single days."""
    put_in_force(world, days=list(days))
    page = unescape(Browser(world, language=language).get(f"{SET_UP}/days").text)
    return page.partition('<section class="year"')[2].partition("</section>")[0]


def test_s2_months_with_single_days_show_which_dates_they_are_and_lead_there(world: World) -> None:
    """Issue 14: whose they are is said, and where nobody works; what is over is not shown, nor a month without any."""
    found = marked(
        world, "en", on("2026-11-01"), on("2026-12-24", blocks=()), on("2026-12-28"), on("2026-12-28", None),
        on("2027-02-01"), on("2028-01-01"),
    )  # fmt: skip
    assert re.findall(r"<caption>([^<]+)</caption>", found) == ["December 2026", "February 2027"]
    links = re.findall(r'<a href="([^"]+)"( class="is-closed")? aria-label="([^"]+)"', found)
    assert links == [
        (f"{SET_UP}/days/2", ' class="is-closed"', "Thursday 24 December 2026: Anna Berg, no hours"),
        ("#item-3", "", "Monday 28 December 2026: Anna Berg, Everybody"),
        (f"{SET_UP}/days/5", "", "Monday 1 February 2027: Anna Berg"),
    ]


def test_s2_single_days_stand_in_the_reader_s_own_months(world: World) -> None:
    found = marked(world, "fa", on("2026-12-24"))
    assert re.findall(r"<caption>([^<]+)</caption>", found) == ["دی ۱۴۰۵"]
    assert ">۳</a>" in found


def test_s2_without_single_days_to_come_there_is_no_calendar(world: World) -> None:
    assert marked(world, "en") == marked(world, "en", on("2020-01-01")) == ""
