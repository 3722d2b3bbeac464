"""A reminder is looked at again when it is due: is it wanted, may it go out now, what does it say (PRODUCT N3, N6)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notification.channels import NotSent
from services.notification.handlers.due_reminders import AGAIN_WITHOUT_DOCUMENT, DueReminders, NotNow
from services.notification.handlers.sending import Sender
from services.notification.model.remembered import Consent
from shared.contracts.errors import NotFound, Unavailable
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import Work
from tests.builders.notification.messages import KEYS, START, an_event, previously
from tests.builders.notification.reminding_clinic import DAY, PATIENT, TWO_DAYS, House, moved
from tests.integration.notification.store_contract.messages import taken


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


def test_n3_the_switch_is_looked_at_when_the_reminder_is_due(work: Work) -> None:
    """Even where planning has not caught up: the record's event is not heard before the sender has the message."""
    house = House(work, DAY)
    house.take_in(an_event(person={"patient": PATIENT}))
    with work() as store:
        store.note_consents({PATIENT: (2, Consent(sms_reminder=False))})
    assert house.send_at(START - timedelta(hours=24)) == []
    assert [each["state"] for each in house.listed()] == ["withdrawn"]


def test_n3_a_booking_that_changes_while_its_reminder_is_in_hand_is_not_reminded_of_the_old_time(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    at = START - timedelta(hours=24)
    with work() as store:
        claim = taken(store, "sms", at, at + timedelta(minutes=5))
    assert claim is not None
    house.take_in(moved(2, START + timedelta(days=1)))
    documents: Any = house
    with pytest.raises(NotNow, match="wants it any more"):
        DueReminders(work, documents, KEYS, FakeClock(at)).ready(claim.message)


def test_n3_a_change_while_the_reminder_is_in_hand_makes_no_second_one(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    at = START - timedelta(hours=24)
    with work() as store:
        taken(store, "sms", at, at + timedelta(minutes=5))
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


def test_n3_a_reminder_that_the_clinic_removes_is_not_sent_even_before_notification_has_heard(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.set_up()
    assert house.send_at(START - timedelta(hours=24)) == []
    assert [each["state"] for each in house.listed()] == ["withdrawn"]


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
    for turn in range(20):
        assert house.send_at(at + turn * AGAIN_WITHOUT_DOCUMENT) == []
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
    assert len(house.channel.sent) == 2


@pytest.mark.both_databases
def test_n6_senders_that_run_at_once_send_each_reminder_once(work: Work) -> None:
    house = House(work, DAY, TWO_DAYS)
    house.take_in(*(an_event(reference=f"REF{number}") for number in range(30)))
    clock, documents, channels = FakeClock(START - timedelta(hours=24)), house, {"sms": house.channel}
    due = DueReminders(work, documents, KEYS, clock)
    with ThreadPoolExecutor(4) as pool:
        attempts = list(
            pool.map(lambda _: Sender(work, channels, KEYS.people, clock, reminded=due.ready).send_due(), range(4))
        )
    assert sum(attempts) == 60
    assert len({sent.id for sent in house.channel.sent}) == len(house.channel.sent) == 60
