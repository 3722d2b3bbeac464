"""Lines of the former system's appointments in their normal form: names looked up, and whose they are (PRODUCT C14)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from services.booking.handlers.alternatives import Sought
from services.booking.handlers.checking import who_could_take
from services.booking.handlers.desk import Desk
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.moving_in.lines import (
    NO_SUCH_PRACTITIONER,
    NO_SUCH_RESOURCE,
    NO_SUCH_TYPE,
    NO_TIME,
    TOO_FAR,
    WRONG,
    Wanted,
    number_keys,
    place,
    said_keys,
    using,
)
from shared.clinic.starts.candidates import Candidate
from shared.clinic.times.wall_clock import start_moment
from shared.contracts.booking import BookingPerson
from shared.contracts.errors import SlotNotOffered
from shared.contracts.plain import plain, read
from shared.contracts.reconciling import PATIENCE
from shared.incoming.lines import Line

View = dict[str, Any]
Errors = dict[str, list[str]]

FOUND = "found"
_YEARS = range(2000, 2201)


def answered(line: int, outcome: str, **more: Any) -> View:
    """Return what is answered for a line."""
    return {"line": line, "outcome": outcome, "reference": None, "patient": None, "errors": {}, **more}


def read_lines(desk: Desk, rules: ClinicRules, lines: Sequence[Line]) -> tuple[list[Wanted], dict[int, View]]:
    """Return the appointments that lines tell of, and the answers for those that tell of none.

    Whose they are is asked once for all.
    """
    answers: dict[int, View] = {}
    legible: list[tuple[Line, Candidate, bool]] = []
    for line in lines:
        errors = dict(line.errors) or _wrong(rules, line.fields)
        if errors:
            answers[line.number] = answered(line.number, WRONG, errors=errors)
        else:
            legible.append((line, *_candidate(rules, line.fields, desk.now)))
    wanted = []
    for (line, candidate, outside_plan), told in zip(legible, _people(desk, rules, legible), strict=True):
        if told["outcome"] == FOUND:
            wanted.append(_wanted(desk, rules, line, candidate, told, outside_plan=outside_plan))
        else:
            why = {"errors": told["errors"], "candidates": told["candidates"]}
            answers[line.number] = answered(line.number, told["outcome"], **why)
    return wanted, answers


def _wrong(rules: ClinicRules, sent: Mapping[str, Any]) -> Errors:
    errors: Errors = {}
    if rules.type(sent["type"]) is None:
        errors |= NO_SUCH_TYPE
    if sent["practitioner"] not in rules.practitioners:
        errors |= NO_SUCH_PRACTITIONER
    if not set(sent.get("resources", ())) <= rules.resources.keys():
        errors |= NO_SUCH_RESOURCE
    try:
        start = _start(sent["start"], rules)
    except (ValueError, OverflowError):
        return errors | NO_TIME
    return errors if start.year in _YEARS else errors | TOO_FAR


def _start(text: str, rules: ClinicRules) -> datetime:
    """Return the moment of a start as it is written, to the minute; raise ValueError or OverflowError.

    Without an offset it is by the clinic's clock: of a time that comes twice the first, of one that a spring night
    lacks the first after it.
    """
    written = datetime.fromisoformat(text.strip()).replace(second=0, microsecond=0)
    return start_moment(written, rules.zone) if written.tzinfo is None else written.astimezone(UTC)


def _candidate(rules: ClinicRules, sent: Mapping[str, Any], now: datetime) -> tuple[Candidate, bool]:
    """Return where an appointment is to stand, and whether that is outside the plan of what is to come."""
    type = rules.type(sent["type"])
    if type is None:
        raise LookupError("a line of no type was let through")
    start = _start(sent["start"], rules)
    sought = Sought(type, start, sent["practitioner"], minutes=sent.get("minutes"))
    candidate = who_could_take(rules, sought, now, by_staff=True, outside_plan=True)[0]
    is_outside = start > now and not _is_planned(rules, sought, now)
    return using(candidate, sent.get("resources")), is_outside


def _is_planned(rules: ClinicRules, sought: Sought, now: datetime) -> bool:
    try:
        who_could_take(rules, sought, now, by_staff=True)
    except SlotNotOffered:
        return False
    return True


def _people(desk: Desk, rules: ClinicRules, legible: Sequence[tuple[Line, Candidate, bool]]) -> list[View]:
    if not legible:
        return []
    whos = [_told(line.fields["patient"]) for line, _, _ in legible]
    found: list[View] = desk.patients.with_timeout(PATIENCE).resolve_imported(rules.clinic, whos=whos)["people"]
    return found


def _told(who: Mapping[str, Any]) -> View:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in who.items()}


def _wanted(
    desk: Desk, rules: ClinicRules, line: Line, candidate: Candidate, told: View, *, outside_plan: bool
) -> Wanted:
    sent, start = line.fields, candidate.start.isoformat()
    known = read(BookingPerson, told["person"])
    person = replace(
        known,
        patient=told["patient"],
        sms_ok=known.mobile is not None and known.sms_ok is not False,
        email_ok=known.email is not None and known.email_ok is not False,
        message=sent.get("message", "").strip() or None,
    )
    former = sent.get("former")
    every_key = desk.keys.every_lookup
    said, said_with_number = (
        said_keys(every_key, rules.clinic, told["patient"], candidate.practitioner, start, has_number=has_number)
        for has_number in (False, True)
    )
    return Wanted(
        line=line.number,
        keys=number_keys(every_key, rules.clinic, former) if former else said,
        others=said if former else said_with_number,
        noted_too=said_with_number[:1] if former else (),
        type=sent["type"],
        person=person,
        sealed=desk.keys.people.seal(plain(person)),
        candidate=candidate,
        places=tuple(place(each, sent["type"], candidate.practitioner, start, candidate.minutes) for each in every_key),
        outside_plan=outside_plan,
    )
