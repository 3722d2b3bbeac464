"""Needs: given, used, told anew, taken back (PRODUCT B10, R1, R2)."""

import itertools
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest

from services.patient.handlers.needs import close_need
from services.patient.handlers.records import update
from services.patient.schemas import UpdateSchema
from shared.actor import Actor
from shared.contracts.envelope import Event
from shared.contracts.errors import Invalid, NotFound
from shared.incoming.fields import checked
from tests.builders.patient.bookings import NUMBER, a_booking, published, take_in
from tests.builders.patient.desks import KEYS, STAFF, Work, a_desk
from tests.builders.patient.needs import ASA, EVA, give, hear, id_of, listed, shown, told


def test_r1_staff_give_a_need_and_everybody_hears_of_it(people: Work) -> None:
    before = len(published(people))
    need = give(people, practitioner="anna", week="2026-W49")
    assert need == {
        "id": need["id"], "patient": id_of(people, "Eva"), "type": "exam", "practitioner": "anna", "minutes": 45,
        "week": "2026-W49", "state": "open", "usable_until": "2026-12-16", "booking": None,
        "unconfirmed": [],
    }  # fmt: skip
    (event,) = published(people)[before:]
    assert (event["type"], event["subject"], event["subject_version"]) == ("NeedAdded", need["id"], 1)
    assert (event["actor"], event["correlation_id"]) == (STAFF.brief(), "abc")
    person = event["data"].pop("person")
    assert event["data"] == {
        "need": need["id"], "patient": need["patient"], "type": "exam", "practitioner": "anna", "minutes": 45,
        "week": "2026-W49", "state": "open",
    }  # fmt: skip
    assert KEYS.people.open(person) == {
        "identity": NUMBER, "birth_date": "1981-12-28", "first_name": "Eva", "last_name": "Lind", "mobile": EVA,
        "email": "eva@example.org", "sms_ok": True, "email_ok": True,
        "unconfirmed": [],
    }  # fmt: skip


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"week": "2027-W53"}, "week"),
    ({"week": "2026-12-01"}, "week"),
    ({"week": "1999-W10"}, "week"),
    ({"week": "9999-W52"}, "week"),
    ({"week": None}, "week"),
    ({"type": "nothing"}, "type"),
    ({"practitioner": "eva"}, "practitioner"),
    ({"minutes": 0}, "minutes"),
    ({"minutes": -30}, "minutes"),
    ({"minutes": 42}, "minutes"),
    ({"minutes": "30"}, "minutes"),
    ({"minutes": 24 * 60 + 5}, "minutes"),
    ({"patient": "0" * 32}, "patient"),
    ({"patient": "x"}, "patient"),
    ({"state": "used"}, "state"),
]


def test_r1_wrong_fields_are_named_and_nothing_is_given(people: Work, subtests: pytest.Subtests) -> None:
    before = len(published(people))
    for fields, name in WRONG:
        with subtests.test(**fields):
            with pytest.raises(Invalid) as refused:
                give(people, **fields)
            assert list(refused.value.extra["errors"]) == [name]
    assert (listed(people)["needs"], len(published(people))) == ([], before)


def test_r1_the_patient_is_one_of_this_clinic(people: Work) -> None:
    with pytest.raises(Invalid):
        give(people, patient=id_of(people, "Eva", "lund"))
    with pytest.raises(NotFound):
        listed(people, Actor(kind="tool", id="x"), clinic="nowhere")


def test_b10_week_53_of_a_year_that_has_one(people: Work) -> None:
    need = give(people, week="2026-W53")
    assert need["usable_until"] == "2027-01-13"
    for day, state in ((13, "open"), (14, "expired")):
        assert shown(people, need["id"], now=datetime(2027, 1, day, 12, 0, tzinfo=UTC))["state"] == state


def test_a_need_is_used_by_a_booking_and_open_again_once_that_is_cancelled(people: Work) -> None:
    need = give(people)["id"]
    for events, state, booking in (
        ([told("A000000001", need)], "used", "A000000001"),
        ([told("A000000001", need, 2, "cancelled")], "open", None),
        ([told("B000000001", need, day=2)], "used", "B000000001"),
        ([told("C000000001", None, day=3)], "used", "B000000001"),
        ([told("B000000001", need, 2, "missed", day=2)], "used", "B000000001"),
    ):
        hear(people, *events)
        assert (shown(people, need)["state"], shown(people, need)["booking"]) == (state, booking)


def test_whatever_order_events_come_in_and_however_often_the_last_booking_uses_the_need(people: Work) -> None:
    need = give(people)["id"]
    for number, order in enumerate(itertools.permutations(range(5))):
        a, b = f"A{number:09d}", f"B{number:09d}"
        story = [
            told(a, need),
            told(a, need, 2),
            told(a, need, 3, "cancelled"),
            told(b, need, day=2),
            told(b, need, 2, day=2),
        ]
        come = [story[place] for place in order]
        hear(people, *come, *random.Random(number).sample(come, 3))
        assert (shown(people, need)["state"], shown(people, need)["booking"]) == ("used", b), order
        hear(people, told(b, need, 3, "cancelled", day=2), *come)
        assert shown(people, need)["state"] == "open", order


@pytest.mark.both_databases
def test_events_of_one_need_that_come_at_once_leave_what_they_would_one_by_one(people: Work) -> None:
    need = give(people)["id"]
    at_once = Barrier(2)

    def come(event: Event) -> None:
        at_once.wait(30)
        hear(people, event)

    with ThreadPoolExecutor(2) as pool:
        for number in range(40):
            a, b = f"A{number:09d}", f"B{number:09d}"
            hear(people, told(a, need))
            list(pool.map(come, [told(a, need, 2, "cancelled"), told(b, need, day=2)]))
            assert shown(people, need)["booking"] == b, number
            hear(people, told(b, need, 2, "cancelled", day=2))


def test_a_cancellation_that_is_late_does_not_hide_the_next_booking(people: Work) -> None:
    need = give(people)["id"]
    for a, b in (("A000000001", "B000000001"), ("B000000002", "A000000002")):
        hear(people, told(b, need, day=2), told(a, need))
        assert shown(people, need)["booking"] == b
        hear(people, told(a, need, 2, "cancelled"))
        assert shown(people, need)["booking"] == b
        hear(people, told(b, need, 2, "cancelled", day=2))


def test_r2_a_changed_record_is_told_with_its_needs_so_that_recalls_reach_the_patient(people: Work) -> None:
    eva = id_of(people, "Eva")
    kept, used, closed = (give(people)["id"] for _ in range(3))
    give(people, patient=id_of(people, "Åsa"))
    hear(people, told("A000000001", used))
    close_need(a_desk(people), "solna", closed)

    def heard(change: Callable[[], object]) -> list[dict[str, Any]]:
        before = len(published(people))
        change()
        return [event for event in published(people)[before:] if event["type"] == "NeedAdded"]

    def correct(**changes: Any) -> Callable[[], object]:
        return lambda: update(a_desk(people), "solna", eva, checked(UpdateSchema(), changes))

    assert heard(correct(mobile=EVA)) == [], "nothing has changed"
    events = heard(correct(mobile=ASA, email="", sms_ok=False))
    assert {(event["subject"], event["subject_version"]) for event in events} == {(kept, 2), (used, 2)}
    persons = [KEYS.people.open(event["data"]["person"]) for event in events]
    assert {(who["mobile"], who["email"], who["sms_ok"]) for who in persons} == {(ASA, None, False)}
    filled_in = heard(lambda: take_in(people, [a_booking(email="new@example.org")]))
    assert {event["subject_version"] for event in filled_in} == {3}
    before = len(published(people))
    close_need(a_desk(people), "solna", kept)
    assert published(people)[before:][0]["subject_version"] == 4


def test_a_need_is_taken_back_once_and_never_opens_again(people: Work) -> None:
    need = give(people)["id"]
    before = len(published(people))
    for _ in range(2):
        assert close_need(a_desk(people), "solna", need)["state"] == "closed"
    (event,) = published(people)[before:]
    assert (event["type"], event["subject_version"], event["data"]["state"]) == ("NeedClosed", 2, "closed")
    hear(people, told("A000000001", need))
    assert shown(people, need)["state"] == "closed"
    hear(people, told("A000000001", need, 2, "cancelled"))
    assert shown(people, need)["state"] == "closed"


def test_a_used_need_is_not_taken_back_before_its_booking_is_cancelled(people: Work) -> None:
    need = give(people)["id"]
    hear(people, told("A000000001", need))
    with pytest.raises(Invalid, match="cancel the booking first"):
        close_need(a_desk(people), "solna", need)
    assert shown(people, need)["state"] == "used"
    hear(people, told("A000000001", need, 2, "cancelled"))
    assert close_need(a_desk(people), "solna", need)["state"] == "closed"


def test_what_is_no_need_of_the_clinic_is_not_found(people: Work) -> None:
    elsewhere = give(people, Actor(kind="tool", id="x"), clinic="lund")["id"]
    for id in ("", "x", "\x00", "0" * 32, elsewhere):
        with pytest.raises(NotFound):
            close_need(a_desk(people), "solna", id)
