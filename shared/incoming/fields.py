"""What callers send, checked by a marshmallow schema inside the service that is called (CONTRACTS 2, `invalid`)."""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validate

from shared.clinic.retention import KINDS, LONGEST, SHORTEST
from shared.clinic.times.durations import parse_duration
from shared.clinic.times.weeks import sunday_of
from shared.contracts.errors import Invalid
from shared.contracts.people import ADDRESSES

MOST_IN_A_LIST = 200
MOST_MINUTES = 24 * 60
_YEARS = (2000, 2200)
_LINE_BREAKS = "\r\n\t"


def one_line(text: str) -> None:
    """Refuse control characters and lone surrogates."""
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        raise ValidationError("Leave out control characters.")


def printable(text: str) -> None:
    """Refuse what `one_line` refuses, but for line breaks and tabs."""
    one_line(text.translate(str.maketrans("", "", _LINE_BREAKS)))


def flag(**options: Any) -> fields.Boolean:
    """Return a field that is true or false, and no word or number that may stand for it."""
    return fields.Boolean(truthy={True}, falsy={False}, **options)


def an_id(otherwise: str, **options: Any) -> fields.String:
    """Return a field that holds an id as patient makes them; `otherwise` says what it is not."""
    return fields.String(validate=validate.Regexp(r"[0-9a-f]{32}\Z", error=otherwise), **options)


def asked_for(**options: Any) -> fields.String:
    """Return the field `for` of searches and holds: whether whoever books is `new` to the clinic, or `known` (S13)."""
    which = validate.OneOf(("new", "known"), error="Say new or known, or leave it out.")
    return fields.String(data_key="for", validate=which, **options)


def minutes_of_length(**options: Any) -> fields.Integer:
    """Return a field that holds a length in minutes, at most a day."""
    return fields.Integer(strict=True, validate=validate.Range(min=1, max=MOST_MINUTES), **options)


def reasonable_year(moment: date) -> None:
    """Refuse a date or moment so far away that arithmetic with it would overflow."""
    if not _YEARS[0] <= moment.year <= _YEARS[1]:
        raise ValidationError("This is too far away.")


def a_week(**options: Any) -> fields.String:
    """Return a field that holds an ISO week."""
    return fields.String(validate=_is_week, **options)


def _is_week(text: str) -> None:
    try:
        sunday = sunday_of(text)
    except ValueError:
        raise ValidationError("Enter an ISO week: 2026-W49.") from None
    reasonable_year(sunday)


def _is_period(text: str) -> None:
    try:
        days = parse_duration(text).days
    except ValueError:
        days = None
    if days is None or not SHORTEST <= days <= LONGEST:
        raise ValidationError("Enter whole days, a month or more: 365d.")


def page_limit() -> fields.Integer:
    """Return the field of a list's length: 50 by default, 200 at most (CONTRACTS 2)."""
    return fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_IN_A_LIST))


def checked(schema: Schema, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `schema` reads from `sent`; fields that are null count as left out.

    Raises Invalid with `errors` by field, those inside others with dots: `patient.mobile`.
    """
    try:
        loaded: dict[str, Any] = schema.load(_without_nulls(sent))
    except ValidationError as wrong:
        raise Invalid.because("Some fields are wrong; see errors.", errors=dict(_flat(wrong.messages_dict))) from None
    return loaded


def _without_nulls(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {name: _without_nulls(part) for name, part in value.items() if part is not None}


def _flat(messages: Mapping[Any, Any], path: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, found in messages.items():
        here = path if name == "_schema" else f"{path}.{name}".lstrip(".")
        if isinstance(found, Mapping):
            yield from _flat(found, here)
        else:
            yield here, [str(text) for text in found]


class ReconcileSchema(Schema):
    """Which bookings of a clinic, or needs, are compared with what they should be, and whether to put them right.

    Those that start `since` a moment, a page of them, or those that are named.
    """

    since = fields.AwareDateTime(format="iso", load_default=None)
    cursor = fields.String(load_default=None, validate=validate.Length(max=200))
    references = fields.List(
        fields.String(validate=validate.Regexp(r"[0-9A-Za-z]{1,32}\Z")),
        load_default=None,
        validate=validate.Length(max=MOST_IN_A_LIST),
    )
    repair = flag(load_default=False)


class RetentionSchema(Schema):
    """Periods by which it is counted what they would delete, as the clinic document writes them: `365d`.

    Where any is named, only of its kind is told. Without `count` it is only told what was deleted last.
    """

    count = flag(load_default=True)

    class Meta:
        include: ClassVar = {kind: fields.String(validate=_is_period) for kind in KINDS}


def addresses_to_confirm() -> fields.List[str]:
    """Return a field of those addresses of a record that staff know to be the patient's (CONTRACTS 1, Patients)."""
    return fields.List(fields.String(validate=validate.OneOf(ADDRESSES)), validate=validate.Length(max=len(ADDRESSES)))
