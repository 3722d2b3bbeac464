"""The next two weeks as patients see them, before and after a change (issue 14, point 1; CONSOLE, Set-up)."""

from html import unescape
from typing import Any

import pytest

from gateway.console.set_up.two_weeks import DAYS
from shared.contracts import errors
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.sent_forms import sent_by
from tests.builders.gateway.set_up import PREVIEWED
from tests.builders.gateway.world import World

SET_UP = "/staff/solna/set-up"
PEOPLE = [{"key": "anna", "name": "Anna Berg"}, {"key": "erik", "name": "Erik"}]


def slot(start: str, minutes: int = 30, practitioners: tuple[str, ...] = ("anna",), new: tuple[str, ...] = ()) -> Any:
    end = f"{start[:14]}{int(start[14:16]) + minutes:02}:00+01:00"
    return {"start": f"{start}:00+01:00", "end": end, "practitioners": practitioners, "new_patients": new}


def a_type(key: str, name: str, slots: Any = None, present: Any = None, **others: Any) -> dict[str, Any]:
    changes = None if slots is None and present is None else slots != present
    row = {"type": key, "name": key, "alias": {"en": name}, "needs": False, "free": 0, "present_free": 0}
    return {**row, "changes": changes, "slots": slots, "present": present, **others}


def previewed(browser: Browser, *types: dict[str, Any], **others: Any) -> None:
    """Let availability find these types."""
    told = {**PREVIEWED, "types": list(types), "practitioners": PEOPLE, **others}
    browser.world.availability.answers["preview_document"] = told


def day_of(browser: Browser, ahead: int = 1) -> str:
    """Return a date that is shown."""
    page = browser.get(f"{SET_UP}/preview").text
    return page.split('<th scope="row"><time datetime="')[ahead + 1][:10]


def checked(browser: Browser, **typed: str) -> str:
    """Return the page once a name was typed and checked."""
    form = {name: texts[-1] for name, texts in sent_by(browser.get(f"{SET_UP}/practitioners/anna").text).items()}
    sent = {**form, "name": "Anna Ek", "do": "check", **{f"-{name}": text for name, text in typed.items()}}
    return unescape(browser.post(f"{SET_UP}/practitioners/anna", sent).text)


def asked(browser: Browser) -> list[dict[str, Any]]:
    return [call.fields for call in browser.world.availability.calls if call.name == "preview_document"]


def test_c3_what_patients_see_now_is_told_day_by_day_and_asked_once(browser: Browser) -> None:
    previewed(browser, a_type("exam", "Examination", []))
    day = day_of(browser)
    browser.world.availability.calls.clear()
    slots = [slot(f"{day}T09:00"), slot(f"{day}T09:30")]
    previewed(
        browser,
        a_type("exam", "Examination", slots),
        holidays=[{"date": day, "holiday": "Lucia", "holidays": {"en": "Lucia"}}],
    )
    page = browser.get(f"{SET_UP}/preview?type=exam&practitioner=anna").text
    assert page.count('<th scope="row">') == DAYS
    for said in ("09:00", "09:30", "Lucia", "Available times:", 'value="anna" selected', "Examination"):
        assert said in page
    (fields,) = asked(browser)
    assert (fields["document"], fields["present"], fields["bookings"]) == (None, False, False)
    assert (fields["type"], fields["practitioner"]) == ("exam", "anna")


def test_c3_what_comes_goes_and_is_otherwise_is_marked_by_signs_and_words_on_its_side(browser: Browser) -> None:
    previewed(browser, a_type("exam", "Examination", []))
    day = day_of(browser)
    before = [slot(f"{day}T{clock}") for clock in ("08:00", "09:00", "10:00")]
    after = [before[0], slot(f"{day}T10:00", 45), slot(f"{day}T11:00", practitioners=("erik",))]
    previewed(browser, a_type("hygiene", "Hygiene", changes=False), a_type("exam", "Examination", after, before))
    page = checked(browser)
    assert "1 of 2 types of appointment change." in page
    left, right = page.split('<tr class="changes">')[1].split("</tr>")[0].split('data-label="After"')
    assert [left.count(f"mark-{mark}") for mark in ("gone", "other", "new")] == [1, 1, 0]
    assert [right.count(f"mark-{mark}") for mark in ("gone", "other", "new")] == [0, 1, 1]
    assert left.count("goes") == right.count("comes") == 1
    assert page.count('<tr class="changes">') == 1
    assert '<optgroup label="Changes"><option value="exam" selected>' in page
    assert asked(browser)[-1]["present"]


@pytest.mark.parametrize("other", [{"practitioners": ("anna", "erik")}, {"new": ("anna",)}, {"minutes": 45}])
def test_c3_a_time_that_is_offered_by_or_to_others_is_no_unchanged_one(browser: Browser, other: Any) -> None:
    """Whether who is new may take it counts, too (B7)."""
    previewed(browser, a_type("exam", "Examination", []))
    day = day_of(browser)
    time = f"{day}T09:00"
    previewed(browser, a_type("exam", "Examination", [slot(time, **other)], [slot(time)]))
    page = checked(browser)
    assert page.count('<li class="mark-other">') == 2
    assert "is offered otherwise" in page


def test_c3_where_nothing_changes_for_patients_that_is_said_plainly(browser: Browser) -> None:
    previewed(browser, a_type("exam", "Examination", []))
    day = day_of(browser)
    same = [slot(f"{day}T09:00")]
    previewed(browser, a_type("exam", "Examination", same, list(same)))
    page = checked(browser)
    assert "The times that patients see stay the same." in page
    assert "no change" in page
    assert 'class="marks"' not in page


def test_c3_the_choice_of_what_is_shown_goes_with_what_was_typed(browser: Browser) -> None:
    previewed(browser, a_type("exam", "Examination", [], []))
    page = checked(browser, type="exam", practitioner="erik", **{"from": "1999-01-01"})
    fields = asked(browser)[-1]
    assert (fields["type"], fields["practitioner"]) == ("exam", "erik")
    assert fields["from"] == browser.world.clock.now().date().isoformat(), "a day that cannot be chosen is none"
    assert fields["document"]["practitioners"][0]["name"] == "Anna Ek"
    assert '<option value="erik" selected>' in page


def test_c3_b1_where_online_booking_is_off_it_is_said_that_patients_see_nothing_yet(browser: Browser) -> None:
    previewed(browser, a_type("exam", "Examination", [], []), on=False, present_on=False, as_if_on=True)
    assert "These are the times that they would see." in checked(browser)
    assert asked(browser)[-1]["as_if_on"]
    previewed(browser, a_type("exam", "Examination", [], []), on=False)
    page = checked(browser)
    assert "Online booking is off, so patients see no times." in page
    assert "These are the times" not in page


def test_c3_what_was_too_much_and_what_is_for_needs_only_is_said(browser: Browser) -> None:
    previewed(browser, a_type("exam", "Examination", [], [], needs=True), unsearched=["hygiene"])
    page = checked(browser)
    assert "Not looked at, since there are so many:" in page
    assert "Only patients with an open need see this type." in page


def test_c3_nothing_is_previewed_of_mistakes_or_of_what_changes_nothing(browser: Browser) -> None:
    checked(browser, name="")
    checked(browser)
    before = len(asked(browser))
    form = {name: texts[-1] for name, texts in sent_by(browser.get(f"{SET_UP}/practitioners/anna").text).items()}
    browser.post(f"{SET_UP}/practitioners/anna", {**form, "do": "check"})
    browser.post(f"{SET_UP}/practitioners/anna", {**form, "name": "", "do": "check"})
    assert len(asked(browser)) == before


def test_c3_where_the_preview_does_not_come_the_change_can_be_saved_all_the_same(browser: Browser) -> None:
    browser.world.availability.answers["preview_document"] = errors.Timeout.because("too late")
    page = checked(browser)
    assert "What patients would see cannot be shown just now." in page
    assert 'value="apply"' in page


def test_c3_a_clinic_with_nothing_to_book_says_so(browser: Browser) -> None:
    assert "There is no type of appointment yet that patients can book." in browser.get(f"{SET_UP}/preview").text


def test_c1_therapists_preview_nothing(world: World, browser: Browser) -> None:
    assert Browser(world, THERAPIST).get(f"{SET_UP}/preview").status_code == 403
    assert not world.availability.calls
