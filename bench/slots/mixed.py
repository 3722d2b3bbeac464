"""Bookings that fall on the days which others search meanwhile, so many a second."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from http.client import HTTPConnection
from itertools import count
from zoneinfo import ZoneInfo

from bench.slots.clinic import NAME, PRACTITIONERS

BOOKINGS_A_SECOND = 5
_ZONE = ZoneInfo("Europe/Stockholm")
_HALF_HOURS = (*range(16, 24), *range(26, 34))
"""When an appointment may begin, counted from midnight."""
_numbers = count()


@contextmanager
def booking(port: int, type_key: str, first: date, days: int) -> Iterator[None]:
    """Book times of the dates, one after the other, as long as the block lasts; end the bench where one is refused."""
    over, failures = threading.Event(), list[str]()
    booker = threading.Thread(target=_book, args=(port, type_key, first, days, over, failures))
    booker.start()
    try:
        yield
    finally:
        over.set()
        booker.join()
    if failures:
        raise SystemExit(failures[0])


def _book(port: int, type_key: str, first: date, days: int, over: threading.Event, failures: list[str]) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    due = time.monotonic()
    while not over.wait(max(0.0, due - time.monotonic())):
        due += 1 / BOOKINGS_A_SECOND
        body = _a_booking(next(_numbers), type_key, first, days)
        said = {"Content-Type": "application/json"}
        connection.request("POST", f"/v1/clinics/{NAME}/bookings", json.dumps(body), said)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status not in {201, 409}:
            failures.append(f"{body}: {answer.status} {told!r}")
            break
    connection.close()


def _a_booking(number: int, type_key: str, first: date, days: int) -> dict[str, object]:
    """Return a booking of a time of its own, as long as the dates have one left."""
    of_day, day = divmod(number, days)
    half_hour, practitioner = divmod(of_day, len(PRACTITIONERS))
    minutes = 30 * _HALF_HOURS[half_hour % len(_HALF_HOURS)]
    midnight = datetime.combine(first + timedelta(days=day), datetime.min.time(), _ZONE)
    patient = {"first_name": "Test", "last_name": f"Person {number}", "birth_date": "1980-01-01"}
    return {
        "type": type_key,
        "practitioner": PRACTITIONERS[practitioner],
        "start": (midnight + timedelta(minutes=minutes)).isoformat(),
        "patient": patient,
    }
