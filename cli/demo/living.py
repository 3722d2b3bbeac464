"""Gives a demo clinic a day at work: made through the APIs that staff and patients have, relative to today."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any, Protocol
from urllib.parse import urlencode

from cli.demo.days import Day, Fields
from cli.demo.staff_api import Refused
from cli.demo.times import Appointment, appointments
from shared.clinic.plan.reading import clinic_plan
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.times.weeks import week_of

_OCCUPIED = {"slot_taken", "slot_held", "slot_not_offered"}
"""Why a time is passed over: a room is in use, or somebody was quicker."""

_REGRETTED_AFTER = timedelta(days=4)
"""A booking that its patient cancels lies so far ahead that every clinic lets them."""

_CALLED_IN_AFTER = timedelta(weeks=4)
"""When those come whom the clinic calls in: after all that is booked by then."""
_BY_MESSAGE = ("sms", "email")

_LOOKED_AHEAD = 21
_NOTE_EVERY = 4


class Api(Protocol):
    """What the demo calls."""

    def get(self, path: str) -> Any:
        """Return what a call reads; raise Refused."""
        ...

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Return what a call answers; raise Refused."""
        ...


@dataclass(frozen=True)
class Living:
    """What it takes: who calls, when it is, and how to wait for what follows of itself.

    `eventually` returns what a question answers as soon as that is something. `lose` lets a message, by its id and
    channel, fail as a provider would tell: a demo has none.
    """

    api: Api
    now: datetime
    eventually: Callable[[Callable[[], Any]], Any]
    lose: Callable[[str, str], None]
    password: str

    def fill(self, clinic: str, day: Day) -> None:
        """Let people work at the clinic, and give them a day."""
        document = self.api.get(f"/v1/staff/clinics/{clinic}/document")
        life = Life(self, clinic, day, clinic_plan(document), document["identity"])
        life.let_staff_in()
        booked = list(life.booked())
        life.came(booked)
        on_the_web = list(life.booked_on_the_web())
        life.regret(on_the_web)
        life.call_in()
        life.book_recalls()
        life.lose_a_message(booked)


@dataclass(frozen=True)
class Life:
    """One clinic's day as it is made."""

    of: Living
    clinic: str
    day: Day
    plan: ClinicPlan
    scheme: str
    _known: dict[str, str] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """Where the clinic's staff API is."""
        return f"/v1/staff/clinics/{self.clinic}"

    @property
    def today(self) -> date:
        """The clinic's day."""
        return self.of.now.astimezone(self.plan.zone).date()

    def let_staff_in(self) -> None:
        """Give those an account who have none."""
        known = {each["email"] for each in self.of.api.get(f"{self.at}/accounts")["accounts"]}
        for account in self.day.staff:
            if account["email"] not in known:
                self.of.api.post(f"{self.at}/accounts", {**account, "password": self.of.password})

    def booked(self) -> Iterator[Any]:
        """Book what the desk has booked by telephone, and yield it."""
        people, notes = cycle(self.day.people), cycle(self.day.notes)
        for place, each in enumerate(appointments(self.plan, self.day.work, self.today)):
            wish = {**self._wish(each), "patient": {"id": self._patient(next(people))}}
            found = self._made(f"{self.at}/bookings", wish)
            if found is None:
                continue
            if place % _NOTE_EVERY == 0:
                self.of.api.post(f"{self.at}/bookings/{found['reference']}/note", {"text": next(notes)})
            yield found

    def came(self, booked: Sequence[Any]) -> None:
        """Note of those that are over, or have begun, that the patient came; of the second that they did not (C9)."""
        begun = [each for each in booked if datetime.fromisoformat(each["start"]) < self.of.now]
        for place, each in enumerate(begun):
            what = "no-show" if place == 1 else "arrived"
            self.of.api.post(f"{self.at}/bookings/{each['reference']}/{what}", {"on": True})

    def booked_on_the_web(self) -> Iterator[Any]:
        """Book as patients do, the first late enough to be cancelled, the others from today on, and yield it."""
        for place, wish in enumerate(self.day.on_the_web):
            first = self.today + (timedelta(days=place - 1) if place else _REGRETTED_AFTER)
            slot = self._slot(wish, first)
            if slot is None:
                continue
            body = {**wish, "start": slot["start"], "answers": self.day.answers or {}}
            if (found := self._made(f"/v1/clinics/{self.clinic}/bookings", body)) is not None:
                yield found

    def regret(self, on_the_web: Sequence[Any]) -> None:
        """Let a patient cancel the first of the bookings on the web, which puts them on the watch list (M5)."""
        for each in on_the_web[:1]:
            self.of.api.post(f"/v1/manage/{each['manage_token']}/cancel", {"comment": self.day.regrets})

    def call_in(self) -> None:
        """Give patients needs of past and coming weeks (R1)."""
        for person, need in zip(self.day.people, self.day.needs, strict=False):
            week = week_of(self.today + timedelta(weeks=need["weeks"]))
            wish = {name: given for name, given in need.items() if name != "weeks"}
            self.of.api.post(f"{self.at}/needs", {**wish, "patient": self._patient(person), "week": week})

    def book_recalls(self) -> None:
        """Book a check-up some weeks on for a patient of each practitioner, and call them in by message (R1, R2)."""
        people = reversed(self.day.people)
        for (practitioner, types), person in zip(self.day.work.items(), people, strict=False):
            wish = {"type": types[0], "practitioner": practitioner}
            first = self.today + _CALLED_IN_AFTER
            asked = urlencode({**wish, "from": first, "to": first + timedelta(days=_LOOKED_AHEAD)})
            slots = self.of.api.get(f"{self.at}/slots?{asked}")["slots"]
            if slots:
                called = {**wish, "patient": self._patient(person), "start": slots[0]["start"], "send": _BY_MESSAGE}
                self._made(f"{self.at}/recalls", called)

    def lose_a_message(self, booked: Sequence[Any]) -> None:
        """Let a message to the patient of the desk's last booking fail (N6)."""
        self.of.lose(*self.of.eventually(partial(self._sent, booked[-1]["reference"])))

    def _slot(self, wish: Fields, first: date) -> Any:
        """Return a free time in the middle of the first day that has any."""
        last = first + timedelta(days=_LOOKED_AHEAD)
        asked = f"type={wish['type']}&from={first}&to={last}&for=new"
        slots = self.of.api.get(f"/v1/clinics/{self.clinic}/slots?{asked}")["slots"]
        of_first = [slot for slot in slots if slot["start"][:10] == slots[0]["start"][:10]]
        return of_first[len(of_first) // 2] if of_first else None

    def _patient(self, person: Fields) -> str:
        """Return the patient's id; who comes for the first time is entered."""
        number = person["national_id"]
        if number not in self._known:
            typed = {name: given for name, given in person.items() if name != "national_id"}
            identity = {"scheme": self.scheme, "number": number}
            self._known[number] = self.of.api.post(f"{self.at}/patients", {**typed, "identity": identity})["id"]
        return self._known[number]

    def _sent(self, reference: str) -> tuple[str, str] | None:
        found = self.of.api.get(f"{self.at}/messages?booking={reference}&state=sent")["messages"]
        return next(((each["id"], each["channel"]) for each in found if each["audience"] == "patient"), None)

    def _wish(self, each: Appointment) -> dict[str, Any]:
        answers = {"answers": self.day.answers} if self.day.answers else {}
        return {"type": each.type, "practitioner": each.practitioner, "start": each.start.isoformat(), **answers}

    def _made(self, path: str, body: Mapping[str, Any]) -> Any:
        try:
            return self.of.api.post(path, body)
        except Refused as refused:
            if refused.code not in _OCCUPIED:
                raise
            return None
