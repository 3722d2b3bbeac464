"""Patients and staff who go on booking, moving, cancelling and searching while things break, and note each answer.

Each patient has a time of their own (but for those who want anybody), so that what is refused is refused for the
fault's sake. Who is told nothing
does what people do: books again with the same key, or asks for another change of the same booking at once.
"""

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import uuid4

import requests

from tests.faults.ledger import ABSENCE, BOOK, CANCEL, CUT, HOLD, MOVE, SEARCH, Attempt, Ledger, Place, clocked
from tests.system.api_client import TIME_LIMIT, staff
from tests.system.clinics import Document, a_block, a_document, at, in_days
from tests.system.installation import ADMIN

PRACTITIONERS = tuple(f"p{number}" for number in range(1, 7))
AWAY = "away"
"""Whom absences are entered for, and nobody books with."""

FIRST_DAY, LAST_DAY = 4, 94
"""In how many days: far enough that each booking has a reminder ahead of it."""

STEP = timedelta(minutes=15)
MOST_CHANGES = 3
"""So many changes of a booking are told one by one (CONTRACTS 2, limits)."""

CLIENT_SECONDS = float(TIME_LIMIT)
"""How long a client waits: longer than the product lets it (10 s), as a load balancer's does."""
PERSISTENCE = 4
"""How often somebody tries who was told nothing."""

_PATIENCE = 0.5
"""Seconds before they try again; at most, where the load is to end."""

_OF_BURSTS = 1000
"""The first number of visitors who come all at once."""

_PRESSING = ("keyed",) * 5 + ("bare", "bare", "held", "held", "any", "desk")
"""How people book: with a key, without, after a hold, with anybody, at the desk."""


def a_clinic_for_load(key: str) -> Document:
    """Return the document of a clinic with six practitioners, all day, every day, in steps of a quarter of an hour."""
    people = [{"key": name, "name": f"Doctor {name}"} for name in PRACTITIONERS]
    return a_document(
        a_block("08:00", "20:00"),
        clinic=key,
        practitioners=[*people, {"key": AWAY, "name": "Somebody away"}],
        visit={"length": "15m", "practitioners": list(PRACTITIONERS)},
        booking={"changeable": ["web", "staff"], "hold": "1m"},
        channels={"booked": ["sms", "email"], "moved": ["sms"], "cancelled": ["sms"], "practitioner": []},
        reminders=[{"before": "24h", "channel": "sms"}],
    )


class Places:
    """Times that nobody else is sent to, dealt in an order that spreads over practitioners and days."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        self._left = {name: self._dealt() for name in PRACTITIONERS}

    def next(self, practitioner: str = "") -> Place:
        """Return a time with that practitioner, or with any."""
        with self._lock:
            name = practitioner or self._dice.choice(PRACTITIONERS)
            return Place(name, self._left[name].pop())

    def _dealt(self) -> list[datetime]:
        times = [
            datetime.fromisoformat(at(in_days(day), "08:00")) + number * STEP
            for day in range(FIRST_DAY, LAST_DAY)
            for number in range(48)
        ]
        self._dice.shuffle(times)
        return times


@dataclass
class Booked:
    """A booking that its patient may change."""

    subject: int
    reference: str
    token: str
    practitioner: str
    version: int | None = 1
    """Which version of it was shown last; None where nothing was answered since."""
    changes: int = 0


@dataclass
class Load:
    """A clinic's visitors, who between them start `rate` undertakings a second."""

    urls: Sequence[str]
    clinic: str
    rate: float = 5.0
    enough: int = 1_000_000
    """After so many bookings they come at a quarter of that pace: what is not done yet must not grow for ever."""
    visitors: int = 20
    seed: int = 0
    ledger: Ledger = field(default_factory=Ledger)

    def __post_init__(self) -> None:
        self.places = Places(self.seed)
        self.subjects = count(1)
        self.stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self.failed: list[BaseException] = []

    def open_clinic(self) -> None:
        """Put the clinic's document into force."""
        document = a_clinic_for_load(self.clinic)
        administrator = staff(self.urls[0], *ADMIN)
        answer = administrator.call("PUT", f"/staff/clinics/{self.clinic}/document", document)
        assert answer.status in (200, 201), answer

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the visitors come while the body runs; each finishes what they began."""
        self.stopping.clear()
        self._threads = [
            threading.Thread(target=self._visit, args=(number,), daemon=True) for number in range(self.visitors)
        ]
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for thread in self._threads:
                thread.join()
        assert not self.failed, self.failed

    def burst(self, number: int) -> "Burst":
        """Return so many visitors who have a booking each, and will change it all at the same moment."""
        return Burst([Visitor(self, _OF_BURSTS + each) for each in range(number)])

    def contest(self, places: int, rivals: int) -> None:
        """Let so many at a time want to book the same place at the same moment."""
        for _ in range(places):
            place = self.places.next()
            at_once(partial(Visitor(self, _OF_BURSTS + each).book, place) for each in range(rivals))

    def _visit(self, number: int) -> None:
        visitor = Visitor(self, number)
        wait = number / self.rate
        try:
            while not self.stopping.wait(max(0.0, wait)):
                begun = clocked()
                visitor.do_something()
                wait = begun + self._pause() - clocked()
        except BaseException as failed:  # told to whoever runs the load
            self.failed.append(failed)
            raise

    def _pause(self) -> float:
        """Return the seconds from one undertaking of a visitor to the next."""
        is_enough = self.ledger.subjects() >= self.enough
        return self.visitors / self.rate * (4 if is_enough else 1)


class Visitor:
    """One client at a time: it knows its bookings and both gateways."""

    def __init__(self, load: Load, number: int) -> None:
        self._load = load
        self._dice = random.Random(load.seed * 1000 + number)
        self._turn = number
        self._session = requests.Session()
        self._session.trust_env = False
        self._token = ""
        self.mine: list[Booked] = []

    def do_something(self) -> None:
        """Search, book, change a booking, or enter an absence, as it comes."""
        what = self._dice.random()
        if what < 0.15:
            self.search()
        elif what < 0.17:
            self.be_away()
        elif what < 0.45 and self.mine:
            self.change()
        else:
            self.book()

    def search(self) -> None:
        """Look for free times of a day that others book on."""
        day = in_days(self._dice.randrange(FIRST_DAY, LAST_DAY)).isoformat()
        query = f"/clinics/{self._load.clinic}/slots?type=visit&from={day}&to={day}"
        self._ask(SEARCH, 0, None, "GET", query)

    def be_away(self) -> None:
        """Enter an absence that nobody else enters, once more with its key where nothing was answered."""
        subject = next(self._load.subjects)
        place = self._load.places.next(PRACTITIONERS[0])
        until = place.start + STEP
        body = {"practitioner": AWAY, "from": place.start.isoformat(), "to": until.isoformat(), "reason": f"{subject}"}
        self._persist(ABSENCE, subject, Place(AWAY, place.start), f"{self._desk}/absences", body, uuid4().hex)

    def hold(self) -> Attempt:
        """Hold a time for somebody new."""
        return self._hold(next(self._load.subjects), self._load.places.next())

    def book(self, wanted: Place | None = None, held: Attempt | None = None) -> None:
        """Book a time for somebody new: one that is `wanted`, or one of their own; or for whom it is held."""
        how = "kept" if held else self._dice.choice(_PRESSING)
        subject = held.subject if held else next(self._load.subjects)
        place = wanted or self._load.places.next()
        body = {"type": "visit", "start": place.start.isoformat(), "patient": a_patient_of_load(subject)}
        if how != "any":
            body["practitioner"] = place.practitioner
        if how == "held":
            held = self._hold(subject, place)
        if held and held.is_done:
            body["hold"] = held.answer["hold"]
        path = f"{self._desk if how == 'desk' else self._clinic}/bookings"
        key = "" if how == "bare" else uuid4().hex
        made = self._persist(BOOK, subject, Place("", place.start) if how == "any" else place, path, body, key)
        if made.is_done:
            told = made.answer
            self.mine.append(Booked(subject, told["reference"], told.get("manage_token", ""), told["practitioner"]))

    def change(self) -> None:
        """Move or cancel a booking; who is told nothing asks for another change at once, by the other gateway."""
        booking = self.mine.pop(self._dice.randrange(len(self.mine)))
        for _ in range(PERSISTENCE):
            cancels = booking.changes == MOST_CHANGES - 1 or self._dice.random() < 0.3
            asked = self._cancel(booking) if cancels else self._move(booking)
            booking.changes += 1
            booking.version = asked.answer.get("version") if asked.is_done else None
            if not asked.is_unknown:
                if asked.is_done and not cancels and booking.changes < MOST_CHANGES:
                    self.mine.append(booking)
                return
            if booking.changes >= MOST_CHANGES:
                return
            self._turn += 1
            self._load.stopping.wait(_PATIENCE)

    def _hold(self, subject: int, place: Place) -> Attempt:
        body = {"type": "visit", "practitioner": place.practitioner, "start": place.start.isoformat()}
        return self._ask(HOLD, subject, place, "POST", f"{self._clinic}/holds", body)

    def _move(self, booking: Booked) -> Attempt:
        place = self._load.places.next(booking.practitioner)
        body = {"start": place.start.isoformat(), **self._seen(booking)}
        return self._ask(MOVE, booking.subject, place, "POST", f"{self._of(booking)}/rebook", body)

    def _cancel(self, booking: Booked) -> Attempt:
        return self._ask(CANCEL, booking.subject, None, "POST", f"{self._of(booking)}/cancel", self._seen(booking))

    def _seen(self, booking: Booked) -> dict[str, Any]:
        """Return the version that was shown, as pages send it; half of all clients do not."""
        return {"version": booking.version} if booking.version and self._dice.random() < 0.5 else {}

    def _of(self, booking: Booked) -> str:
        return f"/manage/{booking.token}" if booking.token else f"{self._desk}/bookings/{booking.reference}"

    @property
    def _clinic(self) -> str:
        return f"/clinics/{self._load.clinic}"

    @property
    def _desk(self) -> str:
        return f"/staff/clinics/{self._load.clinic}"

    def _persist(
        self, kind: str, subject: int, place: Place | None, path: str, body: Mapping[str, Any], key: str
    ) -> Attempt:
        """Ask, and where there is a key and no answer, ask the very same of the other gateway."""
        for _ in range(PERSISTENCE if key else 1):
            asked = self._ask(kind, subject, place, "POST", path, body, {"Idempotency-Key": key} if key else {})
            if not asked.is_unknown:
                break
            self._turn += 1
            self._load.stopping.wait(_PATIENCE)
        return asked

    def _ask(
        self,
        kind: str,
        subject: int,
        place: Place | None,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Attempt:
        """Make one request and note it; a gateway that takes no connection is passed over, as a load balancer does."""
        begun, status, answer = clocked(), CUT, {}
        sent = {**(headers or {}), **self._login(path)}
        for turn in range(len(self._load.urls)):
            url = self._load.urls[(self._turn + turn) % len(self._load.urls)]
            try:
                got = self._session.request(
                    method, f"{url}/v1{path}", json=body, headers=sent, timeout=(2.0, CLIENT_SECONDS)
                )
            except requests.exceptions.ConnectionError as lost:
                if _never_arrived(lost):
                    continue
            except requests.exceptions.RequestException:
                pass  # what became of it nobody knows: it is noted as cut
            else:
                status = got.status_code
                with suppress(requests.exceptions.JSONDecodeError):
                    answer = got.json()
            break
        if status == 401:
            self._token = ""  # sessions are gone with Redis
        return self._load.ledger.note(Attempt(kind, subject, place, begun, clocked(), status, answer))

    def _login(self, path: str) -> dict[str, str]:
        if not path.startswith("/staff/"):
            return {}
        if not self._token:
            with suppress(AssertionError, requests.exceptions.RequestException):
                url = self._load.urls[self._turn % len(self._load.urls)]
                self._token = staff(url, *ADMIN).token or ""
        return {"Authorization": f"Bearer {self._token}"}


class Burst:
    """Visitors who have booked and are about to change it, all at once."""

    def __init__(self, visitors: Sequence[Visitor]) -> None:
        self._visitors = visitors
        self._threads: list[threading.Thread] = []
        at_once(visitor.book for visitor in visitors)

    def begin(self) -> None:
        """Let all ask at the same moment."""
        self._threads = _started(visitor.change for visitor in self._visitors if visitor.mine)

    def wait(self, seconds: float = 300.0) -> None:
        """Wait until all have their answers, so many seconds at most."""
        end = clocked() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - clocked()))

    def run(self) -> None:
        """Let all ask, and wait."""
        self.begin()
        self.wait()


def a_patient_of_load(subject: int) -> dict[str, Any]:
    """Return somebody whom `subject_of` knows again by their email."""
    letters = str(subject).translate(str.maketrans("0123456789", "bcdfghjklm"))
    return {
        "first_name": "Test",
        "last_name": f"Person {letters}",
        "birth_date": "1980-05-05",
        "mobile": f"+4670{1_000_000 + subject}",
        "email": f"person{subject}@patients.example",
    }


def subject_of(email: str) -> int:
    """Return whose email it is."""
    return int(email.removeprefix("person").partition("@")[0])


def _never_arrived(lost: requests.exceptions.ConnectionError) -> bool:
    reason = getattr(lost.args[0], "reason", lost.args[0]) if lost.args else lost
    return isinstance(lost, requests.exceptions.ConnectTimeout) or "NewConnectionError" in type(reason).__name__


def at_once(undertakings: Iterable[Callable[[], None]]) -> None:
    """Let all begin together, and return when the last has ended."""
    threads = _started(undertakings)
    for thread in threads:
        thread.join()


def _started(undertakings: Iterable[Callable[[], None]]) -> list[threading.Thread]:
    threads = [threading.Thread(target=each, daemon=True) for each in undertakings]
    for thread in threads:
        thread.start()
    return threads
