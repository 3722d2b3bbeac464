"""Which events wait for somebody else, for how long, and when people are told (ADR 19)."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.bus.events import waiting
from shared.bus.events.handing_on import Permanent
from shared.bus.events.signatures import Unproven
from shared.bus.events.topology import WAITING_DELAYS
from shared.bus.events.waiting import TOO_LONG, Alarm, Wait, is_waiting, wait_of
from shared.bus.wires.link import BusLost
from shared.bus.wires.message import WAITING_FOR, WAITING_SINCE, WAITS
from shared.contracts.errors import Forbidden, Invalid, NotFound, Timeout, Unavailable
from shared.sealed import UnknownKey, Unsealable

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def full() -> sqlite3.Error:
    """Return what SQLite raises where its disk is full."""
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


@pytest.mark.parametrize(
    "error",
    [
        Unavailable.because("The service's database does not answer."),
        Timeout.because("availability.document did not answer in time."),
        NotFound.because("There is no such clinic."),
        BusLost("the broker did not confirm"),
        UnknownKey("sealed with the key 'b'"),
        PoolTimeout(),
        OperationalError("SELECT 1", {}, full()),
    ],
)
def test_what_others_may_mend_waits_for_them(error: Exception) -> None:
    assert is_waiting(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("not yet"),
        Permanent("no later attempt can help"),
        Unproven("no signature of booking"),
        Unsealable("the sealed text is damaged"),
        Invalid.because("A field is wrong."),
        Forbidden.because("It may not."),
        IntegrityError("INSERT", {}, sqlite3.IntegrityError("NOT NULL")),
    ],
)
def test_what_nobody_else_can_mend_fails(error: Exception) -> None:
    assert not is_waiting(error)


def test_an_event_waits_one_second_then_five_then_ten_again_and_again() -> None:
    headers: dict[str, object] = {}
    waits = []
    for tries in range(5):
        wait = Wait.of(headers, "Unavailable", NOW + timedelta(seconds=tries))
        waits.append(wait.delay(WAITING_DELAYS))
        headers = wait.headers()
    assert waits == [1, 5, 10, 10, 10]
    assert wait_of(headers) == Wait(NOW, "Unavailable", 5)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {WAITING_SINCE: NOW.isoformat()},
        {WAITING_SINCE: "yesterday", WAITS: 1},
        {WAITING_SINCE: "2026-12-01T12:00:00", WAITS: 1},
        {WAITING_SINCE: NOW.isoformat(), WAITS: "1"},
        {WAITING_SINCE: NOW.isoformat(), WAITS: 0},
    ],
)
def test_headers_that_nobody_of_ours_wrote_tell_of_no_wait(headers: dict[str, object]) -> None:
    assert wait_of({WAITING_FOR: "?", **headers}) is None


def test_what_has_waited_a_day_is_told_once_an_hour_for_its_whole_queue(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = 10_000.0
    monkeypatch.setattr(waiting.time, "monotonic", lambda: seconds)
    alarm, since = Alarm("evt-told"), datetime.now(UTC) - TOO_LONG
    for wait in (Wait(since + timedelta(hours=1), "?", 9), *[Wait(since, "Unavailable: away", 9)] * 3):
        alarm.hear(wait)
    told = [f"ALARM: events in evt-told wait since {since.isoformat(timespec='seconds')}: Unavailable: away"]
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == told
    seconds += 3601
    alarm.hear(Wait(since, "Unavailable: away", 9))
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == told * 2


def test_what_waits_is_told_of_once_a_minute_and_not_for_each_event(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = 10_000.0
    monkeypatch.setattr(waiting.time, "monotonic", lambda: seconds)
    alarm, since = Alarm("evt-told"), datetime.now(UTC)
    told = [f"events in evt-told wait, one since {since.isoformat(timespec='seconds')}: Unavailable: away"]
    for minute in (1, 2):
        for _ in range(3):
            alarm.hear(Wait(since, "Unavailable: away", 9))
        assert [record.message for record in caplog.records] == told * minute
        seconds += 60
