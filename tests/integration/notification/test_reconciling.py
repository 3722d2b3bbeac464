"""What is remembered, told and planned, compared with what booking says; nobody is told twice (PRODUCT N3, N6)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.notification.handlers.reconciling import (
    BOOKING,
    LINK,
    MESSAGE,
    PATIENT,
    REMINDERS,
    reconcile,
    reconcile_unknown,
)
from shared.contracts.envelope import Event
from shared.contracts.reconciling import NOT_THERE
from tests.builders.notification.mailroom import Work, tell
from tests.builders.notification.messages import START, an_event
from tests.builders.notification.reminding_clinic import DAY, TWO_DAYS, House, moment, moved
from tests.builders.retold import ASKED, REPAIR, FakeBookings, differing
from tests.integration.statements import statements

OTHER = "8K3M9PQR2T"
TOLD: dict[str, Any] = {"channels": {"booked": ["sms"], "moved": ["sms"], "cancelled": ["sms"], "practitioner": []}}


class Clinic:
    """A clinic whose events may get lost."""

    def __init__(self, work: Work) -> None:
        self.house, self.bookings = House(work, DAY, TWO_DAYS, **TOLD), FakeBookings()

    def happen(self, *events: Event, lost: bool = False) -> None:
        """Let bookings change; what is `lost` nobody hears of."""
        self.bookings.know(*events)
        if not lost:
            self.house.take_in(*events)

    def differs(self, asked: dict[str, Any] = ASKED) -> dict[str, list[str]]:
        """Return what is found to differ."""
        return differing(reconcile(self.house.desk, self.bookings, "solna", asked))

    def told(self) -> list[str]:
        """Return what the patient is, or was, told besides reminders and what was withdrawn."""
        listed = [each for each in self.house.listed() if each["state"] != "withdrawn"]
        return sorted(each["event"] for each in listed if each["event"] != "reminder")

    def reminders(self) -> list[str]:
        """Return day and time, in UTC, of the reminders that wait."""
        return [moment(each["at"]) for each in self.house.listed("planned") if each["event"] == "reminder"]


@pytest.fixture
def clinic(work: Work) -> Clinic:
    """Return a clinic with no bookings."""
    return Clinic(work)


def cancelled(version: int, **changes: Any) -> Event:
    """Return the event of a cancellation."""
    return an_event("BookingCancelled", version, status="cancelled", **changes)


def test_what_events_have_told_does_not_differ(clinic: Clinic) -> None:
    clinic.happen(an_event(), moved(2, START + timedelta(days=7)))
    clinic.happen(an_event(reference=OTHER), cancelled(2, reference=OTHER))
    clinic.happen(an_event("BookingChanged", 3, start=START + timedelta(days=7), sms_reminder=False))
    clinic.house.send_at(START + timedelta(days=7) - timedelta(hours=30))
    assert clinic.differs() == {}
    assert clinic.differs(REPAIR) == {}


def test_n6_a_confirmation_that_is_missing_is_written_and_its_event_writes_it_no_more(clinic: Clinic) -> None:
    created = an_event()
    clinic.happen(created, lost=True)
    assert clinic.differs() == {created.subject: [BOOKING, MESSAGE]}
    assert clinic.told() == [], "found, and nothing else"
    clinic.differs(REPAIR)
    assert clinic.told() == ["booked"]
    assert clinic.reminders() == ["29 13:00", "30 13:00"]
    clinic.house.take_in(created)
    clinic.differs(REPAIR)
    assert (clinic.told(), clinic.differs()) == (["booked"], {})


def test_n6_what_was_missing_is_found_by_the_next_look_also_where_a_process_has_room(clinic: Clinic) -> None:
    clinic.happen(an_event(), lost=True)
    reconcile(replace(clinic.house.desk, room={"sms": 9, "email": 9}), clinic.bookings, "solna", REPAIR)
    (sent,) = clinic.house.send_at(clinic.house.now)
    assert "1 Dec" in sent.content.text


def test_n6_who_was_never_told_of_a_booking_is_told_of_it_as_it_is_now(clinic: Clinic) -> None:
    created, change = an_event(), moved(2, START + timedelta(days=7))
    clinic.happen(created, change, lost=True)
    clinic.differs(REPAIR)
    (listed,) = [each for each in clinic.house.listed() if each["event"] == "booked"]
    assert "8 Dec" in listed["text"]
    clinic.house.take_in(change, created)
    assert (clinic.told(), clinic.differs()) == (["booked"], {})


@pytest.mark.parametrize("change", [moved(2, START + timedelta(days=7)), cancelled(2)], ids=["moved", "cancelled"])
def test_n6_a_change_that_nobody_was_told_of_is_told_once(clinic: Clinic, change: Event) -> None:
    word = {"BookingMoved": "moved", "BookingCancelled": "cancelled"}[change.type]
    clinic.happen(an_event())
    clinic.happen(change, lost=True)
    assert clinic.differs(REPAIR) == {change.subject: [BOOKING, MESSAGE]}
    assert word in clinic.told()
    before = clinic.told()
    clinic.house.take_in(change)
    assert (clinic.told(), clinic.differs()) == (before, {})


def test_c13_a_new_link_that_nobody_heard_of_replaces_the_old_one_and_is_sent_once(
    clinic: Clinic,
) -> None:
    renewed = an_event("LinkRenewed", 2, epoch=1)
    clinic.happen(an_event())
    clinic.happen(renewed, lost=True)
    assert clinic.differs() == {renewed.subject: [BOOKING, LINK]}
    old = [each["text"] for each in clinic.house.listed() if each["event"] == "booked"]
    clinic.differs(REPAIR)
    (new,) = [each["text"] for each in clinic.house.listed("planned") if each["event"] == "booked"]
    assert new not in old
    tell(clinic.house.desk, replace(renewed, data={**renewed.data, "send": True}))
    assert (clinic.told(), clinic.differs()) == (["booked"], {})


def test_nobody_is_told_of_what_has_begun(clinic: Clinic) -> None:
    clinic.happen(an_event(), lost=True)
    clinic.house.clock.moment = START
    assert clinic.differs(REPAIR) == {}
    assert clinic.told() == []


def test_n3_reminders_that_are_missing_and_those_of_what_is_cancelled_are_found(clinic: Clinic, work: Work) -> None:
    clinic.happen(an_event(), an_event(reference=OTHER), cancelled(2, reference=OTHER))
    with work() as store:
        store.connection.exec_driver_sql("DELETE FROM messages WHERE event = 'reminder' AND booking <> '8K3M9PQR2T'")
        store.connection.exec_driver_sql("UPDATE messages SET state = 'planned' WHERE event = 'reminder'")
    assert clinic.differs(REPAIR) == {an_event().subject: [REMINDERS], OTHER: [REMINDERS]}
    assert clinic.reminders() == ["29 13:00", "30 13:00"]
    assert clinic.differs() == {}


def test_n3_a_reminder_that_has_gone_out_is_not_missing(clinic: Clinic, work: Work) -> None:
    clinic.happen(an_event())
    with work() as store:  # such as by older rules of the clinic
        store.connection.exec_driver_sql("UPDATE messages SET state = 'sent' WHERE event = 'reminder'")
    assert clinic.differs() == {}


def test_whose_booking_it_is_is_noted(clinic: Clinic) -> None:
    clinic.happen(an_event())
    clinic.bookings.patient = "b" * 32
    assert clinic.differs(REPAIR) == {an_event().subject: [PATIENT]}
    assert clinic.differs() == {}


def test_what_is_known_of_a_change_that_booking_does_not_have_is_forgotten(clinic: Clinic) -> None:
    clinic.happen(an_event())
    clinic.house.take_in(moved(2, START + timedelta(days=7)))
    assert clinic.differs(REPAIR) == {an_event().subject: [BOOKING]}
    assert clinic.differs() == {}
    assert clinic.reminders() == ["29 13:00", "30 13:00"]


@pytest.mark.both_databases
def test_nobody_is_reminded_of_a_booking_that_booking_does_not_have(clinic: Clinic) -> None:
    """Such as after booking was restored from an older back-up than notification."""

    def unknown(asked: dict[str, Any]) -> dict[str, list[str]]:
        return differing(reconcile_unknown(clinic.house.desk, clinic.bookings, "solna", asked))

    clinic.happen(an_event(), an_event(reference=OTHER), cancelled(2, reference=OTHER))
    assert unknown(REPAIR) == {}
    clinic.bookings.forget()
    assert unknown(ASKED) == unknown(REPAIR) == {an_event().subject: [NOT_THERE]}
    assert unknown(ASKED) == {}
    assert clinic.reminders() == []


@pytest.mark.both_databases
def test_a_page_costs_the_same_statements_however_many_bookings_it_holds(clinic: Clinic, work: Work) -> None:
    counts = []
    for number in range(2):
        clinic.happen(*(an_event(reference=f"8K3M9PQR{number}{last}") for last in "0123456789"))
        with statements(work.database) as sent:
            assert clinic.differs() == {}
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 7, "set-wise"
