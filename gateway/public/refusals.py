"""What a patient sees when something is refused: what happened, in plain words, and the way on."""

from typing import Any, Protocol

from werkzeug.wrappers import Response

from gateway.http.answers import refusal_headers, status_of
from gateway.http.request import Request
from gateway.http.wording import N_, ONLY_FOR_KNOWN, WORDS
from gateway.views.clinic_view import ClinicView
from gateway.views.error_page import to_repeat
from gateway.views.rendering import moment
from shared.contracts.errors import Refusal
from shared.texts.language import format_length

TIME_CODES = ("slot_taken", "slot_held", "slot_not_offered", "hold_expired")
_PASSING_CODES = ("busy", "unavailable", "timeout", "rate_limited")
_CORRECTABLE_CODES = ("under_age", "new_patients_refused", "no_open_need")
_OFF_CODES = ("booking_off", "function_off")

HEADINGS = {
    "slot_taken": N_("This time has just been taken"),
    "slot_held": N_("Somebody else is booking this time"),
    "slot_not_offered": N_("This time cannot be booked"),
    "hold_expired": N_("This time is no longer held for you"),
    "booking_off": N_("Online booking is closed"),
    "function_off": N_("This cannot be done online"),
    "too_late": N_("It is too late to change this appointment online"),
    "already_cancelled": N_("This appointment is already cancelled"),
    "not_changeable": N_("This appointment cannot be changed online"),
    "under_age": N_("Please call us to book this appointment"),
    "new_patients_refused": N_("Please call us to book your first appointment"),
    "only_for_known": N_("This time is for existing patients"),
    "no_open_need": N_("Please call us to book this appointment"),
    "need_expired": N_("Please call us to book this appointment"),
    "busy": N_("Many people are booking right now"),
    "unavailable": N_("This is not working right now"),
    "timeout": N_("This is taking too long right now"),
    "rate_limited": N_("Please wait a moment"),
}
EXPLANATIONS = {
    "no_open_need": N_(
        "This appointment is by invitation only, and we cannot find an invitation for you. "
        "Call us and we will help you."
    ),
    "need_expired": N_(
        "The deadline for booking this appointment yourself has passed. Call us and we will find a time together."
    ),
    "booking_off": N_("Online booking at this clinic is closed at the moment. Please call us to book, move or cancel."),
    "function_off": N_("The clinic does not offer this online. We are happy to help you by telephone."),
    "new_patients_refused": N_(
        "Online booking is for existing patients only. If you are new, you are welcome to call us."
    ),
    "only_for_known": ONLY_FOR_KNOWN,
    "under_age": N_(
        "This appointment can only be booked online from a certain age. We are happy to help you by telephone."
    ),
}

_NOT_FOUND = N_("We cannot find you among our patients")
_NOT_FOUND_NOW = N_(
    "The details you entered do not match any of our patients. Please check them. "
    "If you have not been here before, or they are right, call us and we will help you."
)
_NOT_FOUND_AT_THIS_TIME = N_(
    "The details you entered do not match any of our patients, and nobody who takes new patients is available at this "
    "time. Choose another time, or call us and we will help you."
)

_CHANGED_OFTEN = N_("This appointment has been changed many times")
_CALL_TO_CHANGE = N_(
    "You can change it online again in an hour at the latest. If it cannot wait, call us and we will help you."
)


class Show(Protocol):
    """Draws a template with what all pages of its kind show."""

    def __call__(self, template: str, *, status: int, **context: Any) -> Response:
        """Return the page."""
        ...


def explained(code: str) -> tuple[str, str]:
    """Return the heading for a refusal of this code, and what the patient can do, as msgids."""
    return HEADINGS[code], EXPLANATIONS[code] if code in EXPLANATIONS else WORDS[code].sentence


def is_of_the_time(refusal: Refusal) -> bool:
    """Tell whether a refusal concerns the chosen time alone: another one may do."""
    return refusal.code in TIME_CODES or _is_for_known_alone(refusal)


def _is_for_known_alone(refusal: Refusal) -> bool:
    """Tell whether new patients are refused this time alone, and others are offered (S13)."""
    return refusal.code == "new_patients_refused" and bool(refusal.extra.get("alternatives"))


def waiting_time(limited: Refusal, language: str) -> str:
    """Return how long to wait after too many attempts, in whole minutes and words."""
    minutes = -(-int(limited.extra.get("retry_after", 60)) // 60)
    return format_length(max(1, minutes), language)


def refused_page(
    refusal: Refusal,
    clinic: ClinicView,
    request: Request,
    show: Show,
    *,
    typed: bool = False,
    said_known: bool = False,
) -> Response:
    """Return the page for a refusal that a patient may meet on the way; raise what should not happen to them.

    `typed` says whether there are details that could be corrected, `said_known` that they say to have been here before.
    """
    if refusal.code not in HEADINGS:
        raise refusal
    heading, explanation = explained("only_for_known" if _is_for_known_alone(refusal) else refusal.code)
    if said_known and typed and refusal.code == "new_patients_refused":
        heading = _NOT_FOUND
        explanation = _NOT_FOUND_AT_THIS_TIME if _is_for_known_alone(refusal) else _NOT_FOUND_NOW
    template = "public/stopped.html"
    if is_of_the_time(refusal):
        template = "public/taken.html"
    elif refusal.code in _PASSING_CODES:
        template = "public/trouble.html"
    alternatives = refusal.extra.get("alternatives") or []
    context = {
        "heading": heading,
        "explanation": explanation,
        "phone": refusal.extra.get("phone") or clinic.contact.get("phone"),
        "alternatives": [(slot["start"], moment(slot["start"], clinic.zone)) for slot in alternatives],
        "correctable": typed and refusal.code in _CORRECTABLE_CODES,
        "is_off": refusal.code in _OFF_CODES,
        "wait": waiting_time(refusal, clinic.language) if refusal.code == "rate_limited" else None,
        **to_repeat(request),
        "turn": refusal.extra["retry_after"] if refusal.code == "busy" else None,
    }
    response = show(template, status=status_of(refusal), **context)
    response.headers.extend(refusal_headers(refusal))
    return response


def changed_often_page(limited: Refusal, clinic: ClinicView, show: Show) -> Response:
    """Return the page for who has moved or cancelled too often within an hour: whom to ring, and the way back."""
    context = {
        "heading": _CHANGED_OFTEN,
        "explanation": _CALL_TO_CHANGE,
        "phone": clinic.contact.get("phone"),
        "correctable": False,
        "is_off": False,
    }
    response = show("public/stopped.html", status=limited.status, **context)
    response.headers.extend(refusal_headers(limited))
    return response
