"""The questions about the patient: which fields a clinic asks for, and what is wrong with what was typed.

The booking service decides by the same rules of `shared.identity` (B3, B4, B5); they are asked here as well so that a
patient learns of a slip before the review, with nothing sent yet.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gateway.http.wording import N_
from gateway.views.clinic_view import ClinicView, TypeView
from gateway.views.fields import NUMBERS, Field, number_field, typed_date
from shared.clinic.questions import questions_for
from shared.clinic.sms_countries import who_hears_nothing
from shared.identity.emails import normal_email
from shared.identity.names import normal_name
from shared.identity.numbers import NONE, age_on, birth_date, carries_birth_dates, check_number
from shared.identity.telephones import normal_mobile

REQUIRED, OPTIONAL, HIDDEN = "required", "optional", "hidden"
_NUMBER = "patient.national_id"


@dataclass(frozen=True)
class Checked:
    """What the form came to: the booking call's fields, or texts (English msgids) of what is wrong by field."""

    details: Mapping[str, Any]
    errors: Mapping[str, str]


def fields_for(
    clinic: ClinicView,
    type_view: TypeView,
    typed: Mapping[str, str],
    today: date,
    mobile: str | None = None,
    *,
    lacking: Collection[str] | None = None,
) -> list[Field]:
    """Return the questions for a booking of this type, in the order asked; labels of ours are English msgids.

    `typed` are the answers so far, since one may bring up another question. `mobile` is the one that the patient has
    proven by a login, if any (B14). Of whoever is known by name, `lacking` is what the clinic wants and does not have:
    nothing else of them is asked (B22).
    """
    if lacking is not None:
        lacked = [each for each in _contact_fields(clinic, mobile) if each.name in lacking]
        return [*lacked, *_own_fields(clinic, type_view), *_message_field(clinic)]
    return [
        *_identity_fields(clinic, type_view, typed.get(_NUMBER, ""), today),
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
    return Checked(details, {**_who_hears_nothing(patient, clinic), **errors})


def is_old_enough(details: Mapping[str, Any], clinic: ClinicView, type_view: TypeView, day: date, today: date) -> bool:
    """Tell whether the patient has the type's age on the day; of whom no birth date is known, booking decides (B8)."""
    patient = details["patient"]
    number, born = patient.get("national_id"), None
    if given := patient.get("birth_date"):
        born = date.fromisoformat(given)
    elif number and clinic.identity in NUMBERS:
        born = birth_date(clinic.identity, check_number(clinic.identity, number, today=today, test_numbers=True))
    return type_view.min_age is None or born is None or age_on(born, day) >= type_view.min_age


def _who_hears_nothing(patient: Mapping[str, Any], clinic: ClinicView) -> dict[str, str]:
    """Return what is wrong where the mobile is of a country to which no SMS go, and no email is given, by field."""
    mobile = patient.get("mobile")
    number = normal_mobile(mobile, clinic.country) if mobile else None
    asks_for_email = clinic.details["email"] != HIDDEN
    wrong = who_hears_nothing(number, patient.get("email"), clinic.sms_countries, asks_for_email=asks_for_email)
    return {f"patient.{name}": sentence for name, sentence in wrong.items()}


def _identity_fields(clinic: ClinicView, type_view: TypeView, number: str, today: date) -> list[Field]:
    found = []
    if clinic.identity in NUMBERS:
        found.append(number_field(clinic.identity, _NUMBER))
    asks_age = type_view.min_age is not None
    if clinic.identity == NONE or (asks_age and not _tells_birth_date(clinic.identity, number, today)):
        found.append(Field("patient.birth_date", "date", N_("Date of birth"), True, autocomplete="bday"))
    return found


def _tells_birth_date(scheme: str, number: str, today: date) -> bool:
    """Tell whether nothing but the number need be asked; one that is not typed yet, or wrong, is taken to tell it."""
    if not carries_birth_dates(scheme):
        return False
    try:
        return birth_date(scheme, check_number(scheme, number, today=today, test_numbers=True)) is not None
    except ValueError:
        return True


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
        ("mobile", "tel", N_("Mobile number"), N_("We send your confirmation and reminders to this number."), "tel"),
        (
            "email",
            "email",
            N_("Email address"),
            N_("We send your confirmation and a calendar entry to this address."),
            "email",
        ),
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
            choices=tuple(clinic.own_text(choice) or "" for choice in row.get("choices") or ()),
        )
        for row in questions_for(clinic.fields, type_view.key)
    ]


def _message_field(clinic: ClinicView) -> list[Field]:
    wanted = clinic.details["message"]
    if wanted == HIDDEN:
        return []
    hint = N_("Is there anything we should know before you come?")
    return [Field("message", "long_text", N_("Message to the clinic"), wanted == REQUIRED, hint)]


def _value(field: Field, typed: Mapping[str, str], clinic: ClinicView, today: date) -> Any:
    """Return the value to send; raise ValueError with a sentence where it cannot be right."""
    if field.known:
        return field.known
    if field.kind == "date":
        return _date(field, typed, clinic, today)
    text = typed.get(field.name, "").strip()
    if not text:
        return None
    if len(text) > field.longest:
        raise ValueError(N_("This is too long."))
    reader = _READERS.get(field.kind)
    return reader(text, field, clinic, today) if reader else text


def _date(field: Field, typed: Mapping[str, str], clinic: ClinicView, today: date) -> str | None:
    day = typed_date(field, typed, clinic.language)
    if day and field.name == "patient.birth_date" and day > today:
        raise ValueError(N_("The date of birth cannot be in the future."))
    return day.isoformat() if day else None


def _identity(text: str, _field: Field, clinic: ClinicView, today: date) -> str:
    check_number(clinic.identity, text, today=today, test_numbers=True)  # whether those are right, booking knows
    return text


def _name(text: str, _field: Field, _clinic: ClinicView, _today: date) -> str:
    normal_name(text)
    return text


def _phone(text: str, _field: Field, clinic: ClinicView, _today: date) -> str:
    normal_mobile(text, clinic.country)
    return text


def _email(text: str, _field: Field, _clinic: ClinicView, _today: date) -> str:
    normal_email(text)
    return text


def _number(text: str, _field: Field, _clinic: ClinicView, _today: date) -> int | float:
    try:
        number = float(text.replace(",", ".").replace("٫", "."))
    except ValueError:
        raise ValueError(N_("Enter a number.")) from None
    if number in (float("inf"), float("-inf")) or number != number:
        raise ValueError(N_("Enter a number."))
    return int(number) if number == int(number) else number


def _yes_no(text: str, _field: Field, _clinic: ClinicView, _today: date) -> bool:
    return text == "yes"


def _choice(text: str, field: Field, _clinic: ClinicView, _today: date) -> str:
    if text not in field.choices:
        raise ValueError(N_("Choose one of the answers."))
    return text


_READERS: Mapping[str, Callable[[str, Field, ClinicView, date], Any]] = {
    "identity": _identity,
    "name": _name,
    "tel": _phone,
    "email": _email,
    "number": _number,
    "yes_no": _yes_no,
    "choice": _choice,
}

_MISSING: Mapping[str, str] = {
    _NUMBER: N_("Enter your identity number."),
    "patient.birth_date": N_("Enter your date of birth."),
    "patient.first_name": N_("Enter your first name."),
    "patient.last_name": N_("Enter your last name."),
    "patient.mobile": N_("Enter your mobile number."),
    "patient.email": N_("Enter your email address."),
    "message": N_("Enter a message to the clinic."),
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
