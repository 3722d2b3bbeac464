"""The questions about the patient: which fields a clinic asks for, and what is wrong with what was typed.

The booking service decides by the same rules of `shared.identity` (B3, B4, B5); they are asked here as well so that a
patient learns of a slip before the review, with nothing sent yet.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gateway.http.wording import N_
from gateway.views.clinic_view import ClinicView, TypeView
from shared.identity import check_number, normal_email, normal_phone
from shared.language import calendar_date, format_date

REQUIRED, OPTIONAL, HIDDEN = "required", "optional", "hidden"
_LONGEST = {"name": 100, "text": 500, "long_text": 5000, "email": 254, "tel": 40, "identity": 40, "number": 20}

_NUMBERS: Mapping[str, tuple[str, str]] = {
    "se.personnummer": (
        N_("Swedish personal identity number"),
        N_("Personnummer or coordination number, 10 or 12 digits. For example 19850412-1234."),
    ),
    "no.fodselsnummer": (
        N_("Norwegian national identity number"),
        N_("Fødselsnummer or D-number, 11 digits. For example 120485 12345."),
    ),
    "dk.cpr": (N_("Danish CPR number"), N_("10 digits. For example 120485-1234.")),
    "ch.ssn": (
        N_("Swiss AHV/AVS number"),
        N_("13 digits beginning with 756; it stands on your insurance card."),
    ),
    "ir.melli": (N_("Iranian national code"), N_("10 digits, as on your national card.")),
}
_SCHEMES_WITHOUT_BIRTH_DATE = ("none", "ch.ssn", "ir.melli")


@dataclass(frozen=True)
class Field:
    """One question. `name` is the field's name in the API; a date is asked as `name.day`, `.month`, `.year`.

    `known` is the answer where it is proven already: it is shown and not asked for.
    """

    name: str
    kind: str
    label: str
    required: bool
    hint: str | None = None
    autocomplete: str | None = None
    choices: tuple[str, ...] = ()
    known: str | None = None

    @property
    def id(self) -> str:
        """The element that an error links to."""
        return self.name.replace(".", "-")

    @property
    def longest(self) -> int:
        """How many characters may be typed."""
        return _LONGEST.get(self.kind, 200)


@dataclass(frozen=True)
class Checked:
    """What the form came to: the booking call's fields, or texts (English msgids) of what is wrong by field."""

    details: Mapping[str, Any]
    errors: Mapping[str, str]


def fields_for(clinic: ClinicView, type_view: TypeView, mobile: str | None = None) -> list[Field]:
    """Return the questions for a booking of this type, in the order asked; labels of ours are English msgids.

    `mobile` is the one that the patient has proven by a login, if any (B14).
    """
    return [
        *_identity_fields(clinic, type_view),
        *_name_fields(clinic),
        *_contact_fields(clinic, mobile),
        *_own_fields(clinic, type_view),
        *_message_field(clinic),
    ]


def check(
    fields: list[Field], typed: Mapping[str, str], clinic: ClinicView, type_view: TypeView, today: date
) -> Checked:
    """Return the details for `booking.book`, or what is wrong; consent left as it is means yes (B18a)."""
    details: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields:
        try:
            value = _value(field, typed, clinic, today)
        except ValueError as wrong:
            errors[field.name] = str(wrong)
            continue
        if value is None and field.required:
            errors[field.name] = _missing(field)
        elif value is not None:
            _put(details, field.name, value)
    patient = details.setdefault("patient", {})
    for channel in ("sms", "email"):
        if typed.get(f"patient.no_{channel}"):
            patient[f"{channel}_ok"] = False
    return Checked(details, errors)


def answer_text(field: Field, typed: Mapping[str, str], language: str, say: Callable[[str], str]) -> str:
    """Return what was typed as the review shows it; `say` translates."""
    if field.known:
        return field.known
    if field.kind == "date":
        parts = [typed.get(f"{field.name}.{part}", "").strip() for part in ("year", "month", "day")]
        return format_date(_calendar_date(parts, language), language) if all(parts) else ""
    text = typed.get(field.name, "")
    return say({"yes": N_("Yes"), "no": N_("No")}.get(text, text)) if field.kind == "yes_no" else text


def number_field(scheme: str, name: str) -> Field:
    """Return the question for a national number of a scheme, as a field of this name."""
    label, hint = _NUMBERS[scheme]
    return Field(name, "identity", label, True, hint)


def _identity_fields(clinic: ClinicView, type_view: TypeView) -> list[Field]:
    found = []
    if clinic.identity in _NUMBERS:
        found.append(number_field(clinic.identity, "patient.national_id"))
    asks_age = type_view.min_age is not None
    if clinic.identity == "none" or (asks_age and clinic.identity in _SCHEMES_WITHOUT_BIRTH_DATE):
        found.append(Field("patient.birth_date", "date", N_("Date of birth"), True, autocomplete="bday"))
    return found


def _name_fields(clinic: ClinicView) -> list[Field]:
    wanted = clinic.details["name"]
    if wanted == HIDDEN:
        return []
    return [
        Field("patient.first_name", "name", N_("First name"), wanted == REQUIRED, autocomplete="given-name"),
        Field("patient.last_name", "name", N_("Last name"), wanted == REQUIRED, autocomplete="family-name"),
    ]


def _contact_fields(clinic: ClinicView, mobile: str | None) -> list[Field]:
    known = {"mobile": mobile}
    asked = (
        ("mobile", "tel", N_("Mobile telephone"), N_("For your confirmation and reminders by SMS."), "tel"),
        ("email", "email", N_("Email address"), N_("For your confirmation and the calendar entry."), "email"),
    )
    return [
        Field(
            f"patient.{name}", kind, label, clinic.details[name] == REQUIRED, hint, autocomplete, known=known.get(name)
        )
        for name, kind, label, hint, autocomplete in asked
        if clinic.details[name] != HIDDEN
    ]


def _own_fields(clinic: ClinicView, type_view: TypeView) -> list[Field]:
    """Return the clinic's own questions (B5); their labels are the clinic's texts already."""
    return [
        Field(
            f"answers.{row['key']}",
            row["kind"],
            clinic.own_text(row["label"]) or row["key"],
            row["required"],
            choices=tuple(row.get("choices") or ()),
        )
        for row in clinic.fields
        if not row.get("types") or type_view.key in row["types"]
    ]


def _message_field(clinic: ClinicView) -> list[Field]:
    wanted = clinic.details["message"]
    if wanted == HIDDEN:
        return []
    hint = N_("Is there anything that we should know before you come?")
    return [Field("message", "long_text", N_("Message to the clinic"), wanted == REQUIRED, hint)]


def _value(field: Field, typed: Mapping[str, str], clinic: ClinicView, today: date) -> Any:
    """Return the value to send; raise ValueError with a sentence where it cannot be right."""
    if field.known:
        return field.known
    if field.kind == "date":
        return typed_date(field, typed, clinic.language, today)
    text = typed.get(field.name, "").strip()
    if not text:
        return None
    if len(text) > field.longest:
        raise ValueError(N_("This is too long."))
    reader = _READERS.get(field.kind)
    return reader(text, field, clinic, today) if reader else text


def typed_date(field: Field, typed: Mapping[str, str], language: str, today: date) -> str | None:
    """Return the date typed by the reader's calendar in ISO 8601, None for none; ValueError where there is none such.

    A date of birth must not be after `today`.
    """
    parts = [typed.get(f"{field.name}.{part}", "").strip() for part in ("year", "month", "day")]
    if not any(parts):
        return None
    try:
        day = _calendar_date(parts, language)
    except ValueError:
        raise ValueError(N_("Give a real date, with day, month and year.")) from None
    if field.name == "patient.birth_date" and day > today:
        raise ValueError(N_("The date of birth must be in the past."))
    return day.isoformat()


def _calendar_date(parts: list[str], language: str) -> date:
    year, month, day = (int(part) for part in parts)
    return calendar_date(year, month, day, language)


def _identity(text: str, _field: Field, clinic: ClinicView, today: date) -> str:
    check_number(clinic.identity, text, today=today)
    return text


def _phone(text: str, _field: Field, clinic: ClinicView, _today: date) -> str:
    normal_phone(text, clinic.country)
    return text


def _email(text: str, _field: Field, _clinic: ClinicView, _today: date) -> str:
    normal_email(text)
    return text


def _number(text: str, _field: Field, _clinic: ClinicView, _today: date) -> int | float:
    try:
        number = float(text.replace(",", ".").replace("٫", "."))
    except ValueError:
        raise ValueError(N_("Give a number.")) from None
    if number in (float("inf"), float("-inf")) or number != number:
        raise ValueError(N_("Give a number."))
    return int(number) if number == int(number) else number


def _yes_no(text: str, _field: Field, _clinic: ClinicView, _today: date) -> bool:
    return text == "yes"


def _choice(text: str, field: Field, _clinic: ClinicView, _today: date) -> str:
    if text not in field.choices:
        raise ValueError(N_("Choose one of the answers."))
    return text


_READERS: Mapping[str, Callable[[str, Field, ClinicView, date], Any]] = {
    "identity": _identity,
    "tel": _phone,
    "email": _email,
    "number": _number,
    "yes_no": _yes_no,
    "choice": _choice,
}

_MISSING: Mapping[str, str] = {
    "patient.national_id": N_("Give your identity number."),
    "patient.birth_date": N_("Give your date of birth."),
    "patient.first_name": N_("Give your first name."),
    "patient.last_name": N_("Give your last name."),
    "patient.mobile": N_("Give your mobile number."),
    "patient.email": N_("Give your email address."),
    "message": N_("Write a message to the clinic."),
}


def _missing(field: Field) -> str:
    if field.kind in ("choice", "yes_no"):
        return N_("Choose one of the answers.")
    return _MISSING.get(field.name, N_("Answer this question."))


def _put(details: dict[str, Any], name: str, value: Any) -> None:
    group, _, key = name.partition(".")
    if key:
        details.setdefault(group, {})[key] = value
    else:
        details[group] = value
