"""Nobody can be flooded through us: a clinic's messages to one patient's address are limited by the day."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.notification.channels import Outgoing
from services.notification.handlers.resending import resend
from shared.contracts.envelope import Event
from shared.storage.database import Database
from tests.builders.notification.mailroom import Work, listed, published, tell
from tests.builders.notification.messages import NOW, START, FakeDocuments, a_desk, a_document, a_recall, an_event
from tests.builders.notification.reminding_clinic import DAY, TWO_DAYS, House
from tests.integration.statements import statements

MOST = 3
DOCUMENTS: Any = FakeDocuments(solna=a_document(), lund=a_document(clinic="lund"))


def take_in(work: Work, event: Event, *, most: int | None = MOST, hours: int = 0) -> None:
    desk = replace(a_desk(work, DOCUMENTS, now=NOW + timedelta(hours=hours)), messages_a_day=most)
    if event.type == "RecallIssued":
        tell(desk, event)
    else:
        tell(desk, event)


def a_booking(number: int, **changes: Any) -> Event:
    return an_event(reference=f"REF{number}", **changes)


def states(work: Work, channel: str = "sms", **narrowed: Any) -> list[str]:
    found = [each for each in listed(work, channel=channel, **narrowed) if each["audience"] == "patient"]
    return sorted(each["state"] for each in found)


def test_what_is_beyond_the_day_s_messages_is_kept_as_failed_and_tells_why(
    work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for number in range(5):
            take_in(work, a_booking(number))
    assert states(work) == 2 * ["failed"] + 3 * ["planned"]
    first = listed(work)[0]
    assert (first["state"], first["reason"]["code"]) == ("failed", "too_many"), "staff see it first"
    alarms = [each.message for each in caplog.records if "message limit" in each.message]
    assert len(alarms) == 4, "two SMS and two emails"
    assert not any(word in alarm for alarm in alarms for word in ("+467", "eva@", "Lind"))
    told = [each for each in published(work) if each["type"] == "MessageFailed"]
    assert [each["subject_version"] for each in told] == 4 * [1]
    assert {each["data"]["booking"] for each in told} == {"REF3", "REF4"}


def test_practitioners_and_the_clinic_are_told_all_the_same(work: Work) -> None:
    for number in range(5):
        take_in(work, a_booking(number))
    ours = [each["state"] for each in listed(work, channel="email") if each["audience"] != "patient"]
    assert ours == 10 * ["planned"]


def test_others_and_other_clinics_and_the_next_day_are_not_concerned(work: Work) -> None:
    for number in range(4):
        take_in(work, a_booking(number))
    take_in(work, a_booking(5, person={"mobile": "+46701740605"}))
    take_in(work, replace(a_booking(6), clinic="lund"))
    take_in(work, a_booking(7), hours=25)
    assert [states(work, booking=f"REF{number}") for number in (3, 5, 7)] == [["failed"], ["planned"], ["planned"]]
    assert [each["state"] for each in listed(work, "lund", channel="sms")] == ["planned"]


def test_recalls_count_too(work: Work) -> None:
    for number in range(3):
        take_in(work, a_booking(number))
    take_in(work, a_recall())
    assert states(work) == ["failed"] + 3 * ["planned"]


def test_an_event_that_comes_twice_counts_once(work: Work) -> None:
    first = a_booking(0)
    for event in (first, first, a_booking(1), first, a_booking(2)):
        take_in(work, event)
    assert states(work) == 3 * ["planned"]


def test_staff_who_have_looked_send_it_all_the_same(work: Work) -> None:
    for number in range(4):
        take_in(work, a_booking(number))
    held = listed(work, state="failed")[0]
    assert resend(a_desk(work), "solna", held["id"])["state"] == "planned"


def test_an_installation_may_have_no_limit(work: Work) -> None:
    for number in range(5):
        take_in(work, a_booking(number), most=None)
    assert states(work) == 5 * ["planned"]


def somebody(number: int) -> dict[str, Any]:
    return {"mobile": f"+467017406{number:02}", "email": f"{number}@example.org"}


@pytest.mark.both_databases
def test_counting_costs_no_statement_of_its_own_however_many_are_written(work: Work, database: Database) -> None:
    take_in(work, a_booking(0))
    counted = []
    for first, most in ((1, MOST), (11, None)):
        desk = replace(a_desk(work, DOCUMENTS), messages_a_day=most)
        with statements(database) as seen:
            tell(desk, *(a_booking(number, person=somebody(number)) for number in range(first, first + 10)))
        counted.append(len(seen))
    assert counted[0] == counted[1]


def a_reminding_house(work: Work, bookings: int, *, reminders: int | None = MOST) -> House:
    """Return a clinic that reminds two days and a day before, with so many bookings of one telephone at one moment."""
    house = House(work, DAY, TWO_DAYS)
    house.reminders_a_day = reminders
    house.take_in(*(a_booking(number) for number in range(bookings)))
    return house


def due(house: House, hours: int) -> list[Outgoing]:
    """Return what goes out so many hours before the bookings."""
    return house.send_at(START - timedelta(hours=hours))


def test_reminders_of_bookings_with_somebody_s_mobile_do_not_flood_them(
    work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    house = a_reminding_house(work, 7)
    with caplog.at_level(logging.WARNING):
        assert len(due(house, 48)) == MOST
    kept = house.listed("failed")
    assert [each["reason"]["code"] for each in kept] == 4 * ["too_many"], "staff see them"
    alarms = [each.message for each in caplog.records if "message limit" in each.message]
    assert len(alarms) == 4
    assert not any(word in alarm for alarm in alarms for word in ("+467", "eva@", "Lind"))
    assert [each["type"] for each in published(work)].count("MessageFailed") == 4
    assert resend(house.desk, "solna", kept[0]["id"])["state"] == "planned"
    assert len(due(house, 47)) == 1, "what staff send again goes"
    assert len(due(house, 23)) == MOST, "a day later others go"


def test_a_family_s_reminders_all_go_whatever_was_told_lately(work: Work) -> None:
    house = a_reminding_house(work, MOST)
    house.take_in(a_booking(8, person={"mobile": "+46701740605"}))
    for number in range(10, 15):
        take_in(work, a_booking(number, start=START + timedelta(days=30)))
    due(house, 48)
    assert [each["event"] for each in house.listed("sent")].count("reminder") == MOST + 1


def test_an_installation_without_limit_reminds_of_all(work: Work) -> None:
    assert len(due(a_reminding_house(work, 7, reminders=None), 48)) == 7


def test_counting_reminders_costs_no_statement(work: Work, database: Database) -> None:
    house = a_reminding_house(work, 1)
    counted = []
    for hours, most in ((48, MOST), (24, None)):
        house.reminders_a_day = most
        with statements(database) as seen:
            assert len(due(house, hours)) == 1
        counted.append(len(seen))
    assert counted[0] == counted[1]
