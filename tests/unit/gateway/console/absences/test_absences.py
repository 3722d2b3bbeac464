"""Absences in the console: entered after a look at what is in their way, which is then dealt with (PRODUCT S8, C12)."""

from typing import Any

import pytest

from shared.contracts.errors import Invalid
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.world import World, refusing

AT = "/staff/solna/absences"
ILL = {"id": "a1", "practitioner": "anna", "resource": None, "from": "2026-12-01", "to": "2026-12-01", "reason": "Ill"}
ABSENCE = "a" * 32
OVER = {**ILL, "id": ABSENCE, "from": "2026-11-20", "to": "2026-11-20"}
PLACE = {"start": "2026-12-02T09:00:00+01:00", "end": "2026-12-02T09:45:00+01:00", "practitioner": "anna"}
OTHER = {"start": "2026-12-01T15:00:00+01:00", "end": "2026-12-01T15:45:00+01:00", "practitioner": "erik"}
TYPED = {"whose": "practitioner:anna", "from": "2026-12-01", "to": "2026-12-03", "reason": "Ill"}


@pytest.fixture
def desk(world: World) -> Browser:
    """Return an administrator at a clinic where Anna is ill on 1 December."""
    open_clinic(world, absences=[ILL, OVER])
    collision = {
        "booking": a_booking(),
        "same": [PLACE],
        "others": [OTHER],
        "suggested": PLACE,
        "reach": ["sms", "email"],
    }
    world.availability.answers |= {
        "absences": {"absences": [ILL], "next": None},
        "check_absence": {"collisions": [], "next": None, "count": 0},
        "add_absence": {"id": "a2", "collisions": [], "next": None, "count": 0},
        "update_absence": {"id": "a1", "collisions": [], "next": None, "count": 0},
        "remove_absence": None,
    }
    world.booking.answers |= {
        "collision_times": {"collisions": [collision], "next": None, "count": 1},
        "resolve_collisions": {"results": [], "open": 0},
    }
    return Browser(world)


def called(desk: Browser, service: str, name: str) -> list[dict[str, Any]]:
    """Return with what fields a method was called."""
    return [call.fields for call in getattr(desk.world, service).calls if call.name == name]


def test_s8_absences_from_today_on_are_listed_with_who_when_and_why(desk: Browser) -> None:
    html = desk.get(AT).text
    for shown in ("Anna Berg", "Tuesday 1 December", "Ill", f'href="{AT}/a1/collisions"'):
        assert shown in html


def test_s8_an_absence_that_meets_nothing_is_saved_at_once(desk: Browser) -> None:
    answer = desk.post(f"{AT}/new", {**TYPED, "once": "k1"})
    assert (answer.status_code, answer.location) == (303, f"{AT}/a2?done=entered")
    (entered,) = called(desk, "availability", "add_absence")
    assert entered == {
        "practitioner": "anna", "from": "2026-12-01", "to": "2026-12-03", "reason": "Ill", "idempotency_key": "k1",
    }  # fmt: skip


def test_s8_what_is_in_the_way_is_shown_before_anything_is_saved_and_then_dealt_with(desk: Browser) -> None:
    desk.world.availability.answers["check_absence"] = {"collisions": [a_booking()], "next": None, "count": 1}
    desk.world.availability.answers["add_absence"] = {"id": "a2", "collisions": [a_booking()], "next": None, "count": 1}
    html = desk.post(f"{AT}/new", TYPED).text
    assert "Bookings in the way: 1" in html
    assert "Maja Ek" in html
    assert called(desk, "availability", "add_absence") == []
    answer = desk.post(f"{AT}/new", {**TYPED, "seen": "yes"})
    assert answer.location == f"{AT}/a2/collisions"


def test_while_it_is_typed_what_is_in_the_way_is_looked_for_and_nonsense_is_left_alone(desk: Browser) -> None:
    part = desk.post(f"{AT}/check", TYPED).text
    assert 'name="seen"' in part
    assert "No booking is in the way." in part
    for wrong in ({"from": "", "to": ""}, {"from_time": "10:00"}):
        assert 'name="seen"' not in desk.post(f"{AT}/check", {**TYPED, **wrong}).text


def test_part_of_a_day_is_entered_as_moments_of_the_clinic_s_clock(desk: Browser) -> None:
    desk.post(f"{AT}/new", {**TYPED, "to": "2026-12-01", "from_time": "13:00", "to_time": "15:30"})
    (entered,) = called(desk, "availability", "add_absence")
    assert (entered["from"], entered["to"]) == ("2026-12-01T13:00", "2026-12-01T15:30")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"from": "", "to": ""}, "Enter the first and the last day."),
        ({"from_time": "13:00"}, "Enter both times, or leave both out for whole days."),
        ({"from": "soon"}, "Enter a real date with day, month and year."),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_what_was_typed_stays(desk: Browser, wrong, says) -> None:
    answer = desk.post(f"{AT}/new", {**TYPED, **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Ill"' in answer.text


def test_a_stretch_drawn_in_the_calendar_opens_as_part_of_a_day(desk: Browser) -> None:
    html = desk.get(f"{AT}/new?practitioner=anna&from=2026-12-01T13:00&to=2026-12-01T15:30").text
    assert '<option value="practitioner:anna" selected>' in html
    assert 'value="2026-12-01"' in html
    assert 'value="13:00"' in html
    assert 'value="15:30"' in html


def test_an_absence_is_changed_and_removed(desk: Browser) -> None:
    assert 'value="Ill"' in desk.get(f"{AT}/a1").text
    assert desk.post(f"{AT}/a1", {**TYPED, "reason": "Better"}).location == f"{AT}/a1?done=changed"
    (changed,) = called(desk, "availability", "update_absence")
    assert changed["reason"] == "Better"
    assert desk.get(f"{AT}/a9").status_code == 404
    assert desk.post(f"{AT}/a9/remove").status_code == 404


def test_c10_an_absence_that_was_removed_by_a_slip_is_entered_again_as_it_was(desk: Browser) -> None:
    removed = desk.post(f"{AT}/{ABSENCE}/remove")
    assert removed.location == f"{AT}?done=removed&removed={ABSENCE}"
    undo = f'<form method="post" action="{AT}/{ABSENCE}/restore"'
    assert undo in desk.follow(removed).text
    assert undo not in desk.get(AT).text
    restored = desk.post(f"{AT}/{ABSENCE}/restore")
    assert (restored.status_code, restored.location) == (303, f"{AT}/a2?done=restored")
    (entered,) = called(desk, "availability", "add_absence")
    assert entered.pop("idempotency_key") == f"restored {ABSENCE}"
    (absence,) = (row for row in desk.world.documents.get("solna").document["absences"] if row["id"] == ABSENCE)
    assert {**entered, "id": ABSENCE} == absence
    desk.world.availability.answers["add_absence"]["count"] = 2
    assert desk.post(f"{AT}/{ABSENCE}/restore").location == f"{AT}/a2/collisions"


def test_c10_what_was_never_removed_is_not_entered_again(desk: Browser) -> None:
    assert desk.post(f"{AT}/{ABSENCE}/restore").status_code == 404
    assert called(desk, "availability", "add_absence") == []


def test_c12_each_booking_in_the_way_has_its_times_and_the_suggested_one_is_chosen(desk: Browser) -> None:
    html = desk.get(f"{AT}/a1/collisions").text
    assert f'value="anna@{PLACE["start"]}" checked' in html
    assert f'value="erik@{OTHER["start"]}"' in html
    assert 'value="invite"' in html
    assert "by text message and email" in html
    assert "Maja Ek" in html


def test_c12_who_was_sent_a_link_is_not_moved_under_their_hands_unless_that_is_chosen(desk: Browser) -> None:
    collision = {
        "booking": a_booking(invited=True), "same": [PLACE], "others": [], "suggested": PLACE, "reach": ["sms"],
    }  # fmt: skip
    desk.world.booking.answers["collision_times"] = {"collisions": [collision], "next": None, "count": 1}
    html = desk.get(f"{AT}/a1/collisions").text
    assert 'value="leave" checked' in html
    assert html.count(" checked") == 1


def test_c12_what_was_chosen_goes_in_one_call(desk: Browser) -> None:
    sent = {
        "reference": ["R1", "R2", "R3"],
        "do-R1": f"anna@{PLACE['start']}", "version-R1": "3",
        "do-R2": "invite", "version-R2": "1",
        "do-R3": "leave", "version-R3": "1",
        "text": "Anna is ill.",
    }  # fmt: skip
    desk.world.booking.answers["resolve_collisions"] = {
        "results": [
            {"reference": "R1", "done": "moved", "booking": a_booking(reference="R1"), "refusal": None},
            {"reference": "R2", "done": None, "booking": None, "refusal": {"code": "changed_meanwhile", "detail": "x"}},
        ],
        "open": 1,
    }
    html = desk.post(f"{AT}/a1/collisions", sent).text
    (asked,) = called(desk, "booking", "resolve_collisions")
    assert asked == {
        "absence": "a1",
        "move": [{"reference": "R1", "start": PLACE["start"], "practitioner": "anna", "version": 3}],
        "invite": ["R2"],
        "text": "Anna is ill.",
    }
    assert "Moved" in html
    assert "Somebody else has changed this in the meantime." in html
    assert "What is still open stays on the watch list." in html


def test_c12_all_who_can_be_reached_are_sent_a_link_by_one_press(desk: Browser) -> None:
    sent = {
        "reference": ["R1", "R2"], "do-R1": f"anna@{PLACE['start']}", "version-R1": "3", "reach-R1": "yes",
        "do-R2": "leave", "version-R2": "1", "reach-R2": "", "all": "invite",
    }  # fmt: skip
    desk.post(f"{AT}/a1/collisions", sent)
    (asked,) = called(desk, "booking", "resolve_collisions")
    assert (asked["move"], asked["invite"], asked["text"]) == ([], ["R1"], None)


def test_c12_a_refusal_of_all_keeps_the_clinic_s_words(desk: Browser) -> None:
    refusal = Invalid.because("Some fields are wrong; see errors.", errors={"text": ["Enter at most 1000 characters."]})
    desk.world.booking.answers["resolve_collisions"] = refusing(refusal)
    answer = desk.post(f"{AT}/a1/collisions", {"text": "Anna is ill."})
    assert answer.status_code == 422
    assert ">Anna is ill.</textarea>" in answer.text


def test_c1_a_therapist_enters_their_own_absences_alone(desk: Browser) -> None:
    erik = Browser(desk.world, THERAPIST)
    html = erik.get(f"{AT}/new").text
    assert 'value="practitioner:erik"' in html
    assert 'value="practitioner:anna"' not in html
    assert 'value="clinic"' not in html
    assert erik.get(f"{AT}/a1").status_code == 404, "a colleague's reason may be their health"


def test_what_a_patient_is_called_is_shown_as_text(desk: Browser) -> None:
    hostile = a_booking(patient={**a_booking()["patient"], "first_name": "<script>alert(1)</script>"})
    collision = {"booking": hostile, "same": [], "others": [], "suggested": None, "reach": []}
    desk.world.booking.answers["collision_times"] = {"collisions": [collision], "next": None, "count": 1}
    html = desk.get(f"{AT}/a1/collisions").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "No message reaches this patient: call them." in html
