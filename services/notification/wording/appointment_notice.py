"""The built-in messages about bookings: what each says, in the reader's language (PRODUCT N1, N2, N3, R1)."""

from collections.abc import Iterator

from services.notification.model.clinic import Clinic
from services.notification.model.messages import PATIENT, Addressee
from services.notification.wording.call_notice import way_by_code
from services.notification.wording.facts import Facts
from services.notification.wording.notice import (
    LOCALES,
    Action,
    Notice,
    Translate,
    action,
    filled,
    greeting,
    joined,
    left_to_right,
    line,
    opening,
    signature,
    time_rows,
    way,
)
from services.notification.wording.short import Brief
from shared.clinic.message_keys import BOOKED, CANCELLED, CHOOSE_AGAIN, MOVED, RECALL, REMINDER
from shared.texts.language import translations


def appointment_notice(addressee: Addressee, happened: str, facts: Facts, clinic: Clinic) -> Notice:
    """Return the built-in message to `addressee` about what `happened` to the appointment.

    That is BOOKED, MOVED, CANCELLED, CHOOSE_AGAIN, REMINDER or RECALL.
    """
    _ = translations(LOCALES, facts.language).gettext
    if addressee.audience == PATIENT:
        return _to_patient(_, happened, facts, clinic)
    return _to_practitioner(_, happened, facts, left=addressee.left is not None)


_GONE = {CANCELLED, CHOOSE_AGAIN}
"""What is told of a time that is not to come."""


def _to_patient(_: Translate, happened: str, facts: Facts, clinic: Clinic) -> Notice:
    subject = {
        BOOKED: _("Your appointment at %(clinic)s, %(when)s"),
        MOVED: _("Changed: your appointment at %(clinic)s, %(when)s"),
        CANCELLED: _("Cancelled: your appointment at %(clinic)s, %(when)s"),
        CHOOSE_AGAIN: _("Please choose a new time: your appointment at %(clinic)s, %(when)s"),
        REMINDER: _("Reminder: your appointment at %(clinic)s, %(when)s"),
        RECALL: _("We have booked you an appointment at %(clinic)s, %(when)s"),
    }[happened]
    headline = {
        BOOKED: _("Your appointment is booked."),
        MOVED: _("Your appointment has been changed."),
        CANCELLED: _("Your appointment has been cancelled."),
        CHOOSE_AGAIN: _("Unfortunately we cannot keep your appointment. Please choose a new time."),
        REMINDER: _("A reminder of your appointment."),
        RECALL: _("We have booked you an appointment."),
    }[happened]
    stands, words = happened not in _GONE, facts.comment if happened == CHOOSE_AGAIN else ""
    rows = filled(_patient_rows(_, happened, facts))
    onward = _onward(_, happened, facts, clinic)
    return Notice(
        subject=subject % {"clinic": facts.clinic, "when": facts.when},
        greeting=greeting(_, facts),
        headline=headline,
        rows=rows,
        lines=tuple(line(*row, facts) for row in rows),
        brief=_patient_sms(_, happened, headline, onward, facts),
        paragraphs=tuple(filter(None, (facts.info, facts.confirmation) if stands else (words,))),
        action=onward,
        signature=signature(facts),
        otherwise=way_by_code(_, facts) if stands else "",
    )


def _patient_sms(_: Translate, happened: str, headline: str, onward: Action | None, facts: Facts) -> tuple[Brief, ...]:
    """Return what an SMS says; who is to choose again is told and asked in one breath, for its price (N4, C12)."""
    if happened == CHOOSE_AGAIN:
        asked = opening(_("Sorry, we must ask you to rebook:"), facts)
        return asked, *_patient_brief(_, happened, facts), *way(onward, facts, rank=None)
    return opening(headline, facts), *_patient_brief(_, happened, facts), *way(onward, facts, rank=5)


def _patient_rows(_: Translate, happened: str, facts: Facts) -> Iterator[tuple[str, str]]:
    yield from time_rows(_, facts)
    yield _("Appointment"), facts.type
    yield _("With"), joined(facts, facts.practitioner, facts.practitioner_title)
    yield _("Location"), joined(facts, facts.clinic, facts.address)
    yield _("Telephone"), left_to_right(facts.phone, facts)
    yield _("Price"), facts.price if happened not in _GONE else ""
    yield _("Please bring"), facts.bring if happened not in _GONE else ""
    yield _("Before the change"), _former(facts) if happened == MOVED else ""
    yield _("Booking reference"), left_to_right(facts.reference, facts)


def _patient_brief(_: Translate, happened: str, facts: Facts) -> Iterator[Brief]:
    """Yield what an SMS says below its opening and above its link; practitioner and type matter most."""
    yield Brief(facts.short_when)
    yield Brief(facts.type, 3)
    yield Brief(facts.practitioner, 1)
    if happened == MOVED and facts.former_when:
        yield Brief(line(_("Before the change"), facts.former_short_when, facts), 2)
    if happened == CHOOSE_AGAIN:
        yield Brief(facts.comment, 2)
    if happened not in _GONE:
        yield Brief(facts.confirmation, 4)
        yield Brief(line(_("Length"), facts.length, facts), 9)
        yield Brief(facts.address, 7)
    yield Brief(left_to_right(facts.phone, facts), 8)
    if facts.code and facts.link:
        yield Brief(line(_("Code"), left_to_right(facts.code, facts), facts), 6)


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
    onward = action(_("Open the booking"), facts.link, facts) if facts.link else None
    return Notice(
        subject=told,
        greeting="",
        headline=told,
        rows=rows,
        lines=tuple(line(*row, facts) for row in rows),
        brief=(opening(told, facts), *_practitioner_brief(_, happened, facts, left=left)),
        paragraphs=(),
        action=onward,
        signature=tuple(filter(None, (facts.clinic, facts.address))),
    )


def _practitioner_rows(_: Translate, happened: str, facts: Facts, *, left: bool) -> Iterator[tuple[str, str]]:
    """Yield what a practitioner is told; what the patient wrote is no business of one whom the booking has left."""
    yield _("Patient"), facts.patient
    yield _("Telephone"), "" if left else left_to_right(facts.telephone, facts)
    yield from time_rows(_, facts)
    yield _("Appointment"), facts.type
    yield _("With"), facts.practitioner
    yield _("Location"), joined(facts, facts.clinic, facts.address)
    yield _("Before the change"), _former(facts) if happened == MOVED else ""
    yield _("Reason for cancelling"), facts.comment if happened == CANCELLED else ""
    yield _("Message"), "" if left else facts.message
    yield from () if left else ((label, _answer(_, answer)) for label, answer in facts.answers)
    yield _("Booking reference"), left_to_right(facts.reference, facts)


def _answer(_: Translate, answer: str | bool) -> str:
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    return answer


def _practitioner_brief(_: Translate, happened: str, facts: Facts, *, left: bool) -> Iterator[Brief]:
    yield Brief(facts.type, 2)
    yield Brief(facts.practitioner, 3)
    yield Brief(facts.length, 4)
    if happened == MOVED and facts.former_when and not left:
        yield Brief(line(_("Before the change"), _former(facts), facts), 1)
    yield Brief(facts.link, 5)


def _onward(_: Translate, happened: str, facts: Facts, clinic: Clinic) -> Action | None:
    """Return where a patient goes from here: to their booking, or after a cancellation to a new one (M1, B1)."""
    if happened == CANCELLED:
        page = facts.booking_page
        return action(_("Book a new appointment"), page, facts) if page else None
    label = _("Choose a new time") if happened == CHOOSE_AGAIN else _change_label(_, clinic)
    return action(label, facts.link, facts) if facts.link else None


def _change_label(_: Translate, clinic: Clinic) -> str:
    """Return what the personal link is for: the functions that are on (B1)."""
    if clinic.may_move and clinic.may_cancel:
        return _("Move or cancel your appointment")
    return _("Move your appointment") if clinic.may_move else _("Cancel your appointment")


def _former(facts: Facts) -> str:
    """Return the time before, and practitioner and type where they were others."""
    practitioner = facts.former_practitioner if facts.former_practitioner != facts.practitioner else ""
    type = facts.former_type if facts.former_type != facts.type else ""
    return joined(facts, facts.former_when, type, practitioner)
