"""What a patient does to be known, whether by a page or a program: code, login, recall (PRODUCT B14, M2).

Whether a mobile or number is known to a clinic is asked nowhere here, so that no answer can tell.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gateway.access.patient_sessions import LIFETIME_SECONDS
from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.views.clinic_view import login_takes_number
from shared.contracts.errors import BookingOff, Invalid, InvalidNationalId, Refusal, WrongLogin
from shared.identity.numbers import NONE, check_number
from shared.identity.telephones import normal_mobile
from shared.texts.language import choose_language

_TELLING_DIGITS = 10
"""So many last digits of a number tell people apart, and are the same with and without the century."""

_RECALL_FIELDS = 2
"""The code, and one of number and birth date: with both, wrong codes could be tried out on either."""

_NEEDED = "This is required."
_AS_TEXT = "Give it as text."
_EITHER = "Give either the national identity number or the birth date."

Fields = Mapping[str, Any]
Errors = dict[str, list[str]]


@dataclass(frozen=True)
class Claimed:
    """Who somebody says that they are: a mobile in E.164 and, where they gave one, a number `{scheme, number}`."""

    mobile: str
    identity: dict[str, str] | None


@dataclass(frozen=True)
class Login:
    """A session that has begun: its token, and when it ends unless it is used."""

    token: str
    expires: datetime


def send_code(services: Services, request: Request, clinic: str, sent: Fields) -> None:
    """Send a one-time code to `sent["mobile"]`, whether the clinic knows it or not.

    Raises, in this order: NotFound, BookingOff, Invalid, InvalidNationalId, RateLimited, Unavailable or Timeout.
    """
    document = _open_clinic(services, clinic)
    claimed = _claimed(services, document, sent)
    language = choose_language(
        request.headers.get("Accept-Language"), request.values.get("lang"), document["languages"]
    )
    with services.door.guesses.sending(claimed.mobile, request.address, clinic) as digits:
        code = services.door.codes.issue(clinic, claimed.mobile, digits)
        services.notification.in_own_name().send_code(clinic, claimed.mobile, code, language)


def log_in(services: Services, request: Request, clinic: str, sent: Fields) -> Login:
    """Start the session of whoever has the code that was sent to `sent["mobile"]`; the code is then used up.

    Raises, in this order: NotFound, BookingOff, Invalid, InvalidNationalId, RateLimited, WrongLogin; Unavailable.
    """
    document = _open_clinic(services, clinic)
    claimed = _claimed(services, document, sent, "code")
    door, code = services.door, _plain(sent["code"])
    with door.guesses.of_login(claimed.mobile, request.address, clinic) as digits:
        if len(code) < digits or not door.codes.use(clinic, claimed.mobile, code):
            raise WrongLogin.because("The code is wrong or no longer valid.")
    token = door.patients.start(clinic, claimed.mobile, claimed.identity)
    now = services.clock.now().astimezone(ZoneInfo(document["time_zone"]))
    return Login(token, now + timedelta(seconds=LIFETIME_SECONDS))


def open_recall(services: Services, request: Request, sent: Fields) -> dict[str, Any]:
    """Return what a recall's code opens: `{manage_token}`, or `{token, clinic, need}` for a need without a time.

    Raises Invalid, RateLimited, WrongLogin, and what booking refuses of a recall that was found; Unavailable.
    """
    errors: Errors = {}
    given = {name: _text(sent, name, errors, required=name == "code") for name in ("national_id", "birth_date", "code")}
    given = {name: text for name, text in given.items() if text}
    if not errors and len(given) != _RECALL_FIELDS:
        errors = {"national_id": [_EITHER]}
    if errors:
        raise _invalid(errors)
    holder = given.get("national_id") or _as_one_date(given["birth_date"])
    with services.door.guesses.of_recall(_same_however_written(holder), request.address):
        found: dict[str, Any] = services.booking.open_recall(**given)
    return found


def _open_clinic(services: Services, clinic: str) -> dict[str, Any]:
    """Return the clinic's document; refuse with the number to call where nothing of it is on the web (B1)."""
    document = services.documents.get(clinic).document
    if not document["booking"]["active"]:
        phone = (document["contact"] or {}).get("phone")
        raise BookingOff.because("Online booking is switched off; call the clinic.", phone=phone)
    return document


def _claimed(services: Services, document: Fields, sent: Fields, *also: str) -> Claimed:
    """Return who `sent` says to be; `also` names other texts that must be there."""
    errors: Errors = {}
    mobile = _text(sent, "mobile", errors, required=True)
    number = _text(sent, "national_id", errors, required=login_takes_number(document))
    for name in also:
        _text(sent, name, errors, required=True)
    if mobile:
        try:
            mobile = normal_mobile(mobile, document["country"])
        except ValueError as wrong:
            errors["mobile"] = [str(wrong)]
    if errors:
        raise _invalid(errors)
    return Claimed(mobile, _identity(services, document, number))


def _text(sent: Fields, name: str, errors: Errors, *, required: bool) -> str:
    value = sent.get(name)
    if value is not None and not isinstance(value, str):
        errors[name] = [_AS_TEXT]
    elif required and not (value or "").strip():
        errors[name] = [_NEEDED]
    else:
        return (value or "").strip()
    return ""


def _invalid(errors: Errors) -> Refusal:
    return Invalid.because("Some of the details are missing or wrong.", errors=errors)


def _identity(services: Services, document: Fields, number: str) -> dict[str, str] | None:
    """Return the national number in its one form; a clinic that asks for none gets none."""
    scheme = document["identity"]
    if not number or scheme == NONE:
        return None
    today = services.clock.now().astimezone(ZoneInfo(document["time_zone"])).date()
    try:
        return {"scheme": scheme, "number": check_number(scheme, number, today=today, test_numbers=True)}
    except ValueError as wrong:
        raise InvalidNationalId.because(str(wrong), errors={"national_id": [str(wrong)]}) from None


def _plain(code: str) -> str:
    """Return a code's digits as ASCII, whatever script, spaces, dashes and direction marks it was typed with."""
    kept = (sign for sign in code if unicodedata.category(sign) not in {"Zs", "Cf", "Pd"})
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in kept)


def _as_one_date(text: str) -> str:
    """Return a date in the one form of all that ISO 8601 knows; what is none stays as it is, for booking to refuse."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return text


def _same_however_written(number: str) -> str:
    """Return what is counted for a number or birth date: the same with or without signs, gaps and century."""
    return "".join(sign for sign in _plain(number) if sign.isdigit())[-_TELLING_DIGITS:]
