"""Gives a demo clinic a day at work: made through the APIs that staff and patients have, relative to today."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any, Protocol

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

_LOOKED_AHEAD = 21
_NOTE_EVERY, _MESSAGE_EVERY = 5, 4


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
        at = f"/v1/staff/clinics/{clinic}"
        for account in day.staff:
            self.api.post(f"{at}/accounts", {**account, "password": self.password})
        plan = clinic_plan(self.api.get(f"{at}/document"))
        booked = list(self._booked(at, day, plan))
        self._saw(at, booked)
        on_the_web = list(self._booked_on_the_web(clinic, day, plan))
        self._regret(on_the_web, day)
        self._call_in(at, day, booked, self._today(plan))
        self._lose_a_message(at, booked)

    def _booked(self, at: str, day: Day, plan: ClinicPlan) -> Iterator[Any]:
        """Book what the desk has booked by telephone, and yield it."""
        today = self._today(plan)
        people, notes = cycle(day.people), cycle(day.notes)
        for place, each in enumerate(appointments(plan, day.work, today)):
            wish = {**_wish(each, day), "patient": next(people)}
            if place % _MESSAGE_EVERY == 0:
                wish["message"] = next(notes)
            if (found := self._made(f"{at}/bookings", wish)) is not None:
                yield found

    def _saw(self, at: str, booked: Sequence[Any]) -> None:
        """Note of the first of those that are over that the patient did not come."""
        over = [each for each in booked if datetime.fromisoformat(each["end"]) < self.now]
        for each in over[1:2]:
            self.api.post(f"{at}/bookings/{each['reference']}/no-show", {})

    def _booked_on_the_web(self, clinic: str, day: Day, plan: ClinicPlan) -> Iterator[Any]:
        """Book as patients do, the first late enough to be cancelled, the others from today on, and yield it."""
        today = self._today(plan)
        for place, wish in enumerate(day.on_the_web):
            first = today + (timedelta(days=place - 1) if place else _REGRETTED_AFTER)
            slot = self._slot(clinic, wish, first)
            if slot is None:
                continue
            body = {**wish, "start": slot["start"], "answers": day.answers or {}}
            if (found := self._made(f"/v1/clinics/{clinic}/bookings", body)) is not None:
                yield found

    def _slot(self, clinic: str, wish: Fields, first: date) -> Any:
        """Return a free time in the middle of the first day that has any."""
        last = first + timedelta(days=_LOOKED_AHEAD)
        asked = f"type={wish['type']}&from={first}&to={last}&for=new"
        slots = self.api.get(f"/v1/clinics/{clinic}/slots?{asked}")["slots"]
        of_first = [slot for slot in slots if slot["start"][:10] == slots[0]["start"][:10]]
        return of_first[len(of_first) // 2] if of_first else None

    def _regret(self, on_the_web: Sequence[Any], day: Day) -> None:
        """Let a patient cancel the first of the bookings on the web, which puts them on the watch list (M5)."""
        for each in on_the_web[:1]:
            self.api.post(f"/v1/manage/{each['manage_token']}/cancel", {"comment": day.regrets})

    def _call_in(self, at: str, day: Day, booked: Sequence[Any], today: date) -> None:
        """Give patients needs of past and coming weeks (R1)."""
        for place, need in enumerate(day.needs):
            patient = self.eventually(partial(self._patient, at, booked[place]["reference"]))
            week = week_of(today + timedelta(weeks=need["weeks"]))
            wish = {name: given for name, given in need.items() if name != "weeks"}
            confirm = ["mobile", "email"]
            self.api.post(f"{at}/needs", {**wish, "patient": patient, "week": week, "confirm": confirm})

    def _patient(self, at: str, reference: str) -> Any:
        return self.api.get(f"{at}/bookings/{reference}")["patient"]["id"]

    def _lose_a_message(self, at: str, booked: Sequence[Any]) -> None:
        """Let the last message to a patient fail that the desk's bookings have caused (N6)."""
        self.lose(*self.eventually(partial(self._sent, at, booked[-1]["reference"])))

    def _sent(self, at: str, reference: str) -> tuple[str, str] | None:
        found = self.api.get(f"{at}/messages?booking={reference}&state=sent")["messages"]
        return next(((each["id"], each["channel"]) for each in found if each["audience"] == "patient"), None)

    def _today(self, plan: ClinicPlan) -> date:
        return self.now.astimezone(plan.zone).date()

    def _made(self, path: str, body: Mapping[str, Any]) -> Any:
        try:
            return self.api.post(path, body)
        except Refused as refused:
            if refused.code not in _OCCUPIED:
                raise
            return None


def _wish(each: Appointment, day: Day) -> dict[str, Any]:
    answers = {"answers": day.answers} if day.answers else {}
    return {"type": each.type, "practitioner": each.practitioner, "start": each.start.isoformat(), **answers}
