"""All that is in the way of an absence is dealt with on one page: moved, or left to its patients (PRODUCT C12)."""

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.absences import whose
from gateway.console.absences.spans import span_of
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.rows import row_of
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.wording import N_, field_errors, sentence_of
from gateway.views.rendering import moment
from shared.contracts.errors import REFUSALS, Invalid, NotFound, Refusal

_AT_ONCE = 50
INVITE, LEAVE = "invite", "leave"

_REACHED: Mapping[tuple[str, ...], str] = {
    ("sms",): N_("by text message"),
    ("email",): N_("by email"),
    ("sms", "email"): N_("by text message and email"),
}


def collisions(here: Here, id: str) -> Response:
    """Show what is in the way, each booking with the times that it could be moved to."""
    return _page(here, id)


def deal(here: Here, id: str) -> Response:
    """Move and invite as was chosen, or send a link to all who can be reached; show what became of each."""
    chosen = {reference: here.form[f"do-{reference}"] for reference in here.form.all("reference")}
    if here.form["all"] == INVITE:
        chosen = {reference: INVITE if here.form[f"reach-{reference}"] else LEAVE for reference in chosen}
    try:
        done = here.services.booking.with_timeout(LONG_CALL_SECONDS).resolve_collisions(
            here.clinic,
            absence=id,
            move=list(_moves(here, chosen)),
            invite=[reference for reference, what in chosen.items() if what == INVITE],
            text=here.form["text"] or None,
        )
    except Refusal as refused:
        return _page(here, id, **here.told(refused))
    return _page(here, id, done=done)


def _moves(here: Here, chosen: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield where bookings go: what was chosen names practitioner and start."""
    for reference, what in chosen.items():
        practitioner, _, start = what.partition("@")
        version = here.form[f"version-{reference}"]
        if start and version.isascii() and version.isdigit():
            yield {"reference": reference, "start": start, "practitioner": practitioner, "version": int(version[:9])}


def _page(
    here: Here,
    id: str,
    *,
    done: Mapping[str, Any] | None = None,
    status: int = 200,
    typed: Any = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    absence = next((row for row in here.document["absences"] if row["id"] == id), None)
    if absence is None:
        raise NotFound.because("There is no such absence.")
    booking = here.services.booking.with_timeout(LONG_CALL_SECONDS)
    found = booking.collision_times(here.clinic, absence=id, limit=_AT_ONCE)
    rows = [_row(here, each) for each in found["collisions"]]
    span = span_of(absence["from"], absence["to"], here.zone)
    return here.show(
        "console/absences/collisions.html",
        section="calendar",
        status=status,
        typed=typed,
        errors=errors,
        absence=absence,
        who=whose.said(here, absence),
        when=span.said(here.language),
        day=span.first.isoformat(),
        rows=rows,
        more=max(0, found["count"] - len(rows)),
        can_move=any(row["suggested"] for row in rows),
        can_invite=any(row["reach"] for row in rows),
        results=[] if done is None else [_result(here, each) for each in done["results"]],
        dealt_with=done is not None,
    )


def _row(here: Here, each: Mapping[str, Any]) -> dict[str, Any]:
    suggested = None if each["suggested"] is None else _value(each["suggested"])
    reach = tuple(each["reach"])
    return {
        **row_of(here, each["booking"]),
        "same": [_place(here, place) for place in each["same"]],
        "others": [_place(here, place) for place in each["others"]],
        "suggested": suggested,
        "reach": _REACHED.get(reach, ""),
        "chosen": LEAVE if each["booking"].get("invited") else suggested or (INVITE if reach else LEAVE),
    }


def _place(here: Here, place: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "value": _value(place),
        "start": moment(place["start"], here.zone),
        "practitioner": here.names.practitioner(place["practitioner"]),
    }


def _value(place: Mapping[str, Any]) -> str:
    return f"{place['practitioner']}@{place['start']}"


def _result(here: Here, each: Mapping[str, Any]) -> dict[str, Any]:
    """Return what became of one booking; of what was refused why, and by which name it is known here."""
    refused = each["refusal"]
    return {
        "reference": each["reference"],
        "done": each["done"],
        "booking": None if each["booking"] is None else row_of(here, each["booking"]),
        "why": None if refused is None else _why(here, refused),
    }


def _why(here: Here, refused: Mapping[str, Any]) -> str:
    """Return in people's words why nothing was done with a booking."""
    kind = next((each for each in REFUSALS.values() if each.code == refused["code"]), Invalid)
    refusal = kind.because(**{name: value for name, value in refused.items() if name != "code"})
    errors = [text for texts in field_errors(refusal, here.language).values() for text in texts]
    return errors[0] if errors else sentence_of(refusal, here.language)


ROUTES = (
    Page("GET", "/absences/<id>/collisions", collisions),
    Page("POST", "/absences/<id>/collisions", deal),
)
