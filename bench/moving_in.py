"""A clinic moves in: 20,000 patients and 50,000 appointments of the former system, while patients book.

    python -m bench.moving_in [--patients 20000] [--appointments 50000]

One process of each service, RabbitMQ, PostgreSQL and Redis of the run's own; one caller, a batch of 200 lines after the
other, as `frontdesk import` does. A visitor books every half second meanwhile, with the very practitioners whose time
is taken over. At last all is sent once more, which changes nothing.
"""

import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from threading import Event, Thread
from typing import Any

import click
import requests
from rich.console import Console
from rich.table import Table

from bench.bookings import clinic
from bench.bookings.observer import Observer, observing, prepare
from bench.house import House, deployed
from shared.actor import Actor, sign
from shared.bus.client import BlockingClient
from tests.servers.sources import POSTGRES_TO_HURT

AT_ONCE = 200
_TIMES_A_DAY = 40
_VISITOR_EVERY = 0.5
_TOOL = Actor(kind="tool", id="bench")
_FOLLOWED = {
    "booking": "SELECT count(*) FROM outbox WHERE published_at IS NULL",
    "patient": "SELECT count(*) FROM outbox WHERE published_at IS NULL",
}
Lines = Sequence[dict[str, Any]]


def patients(number: int) -> Iterator[dict[str, Any]]:
    """Yield the lines of a file of patients, no two with one name and date of birth."""
    for each in range(number):
        born = date(1930, 1, 1) + timedelta(days=each % 29_000)
        yield {
            "line": each + 1,
            "former": f"P{each}",
            "first_name": f"Test {'abcdefghijklmnopqrst'[each % 20]}",
            "last_name": f"Person {'abcdefghijklmnopqrstuvwxyz'[each % 26]}",
            "birth_date": born.isoformat(),
            "mobile": f"+4670174{each % 10_000:04d}",
            "email": f"person{each}@example.org",
        }


def appointments(number: int, people: int, today: date) -> Iterator[dict[str, Any]]:
    """Yield the lines of a file of appointments: half of them past, all in the plan's first ten hours."""
    a_day = _TIMES_A_DAY * len(clinic.PRACTITIONERS)
    first = today - timedelta(days=number // a_day // 2)
    for each in range(number):
        day, at = divmod(each, a_day)
        practitioner, turn = at % len(clinic.PRACTITIONERS), at // len(clinic.PRACTITIONERS)
        start = datetime.combine(first + timedelta(days=day), datetime.min.time()) + timedelta(minutes=480 + 15 * turn)
        yield {
            "line": each + 1,
            "former": f"A{each}",
            "patient": {"former": f"P{each % people}"},
            "type": "visit",
            "practitioner": clinic.PRACTITIONERS[practitioner],
            "start": start.isoformat(timespec="minutes"),
        }


@dataclass(frozen=True)
class Taken:
    """What taking a file over came to. Seconds of processor time and statements are of all parts."""

    outcomes: Counter[str]
    seconds: float
    slowest: float
    processor: float
    statements: int
    visits: list[float]


class Visitor:
    """Books a time of its own every half second, and notes how long each booking took."""

    def __init__(self, house: House, places: Iterator[tuple[str, str]]) -> None:
        self.took: list[float] = []
        self._house, self._places, self._over = house, places, Event()
        self._thread = Thread(target=self._book, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Book no more."""
        self._over.set()
        self._thread.join()

    def _book(self) -> None:
        with requests.Session() as session:
            while not self._over.wait(_VISITOR_EVERY):
                practitioner, start = next(self._places)
                person = {"first_name": "Test", "last_name": "Visitor", "birth_date": "1980-05-05"}
                contacts = {"mobile": "+46701740099", "email": "visitor@example.org"}
                sent = {
                    "type": "visit",
                    "practitioner": practitioner,
                    "start": start,
                    "patient": {**person, **contacts},
                }
                begun = time.perf_counter()
                self._press(session, sent, {"Idempotency-Key": f"{practitioner}-{start}"})
                self.took.append(time.perf_counter() - begun)

    def _press(self, session: requests.Session, sent: dict[str, Any], key: dict[str, str]) -> None:
        """Book, again and again where nobody has time: all of that is the visitor's wait."""
        while True:
            url = f"{self._house.url}/v1/clinics/{clinic.NAME}/bookings"
            answer = session.post(url, json=sent, headers=key, timeout=20)
            if answer.status_code not in (503, 504):
                assert answer.status_code == 201, answer.text
                return


def taken_over(
    house: House, observer: Observer, visitor: Visitor, client: BlockingClient, method: tuple[str, str], lines: Lines
) -> Taken:
    """Take a file over, a batch after the other, and return what that came to."""
    outcomes, slowest = Counter[str](), 0.0
    processor, statements = _processor(house), _statements(observer)
    begun = time.perf_counter()
    for first in range(0, len(lines), AT_ONCE):
        asked = time.perf_counter()
        answer = client.call(*method, clinic.NAME, lines=lines[first : first + AT_ONCE], timeout=60.0)
        slowest = max(slowest, time.perf_counter() - asked)
        outcomes.update(each["outcome"] for each in answer["lines"])
    seconds = time.perf_counter() - begun
    visitor.close()
    used = _processor(house) - processor
    return Taken(outcomes, seconds, slowest, used, _statements(observer) - statements, visitor.took)


def followed(observer: Observer) -> float:
    """Wait until every event is published, and return for how many seconds."""
    begun = time.perf_counter()
    while any(observer.rows(service, query)[0][0] for service, query in _FOLLOWED.items()):
        time.sleep(0.1)
    return time.perf_counter() - begun


def _processor(house: House) -> float:
    return sum(house.processor_seconds(name) for name in (*house.processes, *house.servers) if name != "hello")


def _statements(observer: Observer) -> int:
    return sum(calls for calls, _ in observer.statements().values())


def _client(house: House) -> BlockingClient:
    key = house.environment["ACTOR_KEY"]
    return BlockingClient(house.environment["AMQP_URI"], lambda: sign(_TOOL, "house", key, datetime.now(UTC)))


@click.command()
@click.option("--patients", "people", default=20_000, help="How many patients move in.")
@click.option("--appointments", "times", default=50_000, help="How many appointments.")
def main(people: int, times: int) -> None:
    """Measure and print."""
    table = Table(title=f"{people} patients and {times} appointments")
    headings = (
        "what",
        "came of it",
        "s",
        "lines/s",
        "slowest batch ms",
        "CPU ms/line",
        "statements/line",
        "visitor ms",
    )
    for heading in headings:
        table.add_column(heading, justify="right" if heading != "what" else "left")
    files = [
        ("patients", ("patient", "import_patients"), list(patients(people))),
        ("appointments", ("booking", "import_bookings"), list(appointments(times, people, datetime.now(UTC).date()))),
    ]
    waits = []
    with deployed(clinic.document(), postgres=POSTGRES_TO_HURT, prepared=prepare) as house:
        house.share_cores()
        with observing(house.environment) as observer:
            client, today = _client(house), datetime.now(UTC).date()
            places = (clinic.place(number, today + timedelta(days=200)) for number in count())
            for turn in ("", " again"):
                for what, method, lines in files:
                    done = taken_over(house, observer, Visitor(house, places), client, method, lines)
                    table.add_row(what + turn, *_row(done, len(lines)))
                    waits.append(f"{what}{turn}: {followed(observer):.1f} s")
            client.close()
    console = Console(width=140)
    console.print(table)
    console.print("The visitor's are median and longest. Until the last event was published: " + ", ".join(waits))


def _row(done: Taken, lines: int) -> list[str]:
    return [
        ", ".join(f"{number} {outcome}" for outcome, number in done.outcomes.items()),
        f"{done.seconds:.1f}",
        f"{lines / done.seconds:.0f}",
        f"{1000 * done.slowest:.0f}",
        f"{1000 * done.processor / lines:.2f}",
        f"{done.statements / lines:.2f}",
        f"{1000 * statistics.median(done.visits):.0f}, {1000 * max(done.visits):.0f}" if done.visits else "",
    ]


if __name__ == "__main__":
    main()
