"""Shows staff what would be told before it is: a message by its template, and who gets one (PRODUCT N4, C10)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.notification.handlers.reading import require_own_booking
from services.notification.model.messages import Appointment, concerned
from services.notification.model.remembered import appointment_of
from services.notification.model.told import Former
from services.notification.wording.preview import PARTS, Unusable, Wanted, preview
from shared.clinic.message_keys import CANCELLED, MOVED, SMS
from shared.contracts.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.notification.handlers.desk import Desk

_TEXT = "text"


def preview_message(desk: Desk, clinic: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `preview` does, by the clinic's document and the templates in `fields`.

    Raises NotFound for an unknown clinic, Invalid with `errors` by field where a template cannot be used.
    """
    known = desk.clinic(clinic)
    channel, sent = fields["channel"], fields["template"]
    named = {_TEXT: "sms"} if channel == SMS else {part: part for part in PARTS[channel]}
    if stray := sent.keys() - named.keys():
        errors = {f"template.{part}": ["An SMS has a text only."] for part in stray}
        raise Invalid.because("An SMS has a text only.", errors=errors)
    templates = {named[part]: source for part, source in sent.items()}
    wanted = Wanted(fields["event"], channel, fields["language"] or known.languages[0], templates)
    try:
        return preview(known, wanted, desk.links, desk.now)
    except Unusable as unusable:
        field_of = {part: f"template.{field}" for field, part in named.items()}
        errors = {field_of[part]: sentences for part, sentences in unusable.errors.items()}
        raise Invalid.because("The template cannot be used; see errors.", errors=errors) from None


def addressees(desk: Desk, clinic: str, reference: str, practitioner: str | None) -> dict[str, Any]:
    """Return who would be told if a booking were moved, to that `practitioner` where one is named, or cancelled.

    `{moved, cancelled}`, lists of `{audience, name, channel}`; nobody is told of what stands no more. Raises NotFound
    for what nothing has been heard of yet, Forbidden for a therapist where it is a colleague's.
    """
    known = desk.clinic(clinic)
    with desk.work.reading() as store:
        require_own_booking(desk, store, clinic, reference)
        booking = store.known_of([reference])[reference].remembered
        if booking is None or booking.facts is None:
            return {MOVED: [], CANCELLED: []}
        appointment = appointment_of(booking, desk.keys.people.open(booking.facts))
        told = {
            MOVED: concerned(_with(appointment, practitioner), MOVED, known),
            CANCELLED: concerned(appointment, CANCELLED, known),
        }
        numbers = {to.to: desk.recipients(SMS, to.to) for each in told.values() for to in each if to.channel == SMS}
        stopped = store.stopped({hash for hashes in numbers.values() for hash in hashes})
    return {
        happened: [
            {"audience": to.audience, "name": to.name, "channel": to.channel}
            for to in each
            if to.channel != SMS or stopped.isdisjoint(numbers[to.to])
        ]
        for happened, each in told.items()
    }


def _with(appointment: Appointment, practitioner: str | None) -> Appointment:
    """Return an appointment as if it were now with that practitioner, and was with its own before."""
    former = Former(appointment.type, appointment.practitioner, appointment.start, appointment.minutes)
    return replace(appointment, practitioner=practitioner or appointment.practitioner, former=former)
