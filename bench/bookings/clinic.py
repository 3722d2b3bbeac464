"""The clinic that is booked, and the people who book: each a time of their own, so that nobody is refused."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from bench.load import Answer, Undertaking, request

NAME = "bench"
PRACTITIONERS = tuple(f"p{number}" for number in range(10))
_ZONE = ZoneInfo("Europe/Stockholm")
_OPENS, _STEP = time(8), timedelta(minutes=15)
_FIRST_DAY, _DAYS = 7, 320
_JSON = "Content-Type: application/json"


def document() -> dict[str, Any]:
    """Return its document: open from 08:00 to 20:00 on all days, quarters of an hour; SMS and email to patients."""
    hours = [{"kind": "exam", "from": "08:00", "to": "20:00"}]
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return {
        "clinic": NAME,
        "name": "Bench",
        "time_zone": _ZONE.key,
        "country": "SE",
        "booking": {"active": True, "holidays": {"closed": False}},
        "details": {"mobile": "required", "email": "required"},
        "channels": {"booked": ["sms", "email"], "practitioner": []},
        "practitioners": [{"key": key, "name": key} for key in PRACTITIONERS],
        "block_kinds": [{"key": "exam", "name": "Exam", "online": True}],
        "types": [{"key": "visit", "name": "Visit", "length": "15m"}],
        "templates": [{"key": "normal", "week": dict.fromkeys(days, hours)}],
        "plans": [{"practitioner": None, "template": "normal", "from": "2020-01-01"}],
    }


def place(number: int, today: date) -> tuple[str, str]:
    """Return practitioner and start of a place; the next number's is with another one and on a far day."""
    turn, practitioner = divmod(number, len(PRACTITIONERS))
    day = today + timedelta(days=_FIRST_DAY + (turn + practitioner * _DAYS // len(PRACTITIONERS)) % _DAYS)
    start = datetime.combine(day, _OPENS, _ZONE) + turn // _DAYS * _STEP
    return PRACTITIONERS[practitioner], start.isoformat()


def bookings(*, first: int, today: str, hold: bool = False, number: int | None = None) -> Iterator[Undertaking]:
    """Yield people who book, from the one of number `first` on, so many of them or without end."""
    turns = count(first) if number is None else range(first, first + number)
    return (_booked(each, date.fromisoformat(today), hold) for each in turns)


def _booked(number: int, today: date, hold: bool) -> Undertaking:
    """Book, after a hold where it is wanted; comes to the booking's reference, or to nothing where it was refused."""
    practitioner, start = place(number, today)
    asked: dict[str, Any] = {"type": "visit", "practitioner": practitioner, "start": start}
    if hold:
        held = yield _posted("holds", asked, number)
        if held.status != 201:
            return _refused(held)
        asked["hold"] = json.loads(held.body)["hold"]
    answer = yield _posted("bookings", asked | {"patient": _person(number)}, number)
    return str(json.loads(answer.body)["reference"]) if answer.status == 201 else _refused(answer)


def _refused(answer: Answer) -> str:
    return f"!{answer.status} {answer.body[:200].decode(errors='replace')}"


def _posted(what: str, body: dict[str, Any], number: int) -> bytes:
    address = f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return request("POST", f"/v1/clinics/{NAME}/{what}", json.dumps(body).encode(), _JSON, address)


def _person(number: int) -> dict[str, Any]:
    """Return who comes: always somebody new, with a telephone and an address of their own."""
    return {
        "first_name": "Test", "last_name": f"Person {number}", "birth_date": "1980-01-01",
        "mobile": f"+4672{number:07}", "email": f"person{number}@patients.example", "sms_ok": True, "email_ok": True,
    }  # fmt: skip
