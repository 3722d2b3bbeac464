"""Delivery states and STOP, as providers tell them: in any order, twice, late (PRODUCT N5)."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.notification.channels import Answer, CannotTell, Report, Unclear
from services.notification.handlers.hearing import hear_answer, hear_reports
from services.notification.model.delivery import LEASE
from tests.builders.clock import FakeClock
from tests.builders.lying_open import lying_open
from tests.builders.notification import mailroom
from tests.builders.notification.mailroom import FakeChannel, Work, listed, published, tell
from tests.builders.notification.messages import KEYS, NOW, FakeDocuments, a_desk, a_document, an_event, previously
from tests.integration.notification.store_contract.messages import settled, taken

ONLY_SMS = a_document(channels={"booked": ["sms"], "moved": ["sms"], "practitioner": []})
ONLY_EMAIL = a_document(channels={"booked": ["email"], "practitioner": []})
NUMBER = "+46701740699"


def write(work: Work, document: dict[str, Any] = ONLY_SMS, **changes: Any) -> str:
    """Write one message and return its id."""
    documents: Any = FakeDocuments(solna=document)
    tell(a_desk(work, documents), an_event(**changes))
    reference = changes.get("reference", "7K3M9PQR2T")
    id: str = next(row["id"] for row in listed(work) if row["booking"] == reference)
    return id


def send(work: Work, channel: FakeChannel | None = None, after: timedelta = timedelta()) -> FakeChannel:
    """Send what is due by a channel that cannot be asked; return the channel."""
    channel = channel or FakeChannel(has=CannotTell())
    mailroom.send(work, channel, FakeClock(NOW + after))
    return channel


def hear(work: Work, *reports: Report) -> None:
    """Take in what a provider tells."""
    hear_reports(a_desk(work, now=NOW + timedelta(seconds=9)), reports)


def answer(work: Work, text: str, id: str, sender: str = NUMBER) -> None:
    """Take in an SMS from a patient."""
    hear_answer(a_desk(work), Answer(id, sender, text, ""))


def state(work: Work) -> tuple[str, str | None]:
    """Return state and reason of the only message."""
    (found,) = listed(work)
    return found["state"], found["reason"] and found["reason"]["code"]


def told(work: Work) -> list[tuple[str, str, int]]:
    """Return type, state and version of every event."""
    return [(event["type"], event["data"]["state"], event["subject_version"]) for event in published(work)]


def test_n5_a_delivery_is_noted_and_told(work: Work) -> None:
    id = write(work)
    send(work)
    hear(work, Report(id, "delivered", "SM1"))
    assert state(work) == ("delivered", None)
    assert told(work) == [("MessageSent", "sent", 1), ("MessageSent", "delivered", 2)]


def test_n5_a_bounce_after_sending_is_a_failure_that_staff_see_with_its_reason(work: Work) -> None:
    id = write(work, ONLY_EMAIL)
    send(work)
    hear(work, Report(id, "failed", "x", "bounced smtp 5.1.1"))
    reason = listed(work)[0]["reason"]
    assert (reason["code"], reason["detail"]) == ("bounced", "smtp 5.1.1")
    assert told(work)[-1] == ("MessageFailed", "failed", 2)


@pytest.mark.parametrize(
    ("states", "final"),
    [(("sent", "delivered"), "delivered"), (("sent", "failed"), "failed"), (("sent", "delivered", "failed"), "failed")],
)
def test_n5_reports_in_any_order_and_twice_come_to_the_same(work: Work, states: Sequence[str], final: str) -> None:
    for number, order in enumerate(itertools.permutations(states)):
        id = write(work, reference=f"REF{number}")
        send(work)
        reports = [Report(id, each, "SM1", "undelivered" if each == "failed" else None) for each in order]
        for report in (*reports, *reversed(reports)):
            hear(work, report)
        found = next(row for row in listed(work) if row["id"] == id)
        assert found["state"] == final, order


def test_n5_a_batch_says_of_each_message_the_last_that_it_tells(work: Work) -> None:
    first, second = write(work, reference="REF1"), write(work, reference="REF2")
    send(work)
    hear(work, Report(first, "sent"), Report(second, "delivered"), Report("f" * 32, "sent"), Report(first, "delivered"))
    assert {row["state"] for row in listed(work)} == {"delivered"}
    assert len(told(work)) == 4


def test_n6_a_report_clears_up_whether_a_message_was_taken(work: Work) -> None:
    """The connection broke, or the process died; SendGrid's event brings our id back before we give up."""
    id = write(work, ONLY_EMAIL)
    send(work, FakeChannel(Unclear("no_answer")))
    assert state(work) == ("planned", "no_answer")
    hear(work, Report(id, "sent", "x1"))
    assert state(work) == ("sent", None)
    assert send(work, after=timedelta(days=2)).attempts == []


def test_n6_a_report_that_comes_before_our_own_note_is_not_overwritten_by_it(work: Work) -> None:
    id = write(work)
    with work() as store:
        claim = taken(store, "sms", NOW, NOW + LEASE)
    assert claim is not None
    hear(work, Report(id, "delivered", "SM1"))
    with work() as store:
        assert not settled(store, claim.message, state="sent")
    assert state(work) == ("delivered", None)


def test_n6_what_we_gave_up_is_what_the_provider_says_it_is(work: Work) -> None:
    id = write(work, ONLY_EMAIL)
    send(work, FakeChannel(Unclear("no_answer")))
    send(work, after=timedelta(hours=1))
    assert state(work) == ("failed", "unknown")
    hear(work, Report(id, "delivered", "x1"))
    assert state(work) == ("delivered", None)


def test_n6_what_may_be_on_its_way_is_not_withdrawn_before_that_is_known(work: Work) -> None:
    id = write(work)
    send(work, FakeChannel(Unclear("no_answer")))
    documents: Any = FakeDocuments(solna=ONLY_SMS)
    moved = an_event("BookingMoved", 2, previous=previously(start=NOW))
    tell(a_desk(work, documents), moved)
    first = next(row for row in listed(work) if row["id"] == id)
    assert first["state"] == "planned"


def test_n5_stop_ends_sms_to_that_number_and_start_opens_it_again(work: Work) -> None:
    answer(work, "Stopp", "SM-in-1")
    write(work)
    assert send(work).attempts == []
    assert state(work) == ("failed", "stopped")
    assert told(work) == [("MessageFailed", "failed", 1)]
    assert send(work, after=timedelta(days=2)).attempts == [], "it is not tried again"
    answer(work, "START", "SM-in-2")
    write(work, reference="REF2")
    assert len(send(work).attempts) == 1


def test_n5_stop_is_for_that_number_in_every_clinic_and_leaves_email_alone(work: Work) -> None:
    answer(work, "STOP", "SM-in-1", sender=f" {NUMBER} ")
    write(work, person={"mobile": "+46701740605"})
    assert len(send(work).attempts) == 1
    write(work, ONLY_EMAIL, reference="REF2")
    assert len(send(work).attempts) == 1
    elsewhere = a_document(clinic="lund", channels={"booked": ["sms"], "practitioner": []})
    documents: Any = FakeDocuments(lund=elsewhere)
    event = an_event(reference="REF3")
    tell(a_desk(work, documents), type(event)(**{**event.to_json(), "clinic": "lund"}))
    assert send(work).attempts == []


def test_n5_an_answer_that_comes_twice_counts_once(work: Work) -> None:
    for id in ("SM-in-1", "SM-in-2", "SM-in-1"):
        answer(work, {"SM-in-1": "STOP", "SM-in-2": "START"}[id], id)
    write(work)
    assert len(send(work).attempts) == 1


def test_n5_other_answers_and_senders_without_a_number_change_nothing(work: Work) -> None:
    answer(work, "Thanks, see you", "SM-in-1")
    answer(work, "STOP", "SM-in-2", sender="")
    write(work)
    assert len(send(work).attempts) == 1


@pytest.mark.both_databases
def test_numbers_that_want_no_sms_are_kept_as_hashes(work: Work) -> None:
    answer(work, "STOP", "SM-in-1")
    with work.reading() as store:
        for table in ("stopped_numbers", "inbox"):
            rows = lying_open(store.connection.exec_driver_sql(f"SELECT * FROM {table}").all(), KEYS.people)
            assert NUMBER[1:] not in rows


def test_n6_a_message_that_is_no_longer_worth_sending_fails_instead(work: Work) -> None:
    """A login code after ten minutes (B14), when the provider was down."""
    write(work)
    with work() as store:
        claim = taken(store, "sms", NOW, NOW)
        assert claim is not None
        settled(store, claim.message, expires_at=NOW + timedelta(minutes=10))
    assert send(work, after=timedelta(minutes=10)).attempts == []
    assert state(work) == ("failed", "too_late")
