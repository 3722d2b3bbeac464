"""Recalls and login codes: messages that no booking has caused (PRODUCT R2, B14, N6; DESIGN rule 3)."""

import itertools
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from services.notification.channels import local_channels
from services.notification.handlers.calling import CODE_KEPT, forget_codes, send_code
from services.notification.handlers.reading import message
from services.notification.handlers.sending import Sender
from services.notification.model.delivery import LEASE
from services.notification.store import messages as messages_table
from shared.contracts.envelope import Event
from shared.contracts.errors import Invalid, NotFound
from shared.links import manage_token, need_token
from tests.builders.clock import FakeClock
from tests.builders.notification import mailroom
from tests.builders.notification.mailroom import Work, tell
from tests.builders.notification.messages import (
    CODE,
    HOUSE,
    KEYS,
    NEED,
    NOW,
    START,
    FakeDocuments,
    a_booked_recall,
    a_desk,
    a_document,
    a_recall,
    an_event,
    previously,
)
from tests.integration.notification.store_contract.messages import taken

DOCUMENTS: Any = FakeDocuments(solna=a_document())
FIELDS = {"mobile": "+46701740699", "code": "471108", "language": "en"}


def listed(work: Work, *, with_codes: bool = True) -> list[dict[str, Any]]:
    return mailroom.listed(work, None, with_codes=with_codes)


def take_in(work: Work, event: Event) -> None:
    if event.type == "RecallIssued":
        tell(a_desk(work, DOCUMENTS), event)
    else:
        tell(a_desk(work, DOCUMENTS), event)


def test_r2_a_need_calls_by_sms_and_email_with_its_link_and_by_email_with_all_there_is_to_know(work: Work) -> None:
    take_in(work, a_recall())
    found = {each["channel"]: each for each in listed(work)}
    assert set(found) == {"sms", "email"}
    for each in found.values():
        assert (each["event"], each["audience"], each["booking"]) == ("recall", "patient", None)
        assert f"https://booking.example/m/{need_token('link key', NEED)}" in each["text"]
    for fact in (CODE, "Sunday 20 December 2026", "week 49"):
        assert fact in found["email"]["text"]
    assert message(a_desk(work), "solna", found["email"]["id"])["attachments"] == []


def test_r2_a_booked_recall_tells_its_time_with_link_code_and_calendar_file(work: Work) -> None:
    take_in(work, a_booked_recall())
    email = next(each for each in listed(work) if each["channel"] == "email")
    assert email["booking"] == "7K3M9PQR2T"
    assert "We have booked you an appointment." in email["text"]
    assert "Tuesday 1 December 2026" in email["text"]
    assert f"https://booking.example/m/{manage_token('link key', '7K3M9PQR2T', 0)}" in email["text"]
    assert CODE in email["text"]
    assert len(message(a_desk(work), "solna", email["id"])["attachments"]) == 1


def test_r2_a_recall_goes_only_where_it_is_sent_to_and_the_patient_agrees(work: Work) -> None:
    take_in(work, a_recall(send=["email", "card"]))
    take_in(work, a_recall(send=["sms"], person={"sms_ok": False}))
    assert [each["channel"] for each in listed(work)] == ["email"]


def test_r1_a_booking_made_for_a_recall_is_confirmed_to_the_practitioner_only(work: Work) -> None:
    take_in(work, an_event(origin="recall"))
    assert {each["audience"] for each in listed(work)} == {"practitioner", "clinic"}


def test_n6_a_recall_is_written_once_in_any_order_of_events_that_come_twice(work: Work) -> None:
    later = START + timedelta(days=1)
    events = [
        an_event(origin="recall"),
        a_booked_recall(1),
        a_booked_recall(2),
        an_event("BookingMoved", 2, start=later, origin="recall", previous=previously()),
    ]
    for order in itertools.permutations(events):
        with work() as store:
            for table in ("messages", "inbox", "bookings", "appointments"):
                store.connection.exec_driver_sql(f"DELETE FROM {table}")
        for event in (*order, *order):
            take_in(work, event)
        to_patient = Counter((each["event"], each["state"]) for each in listed(work) if each["audience"] == "patient")
        assert to_patient == {("recall", "withdrawn"): 4, ("moved", "planned"): 2}, [each.type for each in order]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_n6_of_a_recall_that_was_issued_again_only_the_newest_goes_out(work: Work, order: tuple[int, int]) -> None:
    for version in order:
        take_in(work, a_recall(version, send=["sms"]))
    assert sorted(each["state"] for each in listed(work)) == ["planned", "withdrawn"]
    with work.reading() as store:
        rows = store.connection.execute(messages_table.select()).all()
    assert {row.recall_issue: row.state for row in rows} == {1: "withdrawn", 2: "planned"}


def test_n6_a_recall_that_is_issued_again_while_it_is_in_hand_does_not_go_out_any_more(work: Work) -> None:
    take_in(work, a_recall(1, send=["sms"]))
    with work() as store:
        claim = taken(store, "sms", NOW, NOW + LEASE)
    assert claim is not None
    take_in(work, a_recall(2, send=["sms"]))
    with work() as store:
        assert not store.hand_over(claim.message, NOW)
    sent = Sender(work, local_channels(), KEYS.people, FakeClock(NOW + LEASE)).send_due()
    assert sent == 1
    with work.reading() as store:
        rows = store.connection.execute(messages_table.select()).all()
    assert {row.recall_issue: row.state for row in rows} == {1: "withdrawn", 2: "sent"}


def test_b14_a_login_code_is_an_sms_of_no_booking_that_soon_is_worth_nothing(work: Work) -> None:
    send_code(a_desk(work, DOCUMENTS, HOUSE), "solna", FIELDS)
    (code,) = listed(work)
    assert (code["event"], code["channel"], code["booking"], code["to"]) == ("login_code", "sms", None, "+46701740699")
    assert code["text"].startswith("Solna Tandvård: Your code is 471108.")
    with work.reading() as store:
        (row,) = store.connection.execute(messages_table.select()).all()
    assert row.expires_at == NOW + timedelta(minutes=10)


def test_b14_a_login_code_is_never_listed_or_shown_to_staff(work: Work) -> None:
    send_code(a_desk(work, DOCUMENTS, HOUSE), "solna", FIELDS)
    (code,) = listed(work)
    assert listed(work, with_codes=False) == []
    assert message(a_desk(work, actor=HOUSE), None, code["id"])["text"] == code["text"]
    with pytest.raises(NotFound):
        message(a_desk(work), "solna", code["id"])


def test_b14_a_day_later_a_login_code_is_forgotten(work: Work) -> None:
    send_code(a_desk(work, DOCUMENTS, HOUSE), "solna", FIELDS)
    assert forget_codes(a_desk(work, now=NOW + CODE_KEPT)) == 0
    assert forget_codes(a_desk(work, now=NOW + CODE_KEPT + timedelta(seconds=1))) == 1
    (code,) = listed(work)
    assert (code["to"], code["text"], code["state"]) == ("", "", "withdrawn")
    assert forget_codes(a_desk(work, now=NOW + 2 * CODE_KEPT)) == 0, "it is forgotten once"


@pytest.mark.parametrize("mobile", ["+989123456789", "+4684650041", "+979123456789"])
def test_no_code_is_sent_to_what_is_no_mobile_of_the_clinics_countries(work: Work, mobile: str) -> None:
    with pytest.raises(Invalid) as refused:
        send_code(a_desk(work, DOCUMENTS, HOUSE), "solna", {**FIELDS, "mobile": mobile})
    assert list(refused.value.extra["errors"]) == ["mobile"]
    assert listed(work) == []


def test_no_recall_is_sent_by_sms_to_what_is_no_mobile_of_the_clinics_countries(work: Work) -> None:
    take_in(work, a_recall(person={"mobile": "+989123456789"}))
    assert [each["channel"] for each in listed(work)] == ["email"]


def test_no_clinic_no_code(work: Work) -> None:
    with pytest.raises(NotFound):
        send_code(a_desk(work, DOCUMENTS, HOUSE), "nowhere", FIELDS)
