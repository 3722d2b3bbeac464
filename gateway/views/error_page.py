"""Refusals that meet a person before any page of a clinic could: a wrong address, an old link, a service away."""

import re
from typing import Any

from werkzeug.wrappers import Response

from gateway.http.answers import refusal_headers, status_of
from gateway.http.request import Request
from gateway.http.wording import N_, reader_language, sentence_of, title_of
from gateway.views.rendering import page
from shared.contracts.errors import Refusal

_HEADINGS = {
    "malformed": N_("This did not work"),
    "invalid": N_("This did not work"),
    "not_found": N_("This page does not exist"),
    "gone": N_("This link is no longer valid"),
    "unavailable": N_("This is not working right now"),
    "timeout": N_("This is taking too long right now"),
    "internal_error": N_("Something went wrong on our side"),
}
_ADDRESS = N_("Please check the address. If you followed a link in a message, open it from there again.")
_EXPLANATIONS = {
    "malformed": _ADDRESS,
    "invalid": N_("Please go back, check what you entered and try again."),
    "not_found": _ADDRESS,
    "gone": N_("Links to an appointment stop working 30 days after it."),
}
_FIELD = re.compile(r"[a-z_]{1,30}(\.[a-z0-9_-]{1,60})?")
"""A field of a page's form: a choice (`type`), or what was typed (`patient.mobile`, `answers.fear`)."""

_MOST_FIELDS = 60
_LONGEST = 5000
_SECRETS = ("password",)
"""What is typed anew rather than shown again, be it hidden."""
_LOST = ("not_found", "gone")
_PASSING = ("unavailable", "timeout", "rate_limited", "internal_error")


def error_page(request: Request, refusal: Refusal) -> Response:
    """Return the page for a refusal; what was sent is kept, so that trying again loses nothing."""
    language = reader_language(request.headers.get("Accept-Language"), request.args.get("lang"))
    heading, explanation = explained(refusal, language)
    context = {
        "heading": heading,
        "explanation": explanation,
        "is_lost": refusal.code in _LOST,
        "can_retry": refusal.code in _PASSING and request.method in ("GET", "POST"),
        "path": request.path,
        **to_repeat(request),
    }
    ancestors = ("*",) if request.may_be_framed else ("'none'",)  # of which clinic it is may be what failed
    response = page("views/error.html", language, context, status=status_of(refusal), frame_ancestors=ancestors)
    response.headers.extend(refusal_headers(refusal))
    response.vary.add("Accept-Language")
    return response


def explained(refusal: Refusal, language: str) -> tuple[str, str]:
    """Return the heading for a refusal, and what the reader can do."""
    heading = _HEADINGS.get(refusal.code) or title_of(refusal.code, language)
    return heading, _EXPLANATIONS.get(refusal.code) or sentence_of(refusal, language)


def to_repeat(request: Request) -> dict[str, Any]:
    """Return what `try_again.html` needs besides the path: the fields that were posted, or the address to load.

    Nothing of it is sent by itself, unless who asks gives it a `turn`.
    """
    return {
        "turn": None,
        "again": _typed(request) if request.method == "POST" else [],
        "address": request.full_path.rstrip("?"),
    }


def _typed(request: Request) -> list[tuple[str, str]]:
    """Return what our own forms can have sent; whatever else somebody's form holds is not shown again."""
    ours = ((name, text) for name, text in request.form.items() if _FIELD.fullmatch(name) and name not in _SECRETS)
    return [(name, text[:_LONGEST]) for name, text in ours][:_MOST_FIELDS]
