"""How long the staff's calendar takes: a day of 10 practitioners with 150 bookings, on RabbitMQ, PostgreSQL and Redis.

    python -m bench.calendar

What one desk waits for: the page as a whole, the grid that is drawn anew when there is news, the staff API, and a poll
without news. One request after the other; times are those of a client on the same machine.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import requests
from rich.console import Console
from rich.table import Table

from bench.house import PASSWORD, House, deployed

CLINIC = "bench"
ZONE = ZoneInfo("Europe/Stockholm")
PRACTITIONERS = [f"person-{number}" for number in range(10)]
EACH = 15
REPEATS = 200
_LOGIN = {"email": "admin@frontdesk.example", "password": PASSWORD}
_PART = {"HX-Request": "true", "HX-Target": "calendar"}


def a_document() -> dict[str, Any]:
    """Return a clinic whose ten practitioners work from 08:00 to 17:00 with a lunch break."""
    hours = [("exam", "08:00", "12:00"), ("lunch", "12:00", "13:00"), ("exam", "13:00", "17:00")]
    week = [{"kind": kind, "from": start, "to": end} for kind, start, end in hours]
    return {
        "clinic": CLINIC,
        "name": "Bench",
        "time_zone": ZONE.key,
        "country": "SE",
        "booking": {"active": True, "holidays": {"closed": False}},
        "practitioners": [{"key": key, "name": f"Dr {key}"} for key in PRACTITIONERS],
        "block_kinds": [{"key": "exam", "name": "Exam", "online": True}, {"key": "lunch", "name": "Lunch"}],
        "types": [{"key": "exam", "name": "US", "alias": "Examination", "length": "30m"}],
        "templates": [{"key": "week", "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), week)}],
        "plans": [{"practitioner": None, "template": "week", "from": "2026-01-01"}],
    }


def a_day() -> datetime:
    """Return the beginning of work in ten days."""
    morning = datetime.now(UTC).astimezone(ZONE) + timedelta(days=10)
    return morning.replace(hour=8, minute=0, second=0, microsecond=0)


def bookings(morning: datetime) -> Iterator[dict[str, Any]]:
    """Yield what fills the day."""
    for number, key in enumerate(PRACTITIONERS):
        for step in range(EACH):
            person = {
                "first_name": "Elisabeth", "last_name": f"Bergström {'abcdefghijklmno'[step]}",
                "birth_date": f"19{50 + number}-05-{step + 1:02d}", "mobile": f"+4670174{number:02d}{step:02d}",
            }  # fmt: skip
            start = (morning + timedelta(minutes=30 * step)).isoformat()
            yield {"type": "exam", "practitioner": key, "start": start, "patient": person, "outside_plan": True}


def measured(house: House, ask: Callable[[], requests.Response]) -> tuple[float, float, float, int]:
    """Return median and 99th percentile in ms, the processor's ms, and how many bytes an answer has on the way.

    The processor's are those of gateway and services for one answer: what else runs at the time is no part of it.
    """
    times, size = [], 0
    before = _processor_seconds(house)
    for _ in range(REPEATS):
        begun = time.perf_counter()
        answer = ask()
        times.append(1000 * (time.perf_counter() - begun))
        assert answer.status_code in {200, 304}, answer.text
        size = int(answer.headers.get("Content-Length", 0))
    spent = 1000 * (_processor_seconds(house) - before) / REPEATS
    return statistics.median(times), sorted(times)[int(0.99 * REPEATS)], spent, size


def _processor_seconds(house: House) -> float:
    return sum(house.processor_seconds(name) for name in ("gateway", "availability", "booking"))


def main() -> None:
    """Measure and print."""
    table = Table(title="Calendar of 10 practitioners and 150 bookings")
    for heading in ("what", "p50 ms", "p99 ms", "processor ms", "bytes sent"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    with deployed(a_document()) as house:
        morning = a_day()
        token = _filled(house, morning)
        house.share_cores()
        for what, ask in _questions(house, _signed_in(house), token, f"{morning.date()}"):
            middle, late, spent, size = measured(house, ask)
            table.add_row(what, f"{middle:.1f}", f"{late:.1f}", f"{spent:.1f}", str(size))
    Console().print(table)


def _filled(house: House, morning: datetime) -> str:
    """Book the day, and return the token of staff of the clinic."""
    token: str = requests.post(f"{house.url}/v1/staff/logins", json=_LOGIN, timeout=20).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}

    def book(body: dict[str, Any]) -> None:
        address = f"{house.url}/v1/staff/clinics/{CLINIC}/bookings"
        answer = requests.post(address, json=body, headers=bearer, timeout=20)
        assert answer.status_code == 201, answer.text

    with ThreadPoolExecutor(4) as desks:
        list(desks.map(book, bookings(morning)))
    return token


def _signed_in(house: House) -> requests.Session:
    """Return a browser in which somebody has signed in to the console."""
    ours = {"Origin": house.url, "Sec-Fetch-Site": "same-origin"}
    sign_in = f"{house.url}/staff/-/sign-in"
    entered = requests.post(sign_in, data=_LOGIN, headers=ours, timeout=20, allow_redirects=False)
    desk = requests.Session()
    # browsers keep a secure cookie of the machine's own address, requests does not
    desk.headers["Cookie"] = entered.headers["Set-Cookie"].partition(";")[0]
    return desk


def _questions(
    house: House, desk: requests.Session, token: str, day: str
) -> Iterator[tuple[str, Callable[[], requests.Response]]]:
    page = f"{house.url}/staff/{CLINIC}/calendar?date={day}"
    api = f"{house.url}/v1/staff/clinics/{CLINIC}/calendar?from={day}&to={day}"
    live = f"{house.url}/staff/{CLINIC}/live"
    bearer = {"Authorization": f"Bearer {token}"}
    known = dict(bearer)

    def ask_again() -> requests.Response:
        answer = requests.get(api, headers=known, timeout=20)
        known["If-None-Match"] = answer.headers["ETag"]
        return answer

    seen = {"If-None-Match": desk.get(live, timeout=20).headers["ETag"]}
    yield "the page", lambda: desk.get(page, timeout=20)
    yield "the grid alone", lambda: desk.get(page, headers=_PART, timeout=20)
    yield "the staff API", lambda: requests.get(api, headers=bearer, timeout=20)
    yield "the staff API, mostly without news", ask_again
    yield "a poll, mostly without news", lambda: desk.get(live, headers=seen, timeout=20)


if __name__ == "__main__":
    main()
