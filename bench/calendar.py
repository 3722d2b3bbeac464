"""How long the staff's calendar takes: a day of 10 practitioners with 150 bookings, on RabbitMQ, PostgreSQL and Redis.

    python -m bench.calendar

What one desk waits for: the page as a whole, the grid that is drawn anew when there is news, the staff API, and a poll
without news. One request after the other; times are those of a client on the same machine. At last how long it takes
from a booking's answer until it is in the grid of another desk, which asks as `live.js` does: two seconds after it was
last answered.
"""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Condition, Event, Thread
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
NEWS = 60
"""So many bookings are looked out for, each a little later between two polls than the one before."""
POLLED_EVERY = 2.0
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
        news = sorted(_seen_after(house, token, morning + timedelta(days=1)))
        table.add_row("a booking, until others see it", f"{statistics.median(news):.0f}", f"{news[-1]:.0f}", "", "")
    Console().print(table)
    Console().print(f"The last row is of {NEWS} bookings, its p99 the longest of them.")


class OtherDesk:
    """Asks for news as a browser does, and notes when a booking is first in its grid."""

    def __init__(self, house: House, day: str) -> None:
        self._desk, self._live = _signed_in(house), f"{house.url}/staff/{CLINIC}/live"
        self._page = f"{house.url}/staff/{CLINIC}/calendar?date={day}"
        self._seen: dict[str, float] = {}
        self._changed, self._is_over = Condition(), Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def seen_at(self, reference: str) -> float:
        """Wait until a booking is seen, and return when that was."""
        with self._changed:
            assert self._changed.wait_for(lambda: reference in self._seen, timeout=60), "it is never seen"
            return self._seen[reference]

    def close(self) -> None:
        """Look no more."""
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        mark = ""
        while not self._is_over.wait(POLLED_EVERY):
            answer = self._desk.get(self._live, headers={"If-None-Match": mark}, timeout=20)
            if answer.status_code == 200:
                mark = answer.headers["ETag"]
                grid = self._desk.get(self._page, headers=_PART, timeout=20)
                now = time.perf_counter()
                with self._changed:
                    for reference in re.findall('data-reference="([^"]+)"', grid.text):
                        self._seen.setdefault(reference, now)
                    self._changed.notify_all()


def _seen_after(house: House, token: str, morning: datetime) -> Iterator[float]:
    """Yield after how many ms each of some bookings is seen by others."""
    other = OtherDesk(house, f"{morning.date()}")
    address, bearer = f"{house.url}/v1/staff/clinics/{CLINIC}/bookings", {"Authorization": f"Bearer {token}"}
    for number, body in zip(range(NEWS), bookings(morning), strict=False):
        time.sleep(POLLED_EVERY * number / NEWS)
        answer = requests.post(address, json=body, headers=bearer, timeout=20)
        answered = time.perf_counter()
        assert answer.status_code == 201, answer.text
        yield 1000 * max(0.0, other.seen_at(answer.json()["reference"]) - answered)
    other.close()


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
