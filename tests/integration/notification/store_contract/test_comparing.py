"""What is known of bookings, compared for a page of them at once, and forgotten where booking says otherwise."""

from datetime import timedelta, timezone
from typing import Any

import pytest

from services.notification.model.messages import PLANNED, STATES, WITHDRAWN
from services.notification.store.comparing_rows import Known
from shared.clinic.message_keys import BOOKED
from tests.builders.notification.messages import NOW
from tests.builders.notification.rows import MINUTE, a_confirmation
from tests.integration.notification.store_contract.messages import Work, noted, write, written
from tests.integration.notification.store_contract.remembering import (
    NO_SMS,
    a_booking,
    a_reminder,
    remember,
    remembered,
)
from tests.integration.store_contracts import waits

pytestmark = pytest.mark.both_databases

INSTANT = timedelta(microseconds=1)
HOME = timezone(timedelta(hours=1))


def test_what_is_known_of_bookings_comes_back_for_each_that_is_asked_for(work: Work) -> None:
    of_lund = a_booking("L", 4, clinic="lund", facts=None)
    remember(work, a_booking("A", 2), a_booking("B"), of_lund)
    with work() as store:
        store.note_consents({"eva": (1, NO_SMS)})
        store.note_patients({"A": "eva"})
        store.note_patients({"unheard": "bo"})
        noted(store, "A", 2, "anna", NOW)
        store.note_link("A", 1, "anna")
        noted(store, "L", 4, "anna", NOW)
        store.note_link("linked", 3, "anna")
    with work.reading() as store:
        assert store.known_of(["A", "L", "linked", "unheard", "nobody"]) == {
            "A": Known(a_booking("A", 2, consent=NO_SMS), "eva", 2, 1),
            "L": Known(of_lund, None, 4, 0),
            "linked": Known(None, None, 0, 3),
            "unheard": Known(None, "bo", 0, 0),
            "nobody": Known(None, None, 0, 0),
        }
        assert store.known_of({"a"}) == {"a": Known(None, None, 0, 0)}
        assert store.known_of([]) == {}


def test_who_compares_bookings_keeps_nobody_waiting(work: Work) -> None:
    remember(work, a_booking())
    with work.reading() as store:
        store.known_of(["A"])
        assert not waits(work, lambda store: store.remember([a_booking(version=2)]))


GONE: list[tuple[dict[str, Any], bool]] = [
    ({}, False),
    ({"lease_until": NOW}, False),
    ({"lease_until": NOW + INSTANT}, True),
    ({"handed_over_at": NOW}, True),
    ({"state": WITHDRAWN, "handed_over_at": NOW}, True),
    *(({"state": state}, state not in {PLANNED, WITHDRAWN}) for state in STATES),
]


@pytest.mark.parametrize(("changes", "is_gone"), GONE)
def test_n3_a_reminder_is_gone_once_it_is_in_somebody_s_hands(
    work: Work, changes: dict[str, Any], is_gone: bool
) -> None:
    write(work, a_reminder(**changes))
    with work.reading() as store:
        assert store.gone_reminders(["A", "B"], NOW) == ({("of A", "r")} if is_gone else set())


def test_n3_gone_reminders_are_of_these_bookings_and_none_that_staff_sent_again(work: Work) -> None:
    sent = {"handed_over_at": NOW}
    write(
        work,
        a_reminder("1", **sent),
        a_reminder("2", recipient="r2", **sent),
        a_reminder("3", booking="B", source_event="of B", **sent),
        a_reminder("4", booking="C", source_event="of C", **sent),
        a_reminder("5", source_event="again", resend_of="1", **sent),
        a_reminder("6", source_event="no reminder", event=BOOKED, **sent),
        a_reminder("7", booking="L", source_event="of L", clinic="lund", **sent),
    )
    with work.reading() as store:
        assert store.gone_reminders(["A", "B"], NOW) == {("of A", "r"), ("of A", "r2"), ("of B", "r")}
        assert store.gone_reminders({"L"}, NOW) == {("of L", "r")}
        assert store.gone_reminders(["a"], NOW) == store.gone_reminders([], NOW) == set()


def test_standing_bookings_are_those_of_the_clinic_to_come_page_by_page(work: Work) -> None:
    soon = NOW + INSTANT
    remember(
        work,
        a_booking("D", start=soon),
        a_booking("B", start=(NOW + MINUTE).astimezone(HOME)),
        a_booking("C", start=soon),
        a_booking("past", start=NOW),
        a_booking("over", start=soon, facts=None),
        a_booking("BL", start=soon, clinic="lund"),
    )
    with work.reading() as store:
        assert store.standing("solna", NOW, None, None, 9) == ["B", "C", "D"]
        assert store.standing("solna", NOW.astimezone(HOME), None, None, 2) == ["B", "C"]
        assert store.standing("solna", NOW, "C", None, 2) == ["D"]
        assert store.standing("solna", NOW, "D", None, 2) == []
        assert store.standing("solna", NOW, None, ["D", "past", "over", "BL", "B"], 9) == ["B", "D"]
        assert store.standing("solna", NOW, "B", {"D", "B"}, 9) == ["D"]
        assert store.standing("solna", NOW, None, [], 9) == [], "none are named, which is not all"
        assert store.standing("lund", NOW, None, None, 9) == ["BL"]
        assert store.standing("nowhere", NOW, None, None, 9) == []


def test_a_dropped_booking_is_forgotten_and_what_waits_of_it_withdrawn(work: Work) -> None:
    remember(work, a_booking("A"), a_booking("B"), a_booking("L", clinic="lund"))
    write(
        work,
        a_reminder("1"),
        a_confirmation("2", lease_until=NOW),
        a_confirmation("3", lease_until=NOW + INSTANT),
        a_confirmation("4", handed_over_at=NOW),
        a_confirmation("5", booking="B"),
        a_confirmation("6", booking="L", clinic="lund"),
        a_confirmation("7", booking=None),
    )
    with work() as store:
        store.drop("A", NOW)
        store.drop("nobody", NOW)
        store.drop("b", NOW)
    assert [remembered(work, each) for each in "ABL"] == [None, a_booking("B"), a_booking("L", clinic="lund")]
    assert [written(work, id).state for id in "1234567"] == [WITHDRAWN, WITHDRAWN, *[PLANNED] * 5]


@pytest.mark.parametrize("state", [state for state in STATES if state != PLANNED])
def test_what_became_of_a_dropped_booking_s_messages_stays_as_it_is(work: Work, state: str) -> None:
    message = a_confirmation("1", state)
    write(work, message)
    with work() as store:
        store.drop("A", NOW)
    assert written(work) == message


def test_a_booking_is_forgotten_where_it_is_of_that_version_and_can_be_told_anew(work: Work) -> None:
    of_lund = a_booking("L", 3, clinic="lund")
    remember(work, a_booking("A", 3), a_booking("B", 3), of_lund)
    write(work, a_reminder("1"))
    with work() as store:
        for version in (2, 4, None):
            store.forget("A", version)
        assert store.remembered("A") == a_booking("A", 3)
        store.forget("A", 3)
        store.forget("nobody", 3)
        store.forget("b", 3)
        assert store.remembered("A") is None
        assert store.remember([a_booking("A", 1)]).keys() == {"A"}
    assert [remembered(work, each) for each in "ABL"] == [a_booking("A", 1), a_booking("B", 3), of_lund]
    assert written(work).state == PLANNED, "what waits to be sent is left alone"
