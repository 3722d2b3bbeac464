"""`frontdesk reconcile`: what services hold is broken by hand, found, and put right; and nothing is found otherwise."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from cli.main import main
from cli.reconcile import Part
from shared.contracts.errors import Timeout, Unavailable
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, at, in_days, own_clinic
from tests.system.databases import open_database
from tests.system.installation import ADMIN, Installation, wait_until

EXAM = {"key": "exam", "name": "Exam", "length": "30m", "needs": {"controlled": True}}
VISIT = {"key": "visit", "name": "Visit", "length": "30m"}
REMINDERS = [{"before": "24h", "channel": "sms"}, {"before": "48h", "channel": "sms"}]

BROKEN = {
    ("booking", "occupied time"): [
        ("booking", "UPDATE occupancy SET ends_at = ends_at + interval '1 hour' WHERE booking = :visit"),
    ],
    ("booking", "watch list"): [("booking", "DELETE FROM watch_list WHERE booking = :cancelled")],
    ("booking", "copy of the need"): [
        ("booking", "UPDATE needs SET week = '2020-W01', version = version + 7 WHERE id = :need"),
    ],
    ("availability", "taken time"): [
        ("availability", "DELETE FROM occupancy WHERE reference = :visit"),
        ("availability", "DELETE FROM occupants WHERE reference = :exam"),
        ("availability", "INSERT INTO occupancy (owner, reference, resource, clinic, starts_at, ends_at) SELECT owner, "
         ":cancelled, 'practitioner:anna', clinic, starts_at, ends_at FROM occupancy WHERE reference = :moved"),
        ("availability", "UPDATE occupants SET version = 99 WHERE reference = :moved"),
    ],
    ("patient", "use of the need"): [
        ("patient", "DELETE FROM need_bookings WHERE booking = :exam"),
        ("patient", "UPDATE needs SET booking = NULL WHERE booking = :exam"),
    ],
    ("patient", "patient of the booking"): [
        ("patient", "DELETE FROM patients WHERE id = :gone"),
        ("booking", "UPDATE bookings SET patient_id = NULL WHERE reference = :moved"),
    ],
    ("notification", "booking as remembered"): [("notification", "DELETE FROM appointments WHERE reference = :moved")],
    ("notification", "whose booking it is"): [("notification", "DELETE FROM booked_patients WHERE booking = :exam")],
    ("notification", "reminders"): [
        ("notification", "DELETE FROM messages WHERE booking = :visit AND event = 'reminder'"),
        ("notification", "UPDATE messages SET state = 'planned' WHERE booking = :cancelled AND event = 'reminder'"),
    ],
    ("notification", "message"): [
        ("notification", "DELETE FROM messages WHERE booking = :visit"),
        ("notification", "DELETE FROM bookings WHERE reference = :visit"),
        ("notification", "DELETE FROM messages WHERE booking = :moved AND event LIKE '%moved'"),
        ("notification", "UPDATE bookings SET version = 1 WHERE reference = :moved"),
    ],
}  # fmt: skip
"""What a service then holds otherwise, and the statements that bring it about."""


@pytest.fixture(scope="module")
def clinic(deployed_installation: Installation) -> OwnClinic:
    """Return a clinic with needs and reminders."""
    url = deployed_installation.url
    return own_clinic(Client(url), staff(url, *ADMIN), types=[VISIT, EXAM], reminders=REMINDERS)


@pytest.fixture(scope="module")
def named(deployed_installation: Installation, clinic: OwnClinic) -> dict[str, str]:
    """Return bookings by what has become of them, and the need that one uses; all that follows them has happened."""
    visit, cancelled, moved = (clinic.book(at(in_days(day), "08:00")) for day in (20, 21, 22))
    wait_until(lambda: has_reminder(clinic, cancelled["reference"]), "the reminder that goes with its booking")
    assert clinic.link(cancelled["manage_token"], "cancel", {"comment": "ill"}).status == 200
    assert clinic.link(moved["manage_token"], "rebook", {"start": at(in_days(23), "09:00")}).status == 200
    wait_until(lambda: patient_of(clinic, visit["reference"]), "the patient of the visit")
    patient = patient_of(clinic, visit["reference"])
    need = clinic.desk("POST", "needs", {"patient": patient, "type": "exam", "week": "2099-W01"})
    assert need.status == 201, need
    exams: list[dict[str, Any]] = []

    def exam() -> bool:
        body = {"type": "exam", "start": at(in_days(24), "08:00"), "patient": {"id": patient}, "need": need["id"]}
        answer = clinic.desk("POST", "bookings", body)
        exams.extend([answer.body] if answer.status == 201 else [])
        return bool(exams)

    wait_until(exam, "the need can be used")
    found = {"visit": visit, "cancelled": cancelled, "moved": moved, "exam": exams[0]}
    return {**{name: booking["reference"] for name, booking in found.items()}, "need": need["id"]}


@pytest.fixture
def sound(reconcile: Callable[..., Result], named: dict[str, str]) -> dict[str, str]:
    """Return the bookings once nothing of them is on its way."""
    wait_until(lambda: reconcile().exit_code == 0, "a sound installation")
    return named


@pytest.fixture
def reconcile(
    deployed_installation: Installation, clinic: OwnClinic, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Return the command for this clinic."""
    monkeypatch.setattr("cli.reconcile._ON_ITS_WAY", 1.0)

    def run(*options: str) -> Result:
        environment: dict[str, Any] = deployed_installation.environment
        result = CliRunner().invoke(main, ["reconcile", "--clinic", clinic.key, *options], env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def patient_of(clinic: OwnClinic, reference: str) -> str | None:
    """Return the id of a booking's patient, None while it is not known."""
    found: str | None = clinic.desk("GET", f"bookings/{reference}")["patient"]["id"]
    return found


def break_by_hand(installation: Installation, statements: list[tuple[str, str]], **names: Any) -> None:
    """Change rows of services behind their backs."""
    for service, statement in statements:
        with open_database(installation.environment[f"{service.upper()}_DATABASE_URL"]) as connection:
            known = {name: value for name, value in names.items() if f":{name}" in statement}
            assert connection.execute(text(statement), known).rowcount > 0, statement


def everything(clinic: OwnClinic, named: dict[str, str]) -> dict[str, Any]:
    """Return what staff and patients see of these bookings."""
    bookings = {name: reference for name, reference in named.items() if name != "need"}
    return {
        "patients": {name: patient_of(clinic, reference) for name, reference in bookings.items()},
        "messages": {name: messages(clinic, reference) for name, reference in bookings.items()},
        "needs": clinic.desk("GET", "needs")["needs"],
        "watch_list": [
            (each["booking"]["reference"], each["at"]) for each in clinic.desk("GET", "watch-list")["watch_list"]
        ],
        "offered": [clinic.starts(in_days(day)) for day in range(20, 25)],
    }


def has_reminder(clinic: OwnClinic, reference: str) -> bool:
    """Tell whether a booking is to be reminded of."""
    return any(each[0] == "reminder" for each in messages(clinic, reference))


def messages(clinic: OwnClinic, reference: str) -> list[tuple[str, ...]]:
    """Return what was, or will be, sent of a booking; not what was withdrawn."""
    found = clinic.desk("GET", "messages", booking=reference)["messages"]
    said = [(each["event"], each["channel"], each["audience"], each["to"], each["subject"] or "") for each in found
            if each["state"] != "withdrawn"]  # fmt: skip
    return sorted(said)


def test_nothing_is_found_in_a_sound_installation(reconcile: Callable[..., Result], sound: dict[str, str]) -> None:
    for options in (("--all",), ("--repair",)):
        result = reconcile(*options)
        assert (result.exit_code, result.output) == (
            0, "4 booking(s) looked at: every service holds what booking says.\n",
        )  # fmt: skip


def test_what_differs_is_found_and_put_right_and_nobody_is_told_twice(
    deployed_installation: Installation, clinic: OwnClinic, reconcile: Callable[..., Result], sound: dict[str, str]
) -> None:
    before, gone = everything(clinic, sound), patient_of(clinic, sound["cancelled"])
    for statements in BROKEN.values():
        break_by_hand(deployed_installation, statements, **sound, gone=gone)
    found = reconcile()
    assert found.exit_code == 1
    for service, what in BROKEN:
        assert re.search(rf"^ *{service} +{clinic.key} +{what} ", found.output, re.MULTILINE), found.output
    repaired = reconcile("--repair")
    assert repaired.exit_code == 0, repaired.output
    again = reconcile("--repair")
    assert again.exit_code == 0
    assert "every service holds" in again.output, again.output
    wait_until(lambda: everything(clinic, sound) == before, f"all as it was: {before}; {everything(clinic, sound)}")


def test_a_history_that_was_cut_is_found_and_left_to_people(
    deployed_installation: Installation, reconcile: Callable[..., Result], sound: dict[str, str]
) -> None:
    statement = "UPDATE bookings SET history_length = history_length + :more WHERE reference = :visit"
    with open_database(deployed_installation.environment["BOOKING_DATABASE_URL"]) as connection:
        connection.execute(text(statement), {"more": 1, "visit": sound["visit"]})
    result = reconcile("--repair")
    assert result.exit_code == 1
    assert re.search(r"^ *booking .* history +1 +0 +" + sound["visit"], result.output, re.MULTILINE), result.output
    with open_database(deployed_installation.environment["BOOKING_DATABASE_URL"]) as connection:
        connection.execute(text(statement), {"more": -1, "visit": sound["visit"]})


def test_a_clinic_that_there_is_not_is_said(reconcile: Callable[..., Result], clinic: OwnClinic) -> None:
    result = reconcile("--clinic", "nowhere")
    assert result.exit_code == 1
    assert "There is no clinic nowhere." in result.output


def test_a_service_that_is_just_replaced_is_asked_again_and_one_that_is_away_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cli.reconcile._PAUSE", 0.0)
    away, late = Unavailable.because("Nobody serves booking.reconcile."), Timeout.because("It did not answer in time.")
    answers: list[Any] = [away, late, {"looked_at": 2, "differs": [], "next": None}, away, away, away, away]

    class Services:
        def call(self, *_: Any, **__: Any) -> dict[str, Any]:
            answer: dict[str, Any] | Exception = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

    client: Any = Services()
    part = Part(client, "booking", "reconcile", "solna")
    part.look(None)
    assert part.looked_at == 2
    with pytest.raises(Unavailable, match="Nobody serves"):
        part.look(None)
    assert answers == []
