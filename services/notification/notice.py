"""The built-in messages: what each says, in the reader's language (PRODUCT N1, N2).

Every sentence is a gettext message whose msgid is the English; `locales/<language>.po` holds the others.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.notification.clinic import Clinic
from services.notification.facts import Facts
from services.notification.model import BOOKED, CANCELLED, MOVED, PATIENT, REMINDER, Addressee
from shared.language import translations

LOCALES = Path(__file__).parent / "locales"
_LONGEST_TEXT_IN_SMS = 480  # a long confirmation text is for the email; ten parts of SMS help nobody

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Action:
    """A link, what it does, and both as one line of an SMS."""

    label: str
    url: str
    line: str


@dataclass(frozen=True)
class Notice:
    """A message in parts, for the templates.

    `rows` are labels and values, `lines` the same as text; `brief` are the lines of an SMS.
    """

    subject: str
    greeting: str
    headline: str
    rows: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    brief: tuple[str, ...]
    paragraphs: tuple[str, ...]
    action: Action | None
    signature: tuple[str, ...]


def notice_for(addressee: Addressee, happened: str, facts: Facts, clinic: Clinic) -> Notice:
    """Return the built-in message to `addressee` about what `happened` (BOOKED, MOVED, CANCELLED, REMINDER)."""
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
    }[happened]
    headline = {
        BOOKED: _("Your appointment is booked."),
        MOVED: _("Your appointment has been changed."),
        CANCELLED: _("Your appointment is cancelled."),
        REMINDER: _("A reminder of your appointment."),
    }[happened]
    stands = happened != CANCELLED
    rows = tuple(_filled(_patient_rows(_, happened, facts)))
    return Notice(
        subject=subject % {"clinic": facts.clinic, "when": facts.when},
        greeting=_("Hello %(name)s,") % {"name": facts.first_name} if facts.first_name else "",
        headline=headline,
        rows=rows,
        lines=tuple(_line(_, *row) for row in rows),
        brief=tuple(filter(None, _patient_brief(_, happened, facts))),
        paragraphs=tuple(filter(None, (facts.info, facts.confirmation))) if stands else (),
        action=_action(_, _change_label(_, clinic), facts.link) if facts.link else None,
        signature=tuple(filter(None, (facts.clinic, _left_to_right(facts.phone, facts), facts.website))),
    )


def _patient_rows(_: Translate, happened: str, facts: Facts) -> Iterator[tuple[str, str]]:
    yield from _time_rows(_, facts)
    yield _("Appointment"), facts.type
    yield _("With"), _joined(_, facts.practitioner, facts.practitioner_title)
    yield _("Place"), _joined(_, facts.clinic, facts.address)
    yield _("Telephone"), _left_to_right(facts.phone, facts)
    yield _("Price"), facts.price if happened != CANCELLED else ""
    yield _("Before the change"), _former(_, facts) if happened == MOVED else ""
    yield _("Reference"), facts.reference


def _patient_brief(_: Translate, happened: str, facts: Facts) -> Iterator[str]:
    yield f"{facts.when} ({facts.length})"
    yield _joined(_, facts.type, facts.practitioner)
    if happened == MOVED:
        yield _line(_, _("Before the change"), _former(_, facts))
    yield facts.address
    yield _line(_, _("Telephone"), _left_to_right(facts.phone, facts)) if facts.phone else ""
    if happened != CANCELLED and len(facts.confirmation) <= _LONGEST_TEXT_IN_SMS:
        yield facts.confirmation


def _to_practitioner(_: Translate, happened: str, facts: Facts, *, left: bool) -> Notice:
    headline = {
        BOOKED: _("New appointment: %(patient)s, %(when)s"),
        MOVED: _("Changed appointment: %(patient)s, %(when)s"),
        CANCELLED: _("Cancelled appointment: %(patient)s, %(when)s"),
    }[happened]
    if left:
        headline = _("No longer your appointment: %(patient)s, %(when)s")
    rows = tuple(_filled(_practitioner_rows(_, happened, facts)))
    told = headline % {"patient": facts.patient or facts.reference, "when": facts.former_when if left else facts.when}
    return Notice(
        subject=told,
        greeting="",
        headline=told,
        rows=rows,
        lines=tuple(_line(_, *row) for row in rows),
        brief=tuple(filter(None, (facts.length, facts.type, facts.practitioner))),
        paragraphs=(),
        action=_action(_, _("Open the booking"), facts.link),
        signature=tuple(filter(None, (facts.clinic, facts.address))),
    )


def _practitioner_rows(_: Translate, happened: str, facts: Facts) -> Iterator[tuple[str, str]]:
    yield _("Patient"), facts.patient
    yield from _time_rows(_, facts)
    yield _("Appointment"), facts.type
    yield _("With"), facts.practitioner
    yield _("Place"), _joined(_, facts.clinic, facts.address)
    yield _("Before the change"), _former(_, facts) if happened == MOVED else ""
    yield _("Reference"), facts.reference


def _time_rows(_: Translate, facts: Facts) -> Iterator[tuple[str, str]]:
    yield _("Date"), facts.date
    yield _("Time"), f"{facts.time}–{facts.end_time}"
    yield _("Length"), facts.length


def _change_label(_: Translate, clinic: Clinic) -> str:
    """Return what the personal link is for: the functions that are on (B1)."""
    if clinic.may_move and clinic.may_cancel:
        return _("Move or cancel your appointment")
    return _("Move your appointment") if clinic.may_move else _("Cancel your appointment")


def _line(_: Translate, label: str, value: str) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def _action(_: Translate, label: str, url: str) -> Action:
    return Action(label, url, _line(_, label, url))


def _former(_: Translate, facts: Facts) -> str:
    """Return the time before, and practitioner and type where they were others."""
    practitioner = facts.former_practitioner if facts.former_practitioner != facts.practitioner else ""
    type = facts.former_type if facts.former_type != facts.type else ""
    return _joined(_, facts.former_when, type, practitioner)


def _joined(_: Translate, *parts: str) -> str:
    return _(", ").join(filter(None, parts))


def _filled(rows: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((label, value) for label, value in rows if value)


def _left_to_right(text: str, facts: Facts) -> str:
    """Return a telephone number so that its plus stays in front of it in right-to-left text (Unicode isolates)."""
    return f"\u2066{text}\u2069" if text and facts.direction == "rtl" else text
