"""How long after a booking a search still shows its time: booking, event, projection, cache, search, end to end."""

import json
import time
from datetime import date, timedelta
from http.client import HTTPConnection
from typing import Any

from bench.slots.clinic import NAME, address

_LIMIT_SECONDS = 30.0
_PAUSE_SECONDS = 0.004
"""Without it the polling itself takes the processor that the event needs."""
_TYPE = "t199"
"""A type that no other measurement asks for."""


def milliseconds(port: int, bookings: int, today: date) -> list[float]:
    """Return for each booking the milliseconds from its answer until a search was sent that shows the truth.

    Searches follow each other without a pause, so the last untrue one was sent one search earlier. day is warm
    before its time is booked, so that each booking has a kept answer to make void.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    found: list[float] = []
    day = today + timedelta(days=7)
    while len(found) < bookings:
        day += timedelta(days=1)
        for start in _starts(connection, day)[:8]:
            if len(found) < bookings:
                _book(connection, start, len(found))
                found.append(_gone_after(connection, day, start))
    connection.close()
    return found


def _gone_after(connection: HTTPConnection, day: date, start: str) -> float:
    booked = sent = time.perf_counter()
    while start in _starts(connection, day):
        time.sleep(_PAUSE_SECONDS)
        sent = time.perf_counter()
        if sent - booked > _LIMIT_SECONDS:
            raise SystemExit(f"{start} still shows as free")
    return 1000 * (sent - booked)


def _starts(connection: HTTPConnection, day: date) -> list[str]:
    """Return the starts at which the first practitioner is free."""
    answer = _call(connection, "GET", address("slots", _TYPE, day, 1) + "&practitioner=p0")
    return [slot["start"] for slot in answer["slots"]]


def _book(connection: HTTPConnection, start: str, number: int) -> None:
    patient = {
        "first_name": "Test",
        "last_name": f"Person {number}",
        "birth_date": "1980-01-01",
        "email": "a@b.example",
    }
    body = {"type": _TYPE, "practitioner": "p0", "start": start, "patient": patient}
    _call(connection, "POST", f"/v1/clinics/{NAME}/bookings", body)


def _call(connection: HTTPConnection, method: str, path: str, body: Any = None) -> Any:
    headers = {"Content-Type": "application/json"} if body else {}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    content = json.loads(response.read())
    if response.status not in {200, 201}:
        raise SystemExit(f"{method} {path}: {response.status} {content}")
    return content
