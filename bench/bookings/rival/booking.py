"""How people book at the rival: the time, then who they are, by its two forms. They are logged in, its shortest way."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from bench.load import Answer, Undertaking, request

_STEP = timedelta(minutes=15)
_FIRST_DAY, _DAYS, _PRACTITIONERS = 7, 320, 10
_FORM = "Content-Type: application/x-www-form-urlencoded"
_TOKEN = "t" * 32
"""Against forged forms: whoever sends the cookie may choose it."""


def bookings(*, first: int, number: int | None, today: str, sessions: list[str]) -> Iterator[Undertaking]:
    """Yield people who book, each at a time of their own; one who got a time comes to its number."""
    end = 1 << 40 if number is None else first + number
    day = date.fromisoformat(today)
    return (_booked(each, day, sessions[each % len(sessions)]) for each in range(first, end))


def _booked(number: int, today: date, session: str) -> Undertaking:
    turn, practitioner = divmod(number, _PRACTITIONERS)
    start = datetime.combine(today + timedelta(days=_FIRST_DAY + turn % _DAYS), time(8)) + turn // _DAYS * _STEP
    chosen = yield _posted(
        "/appointment/request-submit/", session, date=f"{start:%Y-%m-%d}", start_time=f"{start:%H:%M}",
        end_time=f"{start + _STEP:%H:%M}", service=1, staff_member=practitioner + 1,
    )  # fmt: skip
    form = _sent_on(chosen)
    if "client-info" not in form:
        return f"!{chosen.status} {form}"
    answer = yield _posted(
        form, session, name=f"Person {number}", email=f"person{number}@patients.example", phone_0="SE",
        phone_1=f"072{number:07}", address="Storgatan 1", additional_info="", payment_type="full",
    )  # fmt: skip
    return f"{number}" if "thank-you" in _sent_on(answer) else f"!{answer.status} {answer.body[:300]!r}"


def _posted(path: str, session: str, **fields: object) -> bytes:
    form = urlencode({"csrfmiddlewaretoken": _TOKEN, **fields}).encode()
    return request("POST", path, form, _FORM, f"Cookie: csrftoken={_TOKEN}; sessionid={session}")


def _sent_on(answer: Answer) -> str:
    """Return where an answer sends the browser; empty where it does not."""
    lines = answer.head.decode().split("\r\n")
    return next((line.partition(": ")[2] for line in lines if line.lower().startswith("location:")), "")
