"""What bookings' messages cost notification's database, however many come together (DESIGN, "Cost of a booking")."""

from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest

from services.notification.channels import local_channels
from services.notification.handlers.sending import Sender
from shared.contracts.envelope import Event
from shared.storage.database import Database
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import Work, listed, published, tell
from tests.builders.notification.messages import KEYS, NOW, FakeDocuments, a_desk, a_document, an_event, previously
from tests.builders.notification.reminding_clinic import BY_EMAIL, DAY
from tests.integration.statements import Statement, messages_to_postgresql, statements

pytestmark = pytest.mark.both_databases

DOCUMENTS: Any = FakeDocuments(solna=a_document(reminders=[DAY, BY_EMAIL]))
ROOM = {"sms": 1000, "email": 1000}


def bookings(count: int, *type_and_version: Any, name: str = "REF", **changes: Any) -> list[Event]:
    return [
        an_event(*type_and_version, reference=f"{name}{number}", person={"mobile": f"+467017406{number:02}"}, **changes)
        for number in range(count)
    ]


def take_in(work: Work, events: list[Event]) -> Any:
    return tell(replace(a_desk(work, DOCUMENTS), messages_a_day=1000, room=ROOM), *events)


def a_record(booking: str, patient: str) -> Event:
    """Return what a booking's patient has come to: a record that refuses nothing."""
    person = KEYS.people.seal({"sms_ok": True, "email_ok": None})
    data = {"booking": booking, "sms_reminder": True, "person": person}
    return replace(an_event("PatientUpdated"), subject=patient, data=data)


def sender(work: Work, given: list[Any] | None = None) -> Sender:
    """Return who sends; what comes of it is `given` to whoever writes it, where there is such a one."""
    later = {} if given is None else {"note": lambda notes, _: given.extend(notes)}
    return Sender(work, local_channels(), KEYS.people, FakeClock(NOW), **later)


def verbs(sent: list[Statement]) -> list[str]:
    """Return what was done to which table, in order; once what was said of several rows, as SQLite is told of each."""
    words = [statement.split() for statement, _ in groupby(statement for statement, _ in sent)]
    return [f"{each[0]} {each[2] if each[0] == 'INSERT' else ''}".strip() for each in words]


@pytest.mark.parametrize("count", [1, 10])
def test_new_bookings_with_two_reminders_are_six_statements_and_their_sending_two(
    work: Work, database: Database, count: int
) -> None:
    take_in(work, [an_event(reference="EARLIER")])
    with statements(database) as sent:
        written = take_in(work, bookings(count))
    assert verbs(sent) == [
        "INSERT inbox",
        "INSERT appointments",
        "SELECT",
        "INSERT messages",
        "INSERT bookings",
        "INSERT messages",
    ]
    assert (len(written.in_hand), written.others) == (4 * count, False)
    given: list[Any] = []
    sender(work, given).send(written.in_hand)
    with statements(database) as sent:
        sender(work).settle(given)
    assert verbs(sent) == ["UPDATE", "INSERT outbox"]
    assert [each["state"] for each in listed(work)].count("sent") == 4 * count
    assert len(published(work)) == 4 * count


def test_new_bookings_are_five_messages_to_postgresql_and_their_sending_and_their_patients_two_each(
    work: Work, database: Database
) -> None:
    """With what begins and ends transactions; SQLite gets none."""
    desk = replace(a_desk(work, FakeDocuments(solna=a_document(reminders=[]))), messages_a_day=1000, room=ROOM)
    tell(desk, an_event(reference="EARLIER"))
    given: list[Any] = []
    with messages_to_postgresql() as written:
        sender(work, given).send(tell(desk, *bookings(3)).in_hand)
    with messages_to_postgresql() as settled:
        sender(work).settle(given)
    with messages_to_postgresql() as followed:
        tell(desk, *(a_record(f"REF{number}", f"eva{number}") for number in range(3)))
    expected = (0, 0, 0) if database.is_sqlite else (5, 2, 2)
    assert (len(written), len(settled), len(followed)) == expected, "\n".join(written + settled + followed)


@pytest.mark.parametrize("event", ["BookingMoved", "BookingCancelled"])
def test_what_becomes_of_bookings_is_as_many_statements_for_one_as_for_ten(
    work: Work, database: Database, event: str
) -> None:
    counted = []
    for name, count in (("A", 1), ("B", 10)):
        take_in(work, bookings(count, name=name))
        with statements(database) as sent:
            take_in(work, bookings(count, event, 2, name=name, previous=previously(practitioner="bo")))
        counted.append(len(verbs(sent)))
    assert counted[0] == counted[1] <= 12


def test_a_look_at_a_channel_without_anything_due_is_one_statement(work: Work, database: Database) -> None:
    with statements(database) as sent:
        assert sender(work).send_due("sms") == 0
    assert verbs(sent) == ["SELECT"]


def test_what_a_look_finds_is_sent_by_the_set(work: Work, database: Database) -> None:
    tell(a_desk(work, DOCUMENTS), *bookings(10))
    with statements(database) as sent:
        assert sender(work).send_due("sms") == 10
    assert verbs(sent) == ["SELECT", "UPDATE", "UPDATE", "INSERT outbox"]
