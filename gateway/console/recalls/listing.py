"""Needs and recalls in lists: due, overdue, booked, expired; each with how it went out (PRODUCT R3)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.recalls.weeks import coming_weeks, said_week
from gateway.http.wording import N_
from gateway.views.rendering import moment

LISTS: Mapping[str, str] = {
    "due": N_("Due"),
    "overdue": N_("Overdue"),
    "booked": N_("Booked"),
    "expired": N_("Expired"),
}
_DONE: Mapping[str, str] = {
    "given": N_("The need is added."),
    "closed": N_("The need is taken back."),
    "called": N_("The time is booked and the patient is called in."),
    "sent": N_("Sent."),
    "partly": N_("Sent to those who can be reached; the others are marked in the list."),
    "nobody": N_("Nobody was left to send it to."),
}
_NOT_DONE: Mapping[str, str] = {"no_way": N_("Nothing was sent: choose at least one way.")}
_NOT_REACHED: Mapping[str, str] = {
    "sms": N_("no text message"),
    "email": N_("no email"),
    "card": N_("no card"),
}


_NOBODY: Mapping[str, Any] = {"needs": [], "next": None}
_AT_ONCE = 200


def recalls(here: Here) -> Response:
    """Show one of the lists, with what can be done for all of a week."""
    asked = here.asked("list", "cursor", "booked", "week", "patient")
    which = asked.get("list", "due")
    which = which if which in LISTS else "due"
    narrowed = {name: asked[name] for name in ("cursor", "week", "patient") if name in asked}
    kept = {name: asked[name] for name in ("week", "patient") if name in asked} | {"list": which}
    booked, later = _booked(here, asked.get("booked")) if which == "booked" else ([], None)
    is_among_booked = later is not None and "cursor" not in narrowed
    found = _NOBODY if is_among_booked else here.services.patient.needs(here.clinic, list=which, **narrowed)
    needs = [need for need in found["needs"] if need["booking"] not in {each["reference"] for each in booked}]
    rows = _of_booked(here, [] if "cursor" in narrowed else booked) + _of_needs(here, needs)
    next_page = {"booked": later} if is_among_booked else {"cursor": found["next"]}
    return here.show(
        "console/recalls/list.html",
        section="recalls",
        lists=LISTS,
        which=which,
        rows=rows,
        more=f"{here.url}/recalls?{urlencode({**kept, **next_page})}" if any(next_page.values()) else None,
        weeks=[(week, said_week(week, here.language)) for week in coming_weeks(here.today)],
        chosen_week=asked.get("week", ""),
        done=here.done(_DONE),
        not_done=here.done(_NOT_DONE),
    )


def _of_needs(here: Here, needs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the needs of a page, by week, each with the recall that was made of it."""
    if not needs:
        return []
    made = here.services.booking.recalls(here.clinic, needs=[need["id"] for need in needs])["recalls"]
    known = {each["need"]: each for each in made}
    fates = _fates(here, known)
    known |= _unheard(here, [need for need in needs if need["id"] not in known])
    return [_row(here, known[need["id"]], need, fates) for need in needs]


def _unheard(here: Here, needs: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return by id what is known of needs of which booking has not heard yet: they were given a moment ago."""
    if not needs:
        return {}
    ids = sorted({need["patient"] for need in needs})
    people = {each["id"]: each for each in here.services.patient.find(here.clinic, ids=ids)["patients"]}
    unmade: dict[str, Any] = {"reference": None, "start": None, "issued_at": None, "channels": [], "reach": []}
    return {need["id"]: {**need, **_who(people.get(need["patient"], {})), **unmade} for need in needs}


def _who(patient: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a list names a patient; nothing of a colleague's, whom a need for anybody may call in."""
    return {name: patient.get(name) for name in ("first_name", "last_name", "mobile", "email")}


def _booked(here: Here, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of the recalls whose time the clinic has booked, and where it goes on.

    Needs that they use are not listed beside them; the others follow the last of them.
    """
    page = {"cursor": cursor} if cursor else {}
    found = here.services.booking.recalls(here.clinic, limit=_AT_ONCE, **page)
    return found["recalls"], found["next"]


def _of_booked(here: Here, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    fates = _fates(here, [each["reference"] for each in found])
    return [_row(here, each, None, fates) for each in found]


def _fates(here: Here, ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Return by booking or need what became of its messages."""
    wanted = list(ids)
    fates: dict[str, list[dict[str, Any]]] = {id: [] for id in wanted}
    if wanted:
        for each in here.services.notification.of_recalls(here.clinic, recalls=wanted)["messages"]:
            fates[each["recall"]].append({**each, "at": moment(each["at"], here.zone)})
    return fates


def _row(
    here: Here, made: Mapping[str, Any], need: Mapping[str, Any] | None, fates: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    id = need["id"] if need else made["reference"]
    until = need["usable_until"] if need else None
    return {
        "id": id,
        "is_need": need is not None,
        "reference": need["booking"] if need else made["reference"],
        "patient": f"{made['first_name'] or ''} {made['last_name'] or ''}".strip() or id,
        "patient_id": made["patient"],
        "mobile": made["mobile"],
        "type": here.names.type(made["type"]),
        "practitioner": here.names.practitioner(made["practitioner"]) if made["practitioner"] else None,
        "minutes": made["minutes"],
        "week": said_week(made["week"], here.language),
        "start": moment(made["start"], here.zone) if made["start"] else None,
        "usable_until": date.fromisoformat(until) if until else None,
        "is_open": need is not None and need["state"] == "open",
        "issued_at": moment(made["issued_at"], here.zone) if made["issued_at"] else None,
        "has_card": "card" in made["channels"],
        "fates": fates.get(id, []),
        "reach": made["reach"],
        "not_reached": [text for channel, text in _NOT_REACHED.items() if channel not in made["reach"]],
    }


ROUTES = (Page("GET", "/recalls", recalls),)
