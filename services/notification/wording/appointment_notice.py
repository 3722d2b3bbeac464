"""The built-in messages about bookings: what each says, in the reader's language (PRODUCT N1, N2, N3, R1)."""

from collections.abc import Iterator

from services.notification.model.clinic import Clinic
from services.notification.model.messages import PATIENT, Addressee
from services.notification.wording.call_notice import way_by_code
from services.notification.wording.facts import Facts
from services.notification.wording.notice import (
    LOCALES,
    LONGEST_TEXT_IN_SMS,
    Notice,
    Translate,
    action,
    filled,
    greeting,
    joined,
    left_to_right,
    line,
    signature,
    time_rows,
)
from shared.clinic.message_keys import BOOKED, CANCELLED, MOVED, RECALL, REMINDER
from shared.texts.language import translations


def appointment_notice(addressee: Addressee, happened: str, facts: Facts, clinic: Clinic) -> Notice:
    """Return the built-in message to `addressee` about what `happened` (BOOKED, MOVED, CANCELLED, REMINDER, RECALL)."""
    _ = translations(LOCALES, facts.language).gettext
    if addressee.audience == PATIENT:
        return _to_patient(_, happened, facts, clinic)
    return _to_practitioner(_, happened, facts, left=addressee.left is not None)


def _to_patient(_: Translate, happened: str, facts: Facts, clinic: Clinic) -> Notice:
    subject = {
        BOOKED: _("Your appointment at %(clinic)s, %(when)s"),
        MOVED: _("Changed: your appointment at %(clinic)s, %(when)s"),
        CANCELLED: _("Cancelled: your appointment at %(clinic)s, %(when)s"),
        REMINDER: _("Reminder: your appointment at %(clinic)s, %(when)s"),
        RECALL: _("We have booked a time for you at %(clinic)s, %(when)s"),
    }[happened]
    headline = {
        BOOKED: _("Your appointment is booked."),
        MOVED: _("Your appointment has been changed."),
        CANCELLED: _("Your appointment is cancelled."),
        REMINDER: _("A reminder of your appointment."),
        RECALL: _("We have booked a time for you."),
    }[happened]
    stands = happened != CANCELLED
    rows = filled(_patient_rows(_, happened, facts))
    return Notice(
        subject=subject % {"clinic": facts.clinic, "when": facts.when},
        greeting=greeting(_, facts),
        headline=headline,
        rows=rows,
        lines=tuple(line(_, *row) for row in rows),
        brief=tuple(filter(None, _patient_brief(_, happened, facts))),
        paragraphs=tuple(filter(None, (facts.info, facts.confirmation, way_by_code(_, facts)))) if stands else (),
        action=action(_, _change_label(_, clinic), facts.link) if facts.link else None,
        signature=signature(facts),
    )


def _patient_rows(_: Translate, happened: str, facts: Facts) -> Iterator[tuple[str, str]]:
    yield from time_rows(_, facts)
    yield _("Appointment"), facts.type
    yield _("With"), joined(_, facts.practitioner, facts.practitioner_title)
    yield _("Place"), joined(_, facts.clinic, facts.address)
    yield _("Telephone"), left_to_right(facts.phone, facts)
    yield _("Price"), facts.price if happened != CANCELLED else ""
    yield _("Before the change"), _former(_, facts) if happened == MOVED else ""
    yield _("Reference"), facts.reference


def _patient_brief(_: Translate, happened: str, facts: Facts) -> Iterator[str]:
    yield f"{facts.when} ({facts.length})"
    yield joined(_, facts.type, facts.practitioner)
    if happened == MOVED and facts.former_when:
        yield line(_, _("Before the change"), _former(_, facts))
    yield facts.address
    yield line(_, _("Telephone"), left_to_right(facts.phone, facts)) if facts.phone else ""
    if happened != CANCELLED and len(facts.confirmation) <= LONGEST_TEXT_IN_SMS:
        yield facts.confirmation
    if facts.code and facts.link:
        yield line(_, _("Code"), left_to_right(facts.code, facts))


def _to_practitioner(_: Translate, happened: str, facts: Facts, *, left: bool) -> Notice:
    headline = {
        BOOKED: _("New appointment: %(patient)s, %(when)s"),
        MOVED: _("Changed appointment: %(patient)s, %(when)s"),
        CANCELLED: _("Cancelled appointment: %(patient)s, %(when)s"),
    }[happened]
    if left:
        headline = _("No longer your appointment: %(patient)s, %(when)s")
    rows = filled(_practitioner_rows(_, happened, facts, left=left))
    told = headline % {"patient": facts.patient or facts.reference, "when": facts.former_when if left else facts.when}
    return Notice(
        subject=told,
        greeting="",
        headline=told,
        rows=rows,
        lines=tuple(line(_, *row) for row in rows),
        brief=tuple(filter(None, _practitioner_brief(_, happened, facts, left=left))),
        paragraphs=(),
        action=None,
        signature=tuple(filter(None, (facts.clinic, facts.address))),
    )


def _practitioner_rows(_: Translate, happened: str, facts: Facts, *, left: bool) -> Iterator[tuple[str, str]]:
    """Yield what a practitioner is told; what the patient wrote is no business of one whom the booking has left."""
    yield _("Patient"), facts.patient
    yield _("Telephone"), "" if left else left_to_right(facts.telephone, facts)
    yield from time_rows(_, facts)
    yield _("Appointment"), facts.type
    yield _("With"), facts.practitioner
    yield _("Place"), joined(_, facts.clinic, facts.address)
    yield _("Before the change"), _former(_, facts) if happened == MOVED else ""
    yield _("Reason for cancelling"), facts.comment if happened == CANCELLED else ""
    yield _("Message"), "" if left else facts.message
    yield from () if left else ((label, _answer(_, answer)) for label, answer in facts.answers)
    yield _("Reference"), facts.reference


def _answer(_: Translate, answer: str | bool) -> str:
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    return answer


def _practitioner_brief(_: Translate, happened: str, facts: Facts, *, left: bool) -> Iterator[str]:
    yield facts.length
    yield facts.type
    yield facts.practitioner
    if happened == MOVED and facts.former_when and not left:
        yield line(_, _("Before the change"), _former(_, facts))


def _change_label(_: Translate, clinic: Clinic) -> str:
    """Return what the personal link is for: the functions that are on (B1)."""
    if clinic.may_move and clinic.may_cancel:
        return _("Move or cancel your appointment")
    return _("Move your appointment") if clinic.may_move else _("Cancel your appointment")


def _former(_: Translate, facts: Facts) -> str:
    """Return the time before, and practitioner and type where they were others."""
    practitioner = facts.former_practitioner if facts.former_practitioner != facts.practitioner else ""
    type = facts.former_type if facts.former_type != facts.type else ""
    return joined(_, facts.former_when, type, practitioner)
