"""A booking's panel in the console: what it shows, and its buttons that act (PRODUCT C6, C9, C10, C13, A1)."""

from typing import Any

import pytest

from shared.contracts.errors import ChangedMeanwhile, Invalid, NotFound, SlotNotOffered, TooLate, Unavailable
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.world import World

REFERENCE = "7K3M9QX2VT"
AT = f"/staff/solna/bookings/{REFERENCE}"
HOSTILE = '<script>alert(1)</script>"&\u202etxt'
TOLD = {
    "moved": [
        {"audience": "patient", "name": "Maja Ek", "channel": "sms"},
        {"audience": "patient", "name": "Maja Ek", "channel": "email"},
        {"audience": "practitioner", "name": "Anna Berg", "channel": "email"},
    ],
    "cancelled": [{"audience": "practitioner", "name": "Anna Berg", "channel": "email"}],
}
SLOT = {"start": "2026-12-01T15:00:00+01:00", "end": "2026-12-01T15:45:00+01:00", "practitioners": ["anna"]}


def shown(**changes: Any) -> dict[str, Any]:
    """Return a booking as staff see it."""
    told = {"contact_differs": [], "comment": None, "arrived_at": None, "note": None, "not_told": False}
    return a_booking(**{**told, "undo_until": None, "origin": "staff", **changes})


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser, at a clinic with a booking of Maja's."""
    clinic.booking.answers |= {
        "get": shown(),
        "history": {"history": [], "next": None},
        "find": {"bookings": [], "next": None},
    }
    clinic.notification.answers |= {"messages": {"messages": [], "next": None}, "addressees": TOLD}
    clinic.availability.answers["free_slots"] = {"slots": [{**SLOT, "outside_online": []}]}
    return Browser(clinic)


def called(browser: Browser, service: str = "booking") -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    """Return the last call of a service that changes something."""
    reads = {"get", "history", "find", "messages", "addressees", "free_slots", "watch_list_count", "failed_count"}
    call = next(each for each in reversed(getattr(browser.world, service).calls) if each.name not in reads)
    return call.name, call.args, call.fields


def test_everything_that_was_typed_is_shown(browser: Browser) -> None:
    browser.world.booking.answers["get"] = shown(message="By the back door", note="Afraid", answers={"fear": True})
    page = browser.get(AT).text
    for text in ("Maja Ek", "+46701740605", "maja@example.com", "Anna Berg", "US", "By the back door", "Afraid"):
        assert text in page
    assert "SEK" in page


def test_what_patients_typed_is_text_wherever_it_stands(browser: Browser) -> None:
    person = {"id": "p1", "first_name": HOSTILE, "last_name": HOSTILE, "mobile": HOSTILE, "email": HOSTILE}
    hostile = shown(patient=person, message=HOSTILE, note=HOSTILE, comment=HOSTILE, answers={HOSTILE: HOSTILE})
    browser.world.booking.answers |= {
        "get": hostile,
        "find": {"bookings": [{**hostile, "reference": "A"}], "next": None},
    }
    entry = {"at": "2026-11-02T11:00:00+01:00", "type": HOSTILE, "actor": {"kind": "staff", "id": HOSTILE}}
    changes = {"note": [None, HOSTILE], "practitioner": [HOSTILE, "anna"]}
    browser.world.booking.answers["history"] = {
        "history": [{**entry, "source": HOSTILE, "version": 2, "changes": changes}], "next": None,
    }  # fmt: skip
    browser.world.notification.answers["messages"] = {
        "messages": [{"id": "m1", "channel": "sms", "to": HOSTILE, "state": "failed", "reason": None, "at": None}],
        "next": None,
    }
    for path in (AT, f"{AT}/move", f"{AT}/cancel"):
        page = browser.get(path)
        assert page.status_code == 200, page.text
        assert "<script>alert" not in page.text


def test_n6_what_failed_stands_first_and_is_sent_again_from_here(browser: Browser) -> None:
    told = {"channel": "email", "to": "maja@example.com", "reason": None, "at": None}
    browser.world.notification.answers["messages"] = {
        "messages": [{**told, "id": "m1", "state": "sent"}, {**told, "id": "m2", "state": "failed"}], "next": None,
    }  # fmt: skip
    page = browser.get(AT).text
    assert page.index("/messages/m2") < page.index("/messages/m1")
    assert page.count("Send again</button>") == 1
    assert 'action="/staff/solna/messages/m2/resend"' in page
    assert "The message is being sent again." in browser.get(f"{AT}?done=again").text


def test_what_is_away_is_said_to_be_and_the_rest_is_shown(browser: Browser) -> None:
    browser.world.notification.answers["messages"] = Unavailable.because("away")
    page = browser.get(AT)
    assert page.status_code == 200
    assert "Messages cannot be shown just now." in page.text


def test_an_unknown_booking_is_not_found(browser: Browser) -> None:
    browser.world.booking.answers["get"] = NotFound.because("There is no such booking.")
    assert browser.get(AT).status_code == 404


@pytest.mark.parametrize(
    ("path", "sent", "method", "fields", "done"),
    [
        ("arrived", {"on": "yes"}, "arrived", {"on": True}, "Noted as arrived."),
        ("arrived", {"on": "no"}, "arrived", {"on": False}, "No longer noted as arrived."),
        ("no-show", {"on": "yes"}, "mark_no_show", {"on": True}, "Noted as missed."),
        ("no-show", {"on": "no"}, "mark_no_show", {"on": False}, "No longer noted as missed."),
        ("note", {"note": "Late", "version": "3"}, "note", {"text": "Late", "version": 3}, "Note saved."),
        ("sms-reminder", {"on": "no"}, "set_sms_reminder", {"on": False}, "The reminder by text message is off."),
        ("new-link", {"version": "3"}, "new_link", {"version": 3}, "The old link is void"),
        ("undo", {"version": "3"}, "undo", {"version": 3}, "Undone. Nobody is told."),
    ],
)
def test_c9_c10_c13_a_button_acts_at_once(
    browser: Browser, path: str, sent: dict[str, str], method: str, fields: dict[str, Any], done: str
) -> None:
    browser.world.booking.answers[method] = shown()
    answer = browser.post(f"{AT}/{path}", sent)
    assert called(browser) == (method, ("solna", REFERENCE), fields)
    assert done in browser.follow(answer).text


def test_the_confirmation_is_sent_again(browser: Browser) -> None:
    browser.world.notification.answers["confirm_again"] = {"messages": []}
    answer = browser.post(f"{AT}/confirmation")
    assert called(browser, "notification") == ("confirm_again", ("solna", REFERENCE), {})
    assert "The confirmation is on its way." in browser.follow(answer).text


def test_what_changed_under_ones_hands_is_said_and_what_was_typed_stays(browser: Browser) -> None:
    browser.world.booking.answers["note"] = ChangedMeanwhile.because("changed")
    page = browser.post(f"{AT}/note", {"note": "Half a sentence", "version": "1"})
    assert page.status_code == 409
    assert "Half a sentence" in page.text
    assert "Somebody else has changed this in the meantime" in page.text


@pytest.mark.parametrize(
    ("status", "arrived_at", "offered", "not_offered"),
    [
        ("booked", None, {"/move", "/cancel"}, {"/arrived", "/no-show"}),
        ("cancelled", None, {"Book again"}, {"/move", "/cancel", "/arrived", "/no-show"}),
        ("missed", None, {"Not missed after all"}, {"/move", "/arrived"}),
    ],
)
def test_only_what_can_be_done_is_offered(
    browser: Browser, status: str, arrived_at: str | None, offered: set[str], not_offered: set[str]
) -> None:
    """The booking is of a day to come: nobody has arrived or was missed."""
    browser.world.booking.answers["get"] = shown(status=status, arrived_at=arrived_at)
    page = browser.get(AT).text
    assert all(each in page for each in offered)
    assert not any(f"{AT}{each}" in page for each in not_offered if each.startswith("/"))


def test_on_its_day_one_press_notes_who_has_arrived(browser: Browser) -> None:
    now = browser.world.clock.now()
    today = {"start": now.replace(microsecond=0).isoformat(), "end": now.replace(microsecond=0).isoformat()}
    browser.world.booking.answers["get"] = shown(**today)
    page = browser.get(AT).text
    assert f'action="{AT}/arrived"' in page
    assert f'action="{AT}/no-show"' in page


def test_c10_a_change_of_a_moment_ago_can_be_undone(browser: Browser) -> None:
    browser.world.booking.answers["get"] = shown(version=4, undo_until="2026-11-23T10:00:30+01:00")
    page = browser.get(f"{AT}?done=moved").text
    assert f'action="{AT}/undo"' in page
    assert 'name="version" value="4"' in page
    assert "Moved to" in page
    browser.world.booking.answers["undo"] = TooLate.because("late")
    assert browser.post(f"{AT}/undo", {"version": "4"}).status_code == 409


def test_c10_before_a_move_stands_who_would_be_told_by_what(browser: Browser) -> None:
    page = browser.get(f"{AT}/move").text
    assert "Everybody: Maja Ek by text message and email, Anna Berg by email" in page
    assert "Not the patient, only Anna Berg by email" in page
    assert "Nobody" in page


def test_c10_where_the_patient_would_not_be_told_anyway_nothing_else_is_said(browser: Browser) -> None:
    page = browser.get(f"{AT}/cancel").text
    assert "Everybody: Anna Berg by email" in page
    assert "Not the patient" not in page
    browser.world.notification.answers["addressees"] = {"moved": [], "cancelled": []}
    assert "Nobody would be told of this" in browser.get(f"{AT}/cancel").text


def test_c10_where_that_is_not_to_be_learnt_one_chooses_all_the_same(browser: Browser) -> None:
    browser.world.notification.answers["addressees"] = Unavailable.because("away")
    page = browser.get(f"{AT}/cancel").text
    assert "The practitioner only" in page


def test_one_press_of_a_free_time_moves_there(browser: Browser) -> None:
    """Two clicks in all: Move, and the time."""
    page = browser.get(f"{AT}/move").text
    assert f'value="{SLOT["start"]}"' in page
    browser.world.booking.answers["rebook"] = shown(start=SLOT["start"])
    sent = {"start": SLOT["start"], "practitioner": "anna", "type": "exam", "tell": "none", "version": "1"}
    answer = browser.post(f"{AT}/move", sent)
    assert called(browser) == (
        "rebook", (), {"clinic": "solna", "reference": REFERENCE, "start": SLOT["start"], "tell": "none", "version": 1},
    )  # fmt: skip
    assert answer.location.endswith("done=moved")


def test_c6_the_time_that_it_has_is_offered_only_where_something_else_changes(browser: Browser) -> None:
    own = {"start": shown()["start"], "end": shown()["end"], "practitioners": ["anna", "erik"], "outside_online": []}
    browser.world.availability.answers["free_slots"] = {"slots": [own, {**SLOT, "outside_online": []}]}
    offered = f'value="{own["start"]}"'
    page = browser.get(f"{AT}/move").text
    assert f'value="{SLOT["start"]}"' in page
    assert offered not in page
    for change in ("minutes=60", "practitioner=erik", "type=acute"):
        assert offered in browser.get(f"{AT}/move?{change}").text


def test_the_calendar_s_dragging_leads_to_the_same_with_the_place_in_the_address(browser: Browser) -> None:
    page = browser.get(f"{AT}/move?start=2026-12-02T09:15:00%2B01:00&practitioner=erik&minutes=60").text
    assert 'value="2026-12-02T09:15:00+01:00"' in page
    (asked,) = [each for each in browser.world.notification.calls if each.name == "addressees"]
    assert asked.fields == {"practitioner": "erik"}
    browser.world.booking.answers["rebook"] = shown(start="2026-12-02T09:15:00+01:00", practitioner="erik")
    sent = {"start": "2026-12-02T09:15:00+01:00", "practitioner": "erik", "type": "exam", "minutes": "60"}
    browser.post(f"{AT}/move", sent)
    moved = called(browser)[2]
    assert (moved["practitioner"], moved["minutes"], moved["tell"]) == ("erik", 60, "all")


def test_outside_of_the_working_hours_one_is_asked_first(browser: Browser) -> None:
    browser.world.booking.answers["rebook"] = SlotNotOffered.because("outside")
    sent = {"start": "2026-12-02T20:00:00+01:00", "practitioner": "anna", "type": "exam"}
    page = browser.post(f"{AT}/move", sent)
    assert page.status_code == 409
    assert "outside of the working hours" in page.text
    assert 'name="outside_plan" value="yes"' in page.text
    browser.world.booking.answers["rebook"] = shown()
    browser.post(f"{AT}/move", {**sent, "outside_plan": "yes"})
    assert called(browser)[2]["outside_plan"] is True


def test_a_cancellation_keeps_what_was_typed_where_it_is_refused(browser: Browser) -> None:
    browser.world.booking.answers["cancel"] = ChangedMeanwhile.because("changed")
    page = browser.post(f"{AT}/cancel", {"comment": "Has a cold", "tell": "all", "version": "1"})
    assert page.status_code == 409
    assert "Has a cold" in page.text
    browser.world.booking.answers["cancel"] = shown(status="cancelled")
    answer = browser.post(f"{AT}/cancel", {"comment": "Has a cold", "tell": "practitioner", "version": "1"})
    assert called(browser)[2] == {
        "clinic": "solna", "reference": REFERENCE, "comment": "Has a cold", "tell": "practitioner", "version": 1,
    }  # fmt: skip
    assert answer.location.endswith("done=cancelled")


def test_what_is_refused_otherwise_is_said_in_the_panel(browser: Browser) -> None:
    text = "The appointment has not begun yet."
    browser.world.booking.answers["mark_no_show"] = Invalid.because(text, errors={"status": [text]})
    page = browser.post(f"{AT}/no-show", {"on": "yes"}, in_panel=True)
    assert page.status_code == 422
    assert "not begun" in page.text


def test_a1_the_history_tells_who_did_what(browser: Browser) -> None:
    eva = {"kind": "staff", "id": "eva@solna.example"}
    entries = [
        {"at": "2026-11-02T10:00:00+01:00", "type": "BookingCreated", "actor": {"kind": "patient", "id": None},
         "source": None, "changes": {"start": [None, "2026-12-01T14:00:00+01:00"]}, "version": 1},
        {"at": "2026-11-02T11:00:00+01:00", "type": "BookingMoved", "actor": eva, "source": "192.0.2.7", "version": 2,
         "changes": {"start": ["2026-12-01T14:00:00+01:00", "2026-12-01T15:00:00+01:00"], "tell": [None, "none"]}},
        {"at": "2026-11-02T11:01:00+01:00", "type": "BookingMoved", "actor": eva, "source": None,
         "changes": {"undoes": [None, 2]}, "version": 3},
    ]  # fmt: skip
    browser.world.booking.answers["history"] = {"history": entries, "next": None}
    page = browser.get(AT).text
    for text in ("Booked", "Moved", "Undone", "eva@solna.example", "192.0.2.7", "Who was told"):
        assert text in page


def test_c14_of_what_came_from_the_former_system_the_history_says_so(browser: Browser) -> None:
    entry = {
        "at": "2026-11-02T10:00:00+01:00",
        "type": "BookingCreated",
        "actor": {"kind": "staff", "id": "eva@solna.example"},
        "source": None,
        "changes": {"tell": [None, "none"], "imported": [None, True]},
        "version": 1,
    }
    browser.world.booking.answers["history"] = {"history": [entry], "next": None}
    page = browser.get(AT).text
    assert "Taken over from the former system" in page
    assert "Who was told" not in page, "its patient knows of it"


def test_c1_a_therapist_moves_within_their_own_calendar(clinic: World, browser: Browser) -> None:
    own = Browser(clinic, THERAPIST)
    clinic.booking.answers["get"] = shown(practitioner="erik")
    page = own.get(f"{AT}/move").text
    assert "Anna Berg</option>" not in page
    assert "Erik Lund</option>" in page


@pytest.mark.parametrize("language", ["sv", "fa"])
def test_every_panel_is_there_in_other_languages(clinic: World, browser: Browser, language: str) -> None:
    there = Browser(clinic, language=language)
    for path in (AT, f"{AT}/move", f"{AT}/cancel"):
        page = there.get(path)
        assert page.status_code == 200
        assert "Appointment<" not in page.text
