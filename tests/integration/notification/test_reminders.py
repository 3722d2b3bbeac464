"""Reminders are planned, moved and withdrawn with their bookings, and looked at again when due (PRODUCT N3, N6)."""

import itertools
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notification.channels import NotSent, Outgoing
from services.notification.handlers import reminding
from services.notification.handlers.due_reminders import AGAIN_WITHOUT_DOCUMENT, DueReminders, NotNow
from services.notification.handlers.reading import messages
from services.notification.handlers.resending import resend
from services.notification.handlers.sending import Sender
from services.notification.handlers.writing import tell
from services.notification.remembered import Consent
from services.notification.store import NotificationStore
from shared.actor import Actor
from shared.bus.unit_of_work import UnitOfWork
from shared.clinic_documents import ClinicDocument
from shared.clock import FakeClock
from shared.contracts.envelope import Event
from shared.contracts.errors import NotFound, Unavailable
from tests.unit.notification.builders import DESK, NOW, START, a_document, an_event, previously

Work = UnitOfWork[NotificationStore]
CONSUMERS = {
    "BookingCreated": "send_confirmation",
    "BookingMoved": "send_change",
    "BookingChanged": "send_change",
    "BookingCancelled": "send_cancellation",
}
QUIETLY: dict[str, Any] = {"channels": {"booked": [], "moved": [], "cancelled": [], "practitioner": []}}
DAY, TWO_DAYS = {"before": "24h", "channel": "sms"}, {"before": "48h", "channel": "sms"}
BY_EMAIL = {"before": "72h", "channel": "email"}


class FakeChannel:
    """Takes messages; fails as often as it is told to."""

    leaves_house = True

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.taken: list[Outgoing] = []

    def send(self, message: Outgoing) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(message)


class House:
    """A clinic whose document can be changed, bookings that events tell of, and a clock."""

    def __init__(self, work: Work, *reminders: dict[str, str], **changes: Any) -> None:
        self.work, self.clock, self.channel = work, FakeClock(NOW), FakeChannel()
        self.trouble: Exception | None = None
        self.revision = 0
        self.set_up(*reminders, **changes)

    def set_up(self, *reminders: dict[str, str], **changes: Any) -> None:
        """Put another document in force, of which no event has told yet."""
        self.revision += 1
        self.document = a_document(reminders=list(reminders), **QUIETLY, **changes)

    def get(self, clinic: str) -> ClinicDocument:
        """Answer for the clinics' documents."""
        if self.trouble:
            raise self.trouble
        return ClinicDocument(self.revision, {**self.document, "clinic": clinic})

    def take_in(self, *events: Event) -> None:
        """Let notification hear of bookings."""
        documents: Any = self
        for event in events:
            if event.type == "BookingMissed":
                reminding.follow_ended_booking(self.work, documents, event, "withdraw_reminders", self.now, DESK)
            else:
                tell(self.work, documents, event, CONSUMERS[event.type], self.now, DESK)

    def announce(self, batches: int = 1000) -> None:
        """Let notification hear of the document in force, and plan at most so many batches anew."""
        documents: Any = self
        event = an_event("ClinicChanged", self.revision)
        event = Event(**{**event.to_json(), "subject": "solna", "data": {"document": self.document}})
        reminding.follow_document(self.work, event, self.now)
        while batches and reminding.plan_anew(self.work, documents, event, self.now, DESK):
            batches -= 1

    def hear_of_patient(self, version: int, booking: str | None = None, **switches: Any) -> None:
        """Let notification hear of a patient's record."""
        documents: Any = self
        said = {"sms_ok": True, "email_ok": True, **switches}
        data = {
            "patient": PATIENT,
            "booking": booking,
            "sms_reminder": said.pop("sms_reminder", True),
            "person": DESK.people.seal(said),
        }
        event = Event(**{**an_event("PatientUpdated", version).to_json(), "subject": PATIENT, "data": data})
        reminding.follow_patient(self.work, documents, event, self.now, DESK)

    def send_at(self, moment: datetime) -> list[Outgoing]:
        """Let time pass until `moment`, when a sender runs; return what it sent."""
        self.clock.moment = moment
        documents: Any = self
        due = DueReminders(self.work, documents, DESK, self.clock)
        before = len(self.channel.taken)
        channels: Any = {"sms": self.channel, "email": self.channel}
        Sender(self.work, channels, DESK.people, self.clock, due.ready).send_due()
        return self.channel.taken[before:]

    @property
    def now(self) -> datetime:
        """The moment that the clock shows."""
        return self.clock.now()

    def listed(self, state: str | None = None) -> list[dict[str, Any]]:
        """Return the messages as staff see them, in the order in which they are due."""
        fields = {"booking": None, "state": state, "limit": 200, "cursor": None}
        return sorted(messages(self.work, "solna", fields, DESK)["messages"], key=lambda each: str(each["at"]))

    def planned(self) -> list[tuple[str, str]]:
        """Return channel and UTC moment of what waits."""
        return [(each["channel"], moment(each["at"])) for each in self.listed("planned")]


PATIENT = uuid.uuid4().hex


def _any(value: Any) -> Any:
    return value


def moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%d %H:%M")


def moved(version: int, start: datetime, before: datetime = START) -> Event:
    return an_event("BookingMoved", version, start=start, previous=previously(start=before))


def test_n3_a_booking_gets_every_reminder_of_the_clinic_planned_for_its_moment(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS, BY_EMAIL)
    house.take_in(an_event())
    assert house.planned() == [("email", "28 13:00"), ("sms", "29 13:00"), ("sms", "30 13:00")]
    shown = house.listed()[0]
    assert (shown["event"], shown["to"], shown["state"]) == ("reminder", "eva@example.org", "planned")
    assert shown["at"] == "2026-11-28T14:00:00+01:00"
    assert "Reminder: your appointment" in shown["subject"]


def test_n3_each_reminder_goes_out_at_its_moment_and_once(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS)
    house.take_in(an_event())
    assert house.send_at(START - timedelta(hours=48, seconds=1)) == []
    (first,) = house.send_at(START - timedelta(hours=48))
    assert "A reminder of your appointment." in first.content.text
    assert "https://booking.example/m/" in first.content.text
    assert house.send_at(START - timedelta(hours=25)) == []
    assert len(house.send_at(START - timedelta(hours=24))) == 1
    assert house.send_at(START + timedelta(days=30)) == []
    assert Counter(each["state"] for each in house.listed()) == {"sent": 2}


def test_n3_a_reminder_whose_moment_has_passed_when_the_booking_is_made_is_none(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS, {"before": "2h", "channel": "sms"})
    house.clock.moment = START - timedelta(hours=10)
    house.take_in(an_event())
    assert house.planned() == [("sms", "01 11:00")]
    assert len(house.listed()) == 1


def test_n3_who_books_after_the_moment_before_quiet_hours_has_the_confirmation_for_a_reminder(work: Work) -> None:
    """Due at 07:30, so at 20:45 the evening before; booked at 22:00: the confirmation comes later than that."""
    house = House(work, DAY)
    early = datetime(2026, 12, 2, 6, 30, tzinfo=UTC)
    house.clock.moment = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
    house.take_in(an_event(start=early))
    assert house.listed() == []
    house.clock.moment = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
    house.take_in(an_event(reference="8K3M9PQR2T", start=early))
    assert house.planned() == [("sms", "30 19:45")]


def test_n3_a_moved_booking_is_reminded_of_its_new_time_only(work: Work) -> None:
    house = House(work, DAY)
    later = START + timedelta(days=7)
    house.take_in(an_event(), moved(2, later))
    assert house.send_at(START - timedelta(hours=24)) == []
    (sent,) = house.send_at(later - timedelta(hours=24))
    assert "8 December 2026" in sent.content.text
    assert Counter(each["state"] for each in house.listed()) == {"withdrawn": 1, "sent": 1}


def test_n3_a_booking_that_comes_back_to_its_time_has_one_reminder_again(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS)
    later = START + timedelta(days=7)
    house.take_in(an_event())
    house.send_at(START - timedelta(hours=48))
    house.take_in(moved(2, later), moved(3, START, later))
    assert len(house.send_at(START - timedelta(hours=24))) == 1
    assert house.send_at(later) == []


@pytest.mark.parametrize(
    ("type", "status"), [("BookingCancelled", "cancelled"), ("BookingMissed", "missed")], ids=["cancelled", "missed"]
)
def test_n3_what_was_cancelled_or_missed_is_not_reminded_of(work: Work, type: str, status: str) -> None:
    house = House(work, DAY, BY_EMAIL)
    house.take_in(an_event(), an_event(type, 2, status=status))
    assert house.send_at(START - timedelta(hours=24)) == []
    assert {each["state"] for each in house.listed()} == {"withdrawn"}


def test_n3_n6_reminders_are_the_same_in_any_order_of_events_that_come_twice(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS)
    later = START + timedelta(days=3)
    for number, order in enumerate(itertools.permutations(range(4))):
        reference = f"REF{number}"
        life = [
            an_event("BookingCreated", 1, reference=reference),
            an_event("BookingMoved", 2, reference=reference, start=later, previous=previously()),
            an_event("BookingChanged", 3, reference=reference, start=later, sms_reminder=True),
            an_event("BookingChanged", 4, reference=reference, start=later, minutes=60),
        ]
        house.take_in(*(life[position] for position in (*order, *reversed(order))))
    assert Counter(house.planned()) == {("sms", "02 13:00"): 24, ("sms", "03 13:00"): 24}


def test_n3_n6_an_old_event_that_comes_last_brings_no_old_reminder_back(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event("BookingCancelled", 2, status="cancelled"), an_event("BookingCreated", 1))
    assert house.listed("planned") == []
    assert house.send_at(START - timedelta(hours=24)) == []


def test_n3_sms_reminders_are_switched_off_and_on_for_one_booking(work: Work) -> None:
    house = House(work, DAY, BY_EMAIL)
    house.take_in(an_event(), an_event("BookingChanged", 2, sms_reminder=False))
    assert house.planned() == [("email", "28 13:00")]
    house.take_in(an_event("BookingChanged", 3, sms_reminder=True))
    assert house.planned() == [("email", "28 13:00"), ("sms", "30 13:00")]
    assert len(house.send_at(START - timedelta(hours=72))) == 1
    assert len(house.send_at(START - timedelta(hours=24))) == 1


@pytest.mark.parametrize("patient_first", [True, False])
def test_n3_sms_reminders_are_switched_off_for_a_patient(work: Work, patient_first: bool) -> None:
    house = House(work, DAY, BY_EMAIL)
    if patient_first:
        house.hear_of_patient(2, an_event().subject, sms_reminder=False)
    house.take_in(an_event())
    house.hear_of_patient(2, an_event().subject, sms_reminder=False)
    assert house.planned() == [("email", "28 13:00")]
    house.hear_of_patient(1, sms_reminder=True)
    assert house.planned() == [("email", "28 13:00")], "what is older than known counts for nothing"
    house.hear_of_patient(3, sms_reminder=True)
    assert house.planned() == [("email", "28 13:00"), ("sms", "30 13:00")]


@pytest.mark.parametrize(("refused", "left"), [("sms_ok", "email"), ("email_ok", "sms")])
def test_b18a_a_patient_who_takes_back_consent_is_not_reminded_by_that_channel(
    work: Work, refused: str, left: str
) -> None:
    house = House(work, DAY, {"before": "24h", "channel": "email"})
    house.take_in(an_event(person={"patient": PATIENT}))
    switched_off: dict[str, Any] = {refused: False}
    house.hear_of_patient(2, **switched_off)
    assert [sent.channel for sent in house.send_at(START - timedelta(hours=24))] == [left]


def test_b18a_who_was_never_asked_is_reminded_as_the_booking_says(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event(person={"patient": PATIENT}), an_event(reference="NO", person={"sms_ok": False}))
    house.hear_of_patient(1, sms_ok=None, email_ok=None)
    assert len(house.planned()) == 1


def test_n3_the_switch_is_looked_at_when_the_reminder_is_due(work: Work) -> None:
    """Even where planning has not caught up: the record's event is not heard before the sender has the message."""
    house = House(work, DAY)
    house.take_in(an_event(person={"patient": PATIENT}))
    with work() as store:
        store.note_consent(PATIENT, 2, Consent(sms_reminder=False))
    assert house.send_at(START - timedelta(hours=24)) == []
    assert [each["state"] for each in house.listed()] == ["withdrawn"]


def test_n3_a_booking_that_changes_while_its_reminder_is_in_hand_is_not_reminded_of_the_old_time(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    at = START - timedelta(hours=24)
    with work() as store:
        claim = store.claim_next("sms", at, at + timedelta(minutes=5))
    assert claim is not None
    house.take_in(moved(2, START + timedelta(days=1)))
    documents: Any = house
    with pytest.raises(NotNow, match="wants it any more"):
        DueReminders(work, documents, DESK, FakeClock(at)).ready(claim.message)


def test_n3_a_change_while_the_reminder_is_in_hand_makes_no_second_one(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    at = START - timedelta(hours=24)
    with work() as store:
        store.claim_next("sms", at, at + timedelta(minutes=5))
    house.clock.moment = at - timedelta(seconds=1)
    house.take_in(an_event("BookingChanged", 2, practitioner="bo", previous=previously()))
    assert len(house.listed()) == 1


def test_n3_names_and_texts_are_those_in_force_when_it_is_sent(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.set_up(DAY, name="Solna Nya Tandvård", messages={"reminder": {"sms": {"en": "Come to {{ clinic.name }}!"}}})
    (sent,) = house.send_at(START - timedelta(hours=24))
    assert sent.content.text == "Come to Solna Nya Tandvård!"
    assert house.listed("sent")[0]["text"] == "Come to Solna Nya Tandvård!", "what was sent is what staff see"


def test_n3_what_a_clinic_sets_up_now_counts_for_the_bookings_that_it_has(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event(), an_event(reference="8K3M9PQR2T", start=START + timedelta(days=1)))
    house.set_up(TWO_DAYS)
    house.announce()
    assert house.planned() == [("sms", "29 13:00"), ("sms", "30 13:00")]
    assert house.send_at(START - timedelta(hours=24)) != []
    assert {sent.id for sent in house.channel.taken} == {each["id"] for each in house.listed("sent")}, (
        "both by the new rule: one was due at this moment, the other a day ago"
    )


def test_n3_a_reminder_that_the_clinic_removes_is_not_sent_even_before_notification_has_heard(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.set_up()
    assert house.send_at(START - timedelta(hours=24)) == []
    assert [each["state"] for each in house.listed()] == ["withdrawn"]


def test_n3_other_quiet_hours_and_another_time_zone_move_what_is_planned(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.set_up(DAY, quiet_hours={"from": "13:00", "to": "16:00"})
    house.announce()
    assert house.planned() == [("sms", "30 11:45")]
    house.set_up(DAY, quiet_hours={"from": "13:00", "to": "16:00"}, time_zone="Europe/Helsinki")
    house.announce()
    assert house.planned() == [("sms", "30 10:45")]
    assert house.listed()[0]["at"].endswith("+02:00")
    assert len(house.listed()) == 1, "the same reminder, at another moment"


def test_n6_a_reminder_that_has_gone_out_does_not_go_out_again_at_the_moment_that_other_quiet_hours_give_it(
    work: Work,
) -> None:
    house = House(work, DAY, quiet_hours={"from": "13:00", "to": "16:00"})
    house.take_in(an_event())
    assert len(house.send_at(datetime(2026, 11, 30, 11, 45, tzinfo=UTC))) == 1
    house.set_up(DAY)
    house.announce()
    assert house.send_at(START - timedelta(hours=24)) == []
    assert [each["state"] for each in house.listed()] == ["sent"]


def test_n6_what_staff_send_again_is_not_taken_back_by_planning_anew(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.send_at(START - timedelta(hours=24))
    staff = Actor(kind="staff", id="ann", role="therapist", clinic="solna")
    resend(work, "solna", house.listed()[0]["id"], staff, house.now, DESK, "c0ffee")
    house.set_up(TWO_DAYS)
    house.announce()
    assert len(house.send_at(house.now)) == 1


def test_n3_quiet_hours_that_begin_tonight_lose_no_reminder_that_was_planned_for_the_morning(work: Work) -> None:
    """Its new moment has passed already: it waits for the end of the quiet hours rather than being lost."""
    house = House(work, DAY, quiet_hours={"from": "03:00", "to": "03:05"})
    start = datetime(2026, 12, 2, 6, 30, tzinfo=UTC)
    house.take_in(an_event(start=start))
    house.clock.moment = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
    house.set_up(DAY)
    house.announce()
    assert house.send_at(start - timedelta(hours=24)) == []
    assert house.planned() == [("sms", "01 07:00")]
    assert len(house.send_at(datetime(2026, 12, 1, 7, 0, tzinfo=UTC))) == 1


def test_n3_a_document_that_says_the_same_of_reminders_plans_nothing_anew(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.set_up(DAY, name="Another name")
    documents: Any = house
    event = Event(
        **{**an_event("ClinicChanged", 2).to_json(), "subject": "solna", "data": {"document": house.document}}
    )
    reminding.follow_document(work, event, NOW)
    with work() as store:
        assert store.planned_anew("solna", 10) is None
    house.trouble = Unavailable.because("asked for the document, though there is nothing to plan")
    assert not reminding.plan_anew(work, documents, event, NOW, DESK)


def test_n3_planning_anew_goes_by_batches_and_goes_on_where_a_process_died(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "BATCH", 4)
    house = House(work, DAY)
    house.take_in(*(an_event(reference=f"REF{number:02}") for number in range(10)))
    house.set_up(TWO_DAYS)
    house.announce(batches=1)
    assert Counter(house.planned()) == {("sms", "29 13:00"): 4, ("sms", "30 13:00"): 6}
    house.announce()
    assert Counter(house.planned()) == {("sms", "29 13:00"): 10}
    house.announce()
    assert Counter(each["state"] for each in house.listed()) == {"planned": 10, "withdrawn": 10}


def test_n3_an_older_document_that_comes_late_plans_nothing(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    old = house.document
    house.set_up(TWO_DAYS)
    house.announce()
    event = Event(**{**an_event("ClinicChanged", 1).to_json(), "subject": "solna", "data": {"document": old}})
    reminding.follow_document(work, event, NOW)
    with work() as store:
        assert store.planned_anew("solna", 10) is None
    assert house.planned() == [("sms", "29 13:00")]


def test_n3_a_booking_is_not_planned_by_a_document_that_others_no_longer_plan_by(work: Work) -> None:
    """Else planning anew might have passed by, and the new reminder would be missed: the event comes again instead."""
    house = House(work, DAY)
    house.take_in(an_event())
    house.set_up(TWO_DAYS)
    house.announce()
    newest, house.revision = house.revision, 1
    with pytest.raises(Unavailable):
        house.take_in(moved(2, START + timedelta(days=1)))
    house.revision = newest
    house.take_in(moved(2, START + timedelta(days=1)))
    assert house.planned() == [("sms", "30 13:00")]


def test_n3_a_reminder_that_fails_into_the_night_waits_for_the_morning(work: Work) -> None:
    house = House(work, DAY)
    start = datetime(2026, 12, 2, 19, 50, tzinfo=UTC)  # 20:50 on the wall
    house.take_in(an_event(start=start))
    house.channel.failures = [NotSent("provider does not answer")] * 2
    house.send_at(datetime(2026, 12, 1, 19, 50, tzinfo=UTC))
    assert house.send_at(datetime(2026, 12, 1, 21, 0, tzinfo=UTC)) == []
    assert house.planned() == [("sms", "02 07:00")]
    house.send_at(datetime(2026, 12, 2, 7, 0, tzinfo=UTC))
    assert len(house.send_at(datetime(2026, 12, 2, 8, 0, tzinfo=UTC))) == 1


def test_n3_a_reminder_that_comes_too_late_for_its_appointment_has_failed_and_staff_see_it(work: Work) -> None:
    house = House(work, {"before": "1h", "channel": "sms"}, TWO_DAYS)
    house.take_in(an_event(), an_event(reference="EARLY", start=datetime(2026, 12, 2, 6, 30, tzinfo=UTC)))
    assert house.send_at(datetime(2026, 12, 2, 4, 0, tzinfo=UTC)) == []
    assert {(each["booking"], each["state"]) for each in house.listed()} == {
        ("7K3M9PQR2T", "failed"),
        ("EARLY", "failed"),
    }


def test_n3_without_the_clinics_document_a_reminder_waits_and_no_attempt_counts(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    at = START - timedelta(hours=24)
    house.trouble = Unavailable.because("availability is away")
    for minute in range(20):
        assert house.send_at(at + minute * AGAIN_WITHOUT_DOCUMENT) == []
    house.trouble = None
    assert len(house.send_at(at + 20 * AGAIN_WITHOUT_DOCUMENT)) == 1


def test_n3_a_clinic_that_is_gone_reminds_nobody(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.trouble = NotFound.because("There is no such clinic.")
    assert house.send_at(START - timedelta(hours=24)) == []
    assert [each["state"] for each in house.listed()] == ["withdrawn"]


def test_m1_the_link_is_in_it_only_where_the_booking_may_be_changed(work: Work) -> None:
    house = House(work, DAY, {"before": "24h", "channel": "email"})
    house.take_in(an_event(changeable=False))
    for sent in house.send_at(START - timedelta(hours=24)):
        assert "/m/" not in sent.content.text + (sent.content.html or "")
        assert sent.content.attachments == ()
    assert len(house.channel.taken) == 2


def test_n6_senders_that_run_at_once_send_each_reminder_once(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS)
    house.take_in(*(an_event(reference=f"REF{number}") for number in range(30)))
    clock, documents, channels = FakeClock(START - timedelta(hours=24)), _any(house), _any({"sms": house.channel})
    due = DueReminders(work, documents, DESK, clock)
    with ThreadPoolExecutor(4) as pool:
        attempts = list(pool.map(lambda _: Sender(work, channels, DESK.people, clock, due.ready).send_due(), range(4)))
    assert sum(attempts) == 60
    assert len({sent.id for sent in house.channel.taken}) == len(house.channel.taken) == 60


def test_n6_one_event_taken_in_by_several_workers_at_once_plans_each_reminder_once(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS)
    events = [an_event(), moved(2, START + timedelta(days=1)), an_event("BookingChanged", 3, start=START)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(house.take_in, events * 4))
    assert house.planned() == [("sms", "29 13:00"), ("sms", "30 13:00")]


def test_nothing_personal_is_kept_open_and_nothing_of_what_ended(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event(person={"patient": PATIENT, "identity": {"scheme": "se.personnummer", "number": "190001"}}))
    house.hear_of_patient(1)
    with work.reading() as store:
        for table in ("messages", "appointments", "patients", "booked_patients", "reminder_rules"):
            rows = str(store.connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            for secret in ("Eva", "Lind", "46701740699", "eva@example.org", "190001", "/m/"):
                assert secret not in rows, table
        known = store.connection.exec_driver_sql("SELECT facts FROM appointments").scalar_one()
    assert set(DESK.people.open(known)["person"]) == {
        "first_name", "last_name", "mobile", "email", "sms_ok", "email_ok", "message",
    }  # fmt: skip
    house.take_in(an_event("BookingCancelled", 2, status="cancelled"))
    with work.reading() as store:
        assert store.connection.exec_driver_sql("SELECT facts FROM appointments").scalar_one() is None
