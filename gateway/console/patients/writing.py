"""Making a patient, and correcting what stands in a record, with the version that one had in view (PRODUCT C8, C9)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.typed import Typed
from gateway.console.patients.finding import born, search_for
from gateway.http.wording import N_
from gateway.views.fields import NUMBERS
from shared.contracts.errors import ChangedMeanwhile, Invalid, Refusal
from shared.contracts.people import ADDRESSES
from shared.identity.numbers import readable_number
from shared.identity.telephones import readable_phone

AFTERWARDS = ("start", "practitioner", "minutes", "type")
"""What of a booking that is being made goes along while its patient is added."""
_TEXTS = ("first_name", "last_name", "mobile", "email", "note")
_SWITCHES = ("sms_ok", "email_ok", "sms_reminder")
_NUMBER = "identity.number"
_BIRTH_DATE = "birth_date"
_NAMES: Mapping[str, str] = {
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "mobile": N_("Telephone"),
    "email": N_("Email"),
    "note": N_("Note"),
}


def new(here: Here) -> Response:
    """Ask for a new patient's details."""
    booking = here.asked("then", *AFTERWARDS)
    typed = Typed(dict.fromkeys(_SWITCHES, "yes"))
    return _form(here, typed=typed, booking=booking)


def make(here: Here) -> Response:
    """Add the patient; where the clinic knows somebody of that number, show whom."""
    form = here.form
    booking = {name: form[name] for name in ("then", *AFTERWARDS) if form[name]}
    if form["begin"]:
        return _form(here, typed=_begun(form["q"]), booking=booking)
    try:
        given = {**_given(here), **{name: form.is_on(name) for name in _SWITCHES}}
        made = here.services.patient.add(here.clinic, **given)
    except Refusal as refused:
        known = search_for(here, form[_NUMBER]) if _NUMBER in refused.extra.get("errors", {}) else None
        return _form(here, booking=booking, known=known, **here.told(refused))
    if booking.pop("then", "") == "book":
        return here.go("/bookings/new", patient=made["id"], **booking)
    return here.go(f"/patients/{made['id']}", done="made")


def edit(here: Here, id: str) -> Response:
    """Show a record's fields as they stand."""
    record = here.services.patient.get(here.clinic, id)
    return _form(here, record=record, typed=_typed(here, record))


def save(here: Here, id: str) -> Response:
    """Write what was corrected; what somebody else has changed meanwhile is shown beside, and nothing is lost."""
    form = here.form
    try:
        changes: dict[str, Any] = {**dict.fromkeys(_TEXTS, ""), **_given(here), "version": _version(form)}
        changes |= {name: form.is_on(name) for name in _SWITCHES if form.is_on(name) != (form[f"was.{name}"] == "yes")}
        changes["confirm"] = [name for name in ADDRESSES if form.is_on(f"confirm.{name}")]
        here.services.patient.update(here.clinic, id, **changes)
    except ChangedMeanwhile as refused:
        record = here.services.patient.get(here.clinic, id)
        return _form(here, record=record, newer=_newer(here, record), **here.told(refused))
    except Refusal as refused:
        told = here.told(refused)
        return _form(here, record=here.services.patient.get(here.clinic, id), version=form["version"], **told)
    return here.go(f"/patients/{id}", done="saved")


def _form(
    here: Here,
    *,
    typed: Typed,
    record: Mapping[str, Any] | None = None,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    scheme = here.document["identity"]
    number = NUMBERS.get(scheme)
    shared: dict[str, Any] = {"booking": {}, "known": None, "newer": (), "version": record and record["version"]}
    given = {**shared, **context}
    given["is_booking"] = given["booking"].get("then") == "book"
    return here.show(
        "console/patients/form.html", section="patients", status=status, typed=typed, errors=errors, record=record,
        number=number, born=record and born(record), **given,
    )  # fmt: skip


def _given(here: Here) -> dict[str, Any]:
    """Return what was typed into the fields, without those left empty; raise Invalid for a date that is none."""
    form = here.form
    given: dict[str, Any] = {name: form[name] for name in _TEXTS if form[name]}
    try:
        born_on = form.date(_BIRTH_DATE, here.language)
    except ValueError as wrong:
        raise Invalid.because(str(wrong), errors={_BIRTH_DATE: [str(wrong)]}) from None
    if born_on is not None:
        given[_BIRTH_DATE] = born_on.isoformat()
    if form[_NUMBER]:
        given["identity"] = {"scheme": here.document["identity"], "number": form[_NUMBER]}
    return given


def _version(form: Typed) -> int | None:
    return int(form["version"]) if form["version"].isdecimal() else None


def _begun(q: str) -> Typed:
    """Return a new patient's details as far as a search that found nobody has them."""
    typed = Typed(dict.fromkeys(_SWITCHES, "yes"))
    words = q.split()
    if any(sign.isdigit() for sign in q):
        typed["mobile"] = q
    elif words:
        typed["first_name"], typed["last_name"] = " ".join(words[:-1]) or words[0], words[-1] if words[1:] else ""
    return typed


def _typed(here: Here, record: Mapping[str, Any]) -> Typed:
    """Return a record as its form shows it; of consent that was never asked for, nothing is refused."""
    typed = Typed({name: _shown(here, record, name) for name in _TEXTS})
    typed |= {name: "no" if record[name] is False else "yes" for name in _SWITCHES}
    typed[_NUMBER] = readable_number(**record["identity"]) if record["identity"] else ""
    return typed


def _newer(here: Here, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields that somebody else may have changed: what stands there by now and is not what was typed."""
    shown = [(name, label, _shown(here, record, name)) for name, label in _NAMES.items()]
    return [(label, value) for name, label, value in shown if value != here.form[name]]


def _shown(here: Here, record: Mapping[str, Any], name: str) -> str:
    text = record[name] or ""
    return readable_phone(text, here.document["country"]) if name == "mobile" else text


ROUTES = (
    Page("GET", "/patients/new", new),
    Page("POST", "/patients/new", make),
    Page("GET", "/patients/<id>/edit", edit),
    Page("POST", "/patients/<id>/edit", save),
)
