"""The panel in which staff make a booking, and what its button does (PRODUCT C2, C6, C7)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from gateway.clients.late_holds import book_also_late
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.typed import Typed
from gateway.console.new_booking.next_free import next_free
from gateway.console.new_booking.questions import answers_of, questions_of
from gateway.console.new_booking.wish import Wish, asked_of, wish_of
from gateway.console.patients.belongings import Belongings, belongings_of
from gateway.console.patients.finding import FOUND, born, search_for
from gateway.console.patients.reaching import said_to_reach
from gateway.console.patients.writing import AFTERWARDS
from gateway.http.wording import N_
from gateway.views.rendering import moment
from shared.contracts.errors import Refusal, SlotNotOffered
from shared.contracts.people import ADDRESSES

WISH = "wish"
"""The part of the panel that changes with what is wished for; the patient's stays."""
CHOICE = "choice"
"""The form in it by which that changes."""
TELL: Mapping[str, str] = {
    "all": N_("Patient and practitioner"),
    "practitioner": N_("The practitioner only"),
    "none": N_("Nobody"),
}
"""Who is told of the booking (C10)."""


def panel(here: Here) -> Response:
    """Show the panel: whose booking, of which type, and when; or the part that has changed."""
    asked = asked_of(here)
    if here.wants_part(WISH):
        wish = wish_of(here, asked)
        shown = {**_wished(here, wish, asked), "focus": _focus_of_part(here, wish)}
        return here.show("console/new_booking/wish.html", typed=Typed(tell="all"), **shown)
    found = belongings_of(here, asked["patient"]) if "patient" in asked else None
    return _whole(here, found, wish_of(here, asked, _usual_type(found, asked.get("need"))), asked)


def find(here: Here) -> Response:
    """Show whom a search finds, each leading on in the booking that is being made."""
    q = here.form["q"]
    shown = {**_finding(here, here.form), "q": q, "found": search_for(here, q)}
    if here.wants_part(FOUND):
        return here.show("console/patients/found.html", **shown)
    return _whole(here, None, wish_of(here, here.form), here.form, **shown)


def book(here: Here) -> Response:
    """Book, and show the booking; what is refused stands in the panel, with all that was typed."""
    form = here.form
    wish = wish_of(here, form)
    try:
        booked = _booked(here, wish)
    except Refusal as refused:
        told = here.told(refused)
        asks = isinstance(refused, SlotNotOffered) and not form.is_on("outside_plan")
        found = belongings_of(here, wish.patient) if wish.patient else None
        offered = _alternatives(refused, wish)
        return _whole(here, found, wish, form, asks_outside_plan=asks, alternatives=offered, **told)
    return here.go(
        f"/bookings/{booked['reference']}", done="booked_unconfirmed" if booked.get("unconfirmed") else "booked"
    )


def _booked(here: Here, wish: Wish) -> Mapping[str, Any]:
    """Book what is wished for; a hold that has run out is none, since the time may be free all the same."""
    form = here.form
    asked: dict[str, Any] = {
        "type": wish.type_key,
        "practitioner": wish.practitioner,
        "start": wish.start and wish.start.isoformat(),
        "minutes": wish.minutes,
        "patient": {"id": wish.patient},
        "need": wish.need,
        "message": form["message"] or None,
        "answers": answers_of(here, wish),
        "outside_plan": form.is_on("outside_plan"),
        "confirm": [name for name in ADDRESSES if form.is_on(f"confirm.{name}")],
        "tell": form["tell"] if form["tell"] in TELL else "all",
    }
    return book_also_late(here.services, here.clinic, asked, hold=form["hold"] or None, key=form["once"] or None)


def _whole(
    here: Here,
    whose: Belongings | None,
    wish: Wish,
    given: Mapping[str, str],
    *,
    typed: Typed | None = None,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    record = whose and whose.record
    patient = {
        "patient": record,
        "born": record and born(record),
        "belongings": whose,
        "reached": record and said_to_reach(here.document, record),
    }
    focus = None if record is None else "book" if wish.start else "type"
    shown = {**_finding(here, given), **_wished(here, wish, given), **patient, "focus": focus, **context}
    beside = f"/calendar?date={(wish.start.date() if wish.start else here.today).isoformat()}"
    return here.show(
        "console/new_booking/panel.html", section="calendar", status=status, typed=typed or Typed(tell="all"),
        errors=errors, beside=beside, **shown,
    )  # fmt: skip


def _focus_of_part(here: Here, wish: Wish) -> str | None:
    """Return where one goes on who has pressed a link; where one changes the form, the focus stays there."""
    if here.request.headers.get("HX-Trigger") == CHOICE:
        return None
    return "book" if wish.start else "time"


def _usual_type(found: Belongings | None, named: str | None) -> str | None:
    """Return the type that a patient most likely comes for: what they are called in for, else what they came for."""
    if found is None:
        return None
    needs = [need for need in found.open_needs if named in {None, need.id}]
    return needs[0].type_key if needs else found.appointments.last_type


def _finding(here: Here, given: Mapping[str, str]) -> dict[str, Any]:
    """Return what a list of patients needs, each of whom leads on in the booking with all that is `given` of it."""
    carried = _carried(given)
    return {
        "carried": {"then": "book", **carried},
        "leads_to": lambda patient: f"{here.url}/bookings/new?{urlencode({**carried, 'patient': patient})}",
    }


def _carried(given: Mapping[str, str]) -> dict[str, str]:
    """Return what was said of a booking before it was said whose it is."""
    return {name: given[name] for name in AFTERWARDS if given.get(name)}


def _wished(here: Here, wish: Wish, given: Mapping[str, str]) -> dict[str, Any]:
    """Return what the changing part of the panel shows; `given` is what was said of the booking so far."""
    names = here.names
    chosen = wish.start is not None
    return {
        "wish": wish,
        "said": _carried(given),
        "names": names,
        "types": [(key, names.type_and_alias(key)) for key, _ in names.pairs("types")],
        "practitioners": [(key, names.practitioner(key)) for key in wish.takers] if not here.practitioner else [],
        "free": None if chosen else next_free(here, wish),
        "questions": questions_of(here, wish) if chosen else (),
        "link": lambda **changes: f"{here.url}/bookings/new?{urlencode(wish.query(**changes))}",
        "tell": TELL,
        "asks_outside_plan": False,
        "alternatives": (),
        "q": "",
        "found": None,
    }


def _alternatives(refused: Refusal, wish: Wish) -> Sequence[tuple[Any, str]]:
    """Return the free times that a refusal names instead, each with whom."""
    rows: Sequence[Mapping[str, Any]] = refused.extra.get("alternatives") or ()
    return [(moment(row["start"]), wish.practitioner or row["practitioners"][0]) for row in rows]


ROUTES = (
    Page("GET", "/bookings/new", panel),
    Page("POST", "/bookings/new", book),
    Page("POST", "/bookings/new/patients", find),
)
