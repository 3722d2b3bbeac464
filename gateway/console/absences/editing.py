"""Absences: listed, entered after a look at what is in their way, changed and removed (PRODUCT S8)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.neighbours import asked_with
from gateway.console.absences import whose
from gateway.console.absences.spans import Span, asked_span, span_of, typed_span
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page, lead
from gateway.console.frame.rows import rows_of
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.wording import N_
from shared.contracts.errors import Invalid, NotFound, Refusal
from shared.ids import is_id

_SHOWN = 200
_DONE: Mapping[str, str] = {
    "entered": N_("The absence is entered. No booking is in its way."),
    "changed": N_("The absence is changed. No booking is in its way."),
    "unknown": N_("The absence is entered. What is in its way could not be found out just now."),
    "removed": N_("The absence is removed."),
    "restored": N_("The absence is entered again. No booking is in its way."),
}


def listed(here: Here) -> Response:
    """Show the absences from today on, or all that are over since a year."""
    over = here.asked("over").get("over") == "yes"
    dates = {"from": here.today.isoformat()}
    if over:
        dates = {"from": (here.today - timedelta(days=365)).isoformat(), "to": here.today.isoformat()}
    found = here.services.availability.absences(here.clinic, limit=_SHOWN, **dates)["absences"]
    rows = [_row(here, absence) for absence in found]
    done, undo = here.done(_DONE), _undo(here)
    return here.show("console/absences/list.html", section="calendar", rows=rows, over=over, done=done, undo=undo)


def new(here: Here) -> Response:
    """Ask who is away, from when to when."""
    asked = here.asked("practitioner", "resource", "from", "to")
    value = whose.value_of(asked) if asked.get("practitioner") or asked.get("resource") else ""
    span = asked_span(asked, here.today, here.zone)
    return _form(here, span, {"whose": value, "reason": ""})


def one(here: Here, id: str) -> Response:
    """Show an absence, to be changed or removed."""
    absence = _find(here, id)
    span = span_of(absence["from"], absence["to"], here.zone)
    return _form(here, span, {"whose": whose.value_of(absence), "reason": absence["reason"] or ""}, absence=absence)


def check(here: Here) -> Response:
    """Show what would be in the way of what is typed so far; nothing where that makes no sense yet."""
    try:
        found = _check(here, _typed(here))
    except Invalid:
        found = None
    return here.show("console/absences/collisions_part.html", met=found)


def enter(here: Here) -> Response:
    """Enter the absence, once what is in its way was shown."""
    return _save(here, None)


def change(here: Here, id: str) -> Response:
    """Change the absence, likewise."""
    return _save(here, _find(here, id))


def remove(here: Here, id: str) -> Response:
    """Take the absence back; it can be entered again from where this is said, since nobody was told."""
    absence = _find(here, id)
    here.services.availability.remove_absence(here.clinic, id)
    here.remember(_removed(id), absence)
    return here.go("/absences", done="removed", removed=id)


def restore(here: Here, id: str) -> Response:
    """Enter an absence again that was removed by a slip, once."""
    known = here.remembered(_removed(id))
    if known is None:
        raise NotFound.because("There is no such absence.")
    fields = {name: value for name, value in known.value.items() if name != "id"}
    return _led_on(here, _entered(here, fields, f"restored {id}"), "restored")


def _removed(id: str) -> str:
    return f"removed absence {id}"


def _undo(here: Here) -> Mapping[str, Any] | None:
    """Return how the absence is entered again that was just removed."""
    id = here.asked("removed").get("removed", "")
    if not is_id(id) or here.remembered(_removed(id)) is None:
        return None
    return {"action": f"{here.url}/absences/{id}/restore", "fields": {}, "until": None}


def _save(here: Here, absence: Mapping[str, Any] | None) -> Response:
    try:
        fields = _typed(here)
        if not here.form["seen"]:
            met = _check(here, fields)
            if met["count"]:
                return _form(here, None, here.form, absence=absence, met=met)
        saved = _saved(here, absence, fields)
    except Refusal as refused:
        return _form(here, None, absence=absence, **here.told(refused))
    return _led_on(here, saved, "entered" if absence is None else "changed")


def _led_on(here: Here, saved: Mapping[str, Any], done: str) -> Response:
    """Return the way to what is in an absence's way, or to the absence where nothing is."""
    if saved["count"]:
        return lead(here.request, f"{here.url}/absences/{saved['id']}/collisions")
    return here.go(f"/absences/{saved['id']}", done="unknown" if saved["count"] is None else done)


def _saved(here: Here, absence: Mapping[str, Any] | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    if absence is None:
        return _entered(here, fields, here.form["once"])
    availability = here.services.availability.with_timeout(LONG_CALL_SECONDS)
    changed: dict[str, Any] = availability.update_absence(here.clinic, absence["id"], **fields)
    return changed


def _entered(here: Here, fields: Mapping[str, Any], key: str) -> dict[str, Any]:
    availability = here.services.availability.with_timeout(LONG_CALL_SECONDS)
    added: dict[str, Any] = asked_with(
        {"idempotency_key": key} if key else {}, availability.add_absence, here.clinic, **fields
    )
    return added


def _typed(here: Here) -> dict[str, Any]:
    """Return what was typed as services take it; raise Invalid."""
    span = typed_span(here.form, here.language)
    return {**whose.asked(here.form["whose"]), **span.asked, "reason": here.form["reason"] or None}


def _check(here: Here, fields: Mapping[str, Any]) -> dict[str, Any]:
    asked = {name: value for name, value in fields.items() if name != "reason"}
    found = here.services.availability.with_timeout(LONG_CALL_SECONDS).check_absence(here.clinic, limit=50, **asked)
    return {"count": found["count"], "rows": rows_of(here, found["collisions"])}


def _form(
    here: Here,
    span: Span | None,
    typed: Mapping[str, Any],
    *,
    status: int = 200,
    absence: Mapping[str, Any] | None = None,
    met: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    day = span.first if span else here.today
    return here.show(
        "console/absences/form.html",
        section="calendar",
        status=status,
        typed=_as_typed(here, typed),
        errors=errors,
        beside=f"/calendar?date={day.isoformat()}",
        span=span,
        absence=absence,
        people=whose.choices(here),
        met=met,
        may_change=absence is None or here.practitioner in {None, absence["practitioner"]},
        done=here.done(_DONE),
    )


def _as_typed(here: Here, given: Mapping[str, Any]) -> Any:
    typed = type(here.form)(given)
    typed.lists = {}
    return typed


def _find(here: Here, id: str) -> dict[str, Any]:
    """Return an absence that whoever asks may see; raise NotFound."""
    seen: list[dict[str, Any]] = here.document["absences"]
    found = next((row for row in seen if row["id"] == id), None)
    if found is None or (here.practitioner is not None and found["practitioner"] not in {None, here.practitioner}):
        raise NotFound.because("There is no such absence.")
    return found


def _row(here: Here, absence: Mapping[str, Any]) -> dict[str, Any]:
    span = span_of(absence["from"], absence["to"], here.zone)
    return {
        "id": absence["id"],
        "who": whose.said(here, absence),
        "when": span.said(here.language),
        "reason": absence["reason"],
        "is_own": here.practitioner in {None, absence["practitioner"]},
    }


ROUTES = (
    Page("GET", "/absences", listed),
    Page("GET", "/absences/new", new),
    Page("POST", "/absences/new", enter),
    Page("POST", "/absences/check", check),
    Page("GET", "/absences/<id>", one),
    Page("POST", "/absences/<id>", change),
    Page("POST", "/absences/<id>/remove", remove),
    Page("POST", "/absences/<id>/restore", restore),
)
