"""A need is given to a patient, or a time booked for them, and they are called in (PRODUCT R1)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.typed import Typed
from gateway.console.patients.finding import FOUND, search_for
from gateway.console.recalls.weeks import coming_weeks, said_week
from gateway.http.wording import N_
from gateway.views.rendering import moment
from shared.clinic.times.weeks import week_of
from shared.contracts.errors import Refusal

CHANNELS: Mapping[str, str] = {"sms": N_("SMS"), "email": N_("Email"), "card": N_("Card")}


def need(here: Here) -> Response:
    """Ask for whom a need is, then for what, how long, with whom and in which week."""
    return _first_the_patient(here, "need") or _need_form(here, here.asked("patient")["patient"])


def search_for_need(here: Here) -> Response:
    """Find whom a need is for."""
    return _search(here, "need")


def search_for_time(here: Here) -> Response:
    """Find whom a time is booked for."""
    return _search(here, "booked")


def _search(here: Here, what: str) -> Response:
    """Find the patient by what was typed; nothing personal stands in an address."""
    return _who(here, what, search_for(here, here.form["search"]))


def give(here: Here) -> Response:
    """Give the need, and call the patient in by what was ticked."""
    typed = here.form
    try:
        fields = {
            "patient": typed["patient"],
            "type": typed["type"],
            "week": typed["week"],
            **({"practitioner": typed["practitioner"]} if typed["practitioner"] else {}),
            **({"minutes": _number(typed["minutes"])} if typed["minutes"] else {}),
            "confirm": list(typed.all("confirm")),
        }
        given = here.services.patient.add_need(here.clinic, **fields)
    except Refusal as refused:
        return _need_form(here, typed["patient"], **here.told(refused))
    return here.go("/recalls", list="due", done="given", given=given["id"])


def booked(here: Here) -> Response:
    """Ask for whom a time is booked, then which."""
    return _first_the_patient(here, "booked") or _time_form(here, here.asked("patient")["patient"], _asked(here))


def call_in(here: Here) -> Response:
    """Book the time and call the patient in."""
    typed = here.form
    try:
        here.services.booking.recall(
            here.clinic,
            patient=typed["patient"],
            type=typed["type"],
            practitioner=typed["practitioner"],
            start=typed["start"],
            send=list(typed.all("send")),
            confirm=list(typed.all("confirm")),
        )
    except Refusal as refused:
        return _time_form(here, typed["patient"], typed, **here.told(refused))
    return here.go("/recalls", list="booked", done="called")


def _first_the_patient(here: Here, what: str) -> Response | None:
    return None if here.asked("patient") else _who(here, what, None)


def _who(here: Here, what: str, found: Mapping[str, Any] | None) -> Response:
    def leads_to(patient: str) -> str:
        return f"{here.url}/recalls/{what}?patient={patient}"

    shown: dict[str, Any] = {"q": here.form["search"], "found": found, "leads_to": leads_to}
    if here.wants_part(FOUND):
        return here.show("console/patients/found.html", **shown)
    return here.show("console/recalls/who.html", section="recalls", beside="/recalls", what=what, **shown)


def _need_form(here: Here, patient: str, **shown: Any) -> Response:
    typed = shown.pop("typed", None) or Typed({"week": week_of(here.today)})
    return here.show(
        "console/recalls/need.html",
        section="recalls",
        beside="/recalls",
        typed=typed,
        weeks=[(week, said_week(week, here.language)) for week in coming_weeks(here.today)],
        **_shared(here, patient),
        **shown,
    )


def _time_form(here: Here, patient: str, asked: Mapping[str, str], **shown: Any) -> Response:
    shared = _shared(here, patient)
    typed = shown.pop("typed", None) or Typed(asked)
    day = _day(typed["date"], here.today)
    times = []
    if typed["type"] and typed["practitioner"]:
        found = here.services.availability.free_slots(
            here.clinic, type=typed["type"], practitioner=typed["practitioner"], **_week_of(day)
        )["slots"]
        times = [_time(row, here.zone) for row in found]
    return here.show(
        "console/recalls/time.html",
        section="recalls",
        beside="/recalls",
        typed=typed,
        day=day,
        times=times,
        is_asked=bool(typed["type"] and typed["practitioner"]),
        later=(day + timedelta(days=7)).isoformat(),
        earlier=max(here.today, day - timedelta(days=7)).isoformat(),
        channels=CHANNELS,
        **shared,
        **shown,
    )


def _time(row: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    start = moment(row["start"], zone)
    return {"value": row["start"], "start": start, "day": start.date(), "is_online": not row["outside_online"]}


def _asked(here: Here) -> dict[str, str]:
    return here.asked("patient", "type", "practitioner", "date")


def _shared(here: Here, patient: str) -> dict[str, Any]:
    """Return whom it is for, and what may be chosen: a therapist's own calendar alone (C1)."""
    record = here.services.patient.get(here.clinic, patient)
    return {
        "patient": record,
        "name": f"{record['first_name']} {record['last_name']}".strip(),
        "types": here.names.pairs("types"),
        "people": here.people,
        "to_confirm": [kind for kind in ("mobile", "email") if record.get(f"{kind}_unconfirmed") and record[kind]],
    }


def _day(text: str, otherwise: date) -> date:
    try:
        return max(date.fromisoformat(text), otherwise)
    except ValueError:
        return otherwise


def _week_of(day: date) -> dict[str, str]:
    return {"from": day.isoformat(), "to": (day + timedelta(days=6)).isoformat()}


def _number(text: str) -> int | str:
    """Return a number as typed, in any digits; a text that is none goes as it is and is refused by its field."""
    return int(text) if text.isdecimal() and len(text) < 6 else text


ROUTES = (
    Page("GET", "/recalls/need", need),
    Page("POST", "/recalls/need", give),
    Page("GET", "/recalls/booked", booked),
    Page("POST", "/recalls/booked", call_in),
    Page("POST", "/recalls/need/who", search_for_need),
    Page("POST", "/recalls/booked/who", search_for_time),
)
