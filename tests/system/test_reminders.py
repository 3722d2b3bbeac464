"""Reminders over whole installations: planned by bookings, sent once by several processes (PRODUCT N3, N6)."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services.notification.store import NotificationStore, messages
from shared.storage.database import Database
from tests.system.api_client import Client, staff
from tests.system.clinics import ZONE, OwnClinic, a_block, a_person, at, in_days, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until

SLOW_MACHINE = 180.0
BEFORE = ["24h", "30h", "36h", "42h", "2d"]
BOOKINGS = 60
DAY = in_days(20)


def not_now() -> dict[str, str]:
    """Return quiet hours that are far from the present moment, whenever tests run."""
    start = datetime.now(UTC).astimezone(ZONE) + timedelta(hours=6)
    return {"from": f"{start:%H}:00", "to": f"{start:%H}:30"}


def a_reminding_clinic(installation: Installation, *before: str, **changes: Any) -> OwnClinic:
    """Return a clinic that sends nothing but reminders by SMS."""
    public, administrator = Client(installation.url), staff(installation.url, *ADMIN)
    return own_clinic(public, administrator, a_block("08:00", "20:00"), **rules(*before, **changes))


def rules(*before: str, **changes: Any) -> dict[str, Any]:
    """Return what the clinic's document says of messages."""
    return {
        "reminders": [{"before": each, "channel": "sms"} for each in before],
        "channels": {"booked": [], "moved": [], "cancelled": [], "practitioner": []},
        "visit": {"length": "5m", "slots": {"mode": "flexible", "step": "5m"}},
        **changes,
    }


def a_day_before(day: date, time: str) -> str:
    """Return the moment 24 hours before a time of `day`: in the week in which clocks change it is another hour."""
    start = datetime.fromisoformat(at(day, time)).astimezone(UTC)
    return (start - timedelta(hours=24)).astimezone(ZONE).isoformat()


def reminders(clinic: OwnClinic, reference: str | None = None) -> list[dict[str, Any]]:
    """Return the clinic's reminders as staff see them."""
    narrowed = {"booking": reference} if reference else {}
    found: list[dict[str, Any]] = clinic.desk("GET", "messages", limit=200, **narrowed)["messages"]
    return [each for each in found if each["event"] == "reminder"]


@pytest.mark.both_forms
def test_n3_a_reminder_follows_its_booking_its_switches_and_its_clinic(installation: Installation) -> None:
    clinic = a_reminding_clinic(installation, "24h")
    booked = clinic.book(at(DAY, "10:00"), a_person())
    assert booked.status == 201, booked
    reference = booked["reference"]

    def planned() -> list[str]:
        return [each["at"] for each in reminders(clinic, reference) if each["state"] == "planned"]

    def become(*moments: str) -> None:
        wait_until(lambda: sorted(planned()) == sorted(moments), f"planned for {moments}", SLOW_MACHINE)

    become(a_day_before(DAY, "10:00"))
    assert clinic.link(booked["manage_token"], "rebook", {"start": at(DAY, "15:00")}).status == 200
    become(a_day_before(DAY, "15:00"))
    clinic.apply(a_block("08:00", "20:00"), **rules("2h", "24h"))
    become(at(DAY, "13:00"), a_day_before(DAY, "15:00"))
    assert clinic.desk("POST", f"bookings/{reference}/sms-reminder", {"on": False}).status == 200
    become()
    assert clinic.desk("POST", f"bookings/{reference}/sms-reminder", {"on": True}).status == 200
    become(at(DAY, "13:00"), a_day_before(DAY, "15:00"))
    wait_until(lambda: clinic.desk("GET", f"bookings/{reference}")["patient"]["id"], "the patient is known")
    patient = clinic.desk("GET", f"bookings/{reference}")["patient"]["id"]
    assert clinic.desk("PATCH", f"patients/{patient}", {"sms_reminder": False}).status == 200
    become()
    assert clinic.desk("PATCH", f"patients/{patient}", {"sms_reminder": True}).status == 200
    become(at(DAY, "13:00"), a_day_before(DAY, "15:00"))
    assert clinic.link(booked["manage_token"], "cancel").status == 200
    become()
    assert {each["state"] for each in reminders(clinic, reference)} == {"withdrawn"}


def test_n6_hundreds_of_due_reminders_are_sent_once_each_by_two_processes(
    deployed_installation: Installation,
) -> None:
    """On PostgreSQL and RabbitMQ. Time passes by moving what is planned to the present moment, all at once."""
    clinic = a_reminding_clinic(deployed_installation, *BEFORE, quiet_hours=not_now())
    starts = (f"{8 + minute // 60:02}:{minute % 60:02}" for minute in range(0, 12 * 60, 5))
    references = []
    for start, _ in zip(starts, range(BOOKINGS), strict=False):
        booked = clinic.book(at(DAY, start), a_person())
        assert booked.status == 201, booked
        references.append(booked["reference"])
    database = Database(deployed_installation.environment["NOTIFICATION_DATABASE_URL"])
    try:
        theirs = (messages.c.clinic == clinic.key, messages.c.event == "reminder")
        expected = BOOKINGS * len(BEFORE)
        wait_until(lambda: len(_read(database, *theirs)) == expected, "all are planned", SLOW_MACHINE)
        with database.transaction() as connection:
            connection.execute(update(messages).where(*theirs).values(due_at=datetime.now(UTC)))
        wait_until(
            lambda: {row.state for row in _read(database, *theirs)} == {"sent"},
            "all are sent",
            SLOW_MACHINE,
        )
        rows = _read(database, *theirs)
        assert Counter(row.booking for row in rows) == dict.fromkeys(references, len(BEFORE))
        assert {row.attempts for row in rows} == {1}, "each was taken in hand once"
        told = _told(database, {row.id for row in rows})
        assert told == dict.fromkeys((row.id for row in rows), 1), "and each delivery was told once"
    finally:
        database.close()


def _read(database: Database, *where: Any) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(messages).where(*where)))


def _told(database: Database, ids: set[str]) -> Counter[str]:
    with database.reading() as connection:
        outbox = NotificationStore.outbox
        bodies = connection.execute(select(outbox.c.body).where(outbox.c.type == "MessageSent")).scalars()
        return Counter(body["subject"] for body in bodies if body["subject"] in ids)
