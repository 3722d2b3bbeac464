"""The review, the confirmation, and what was booked (B2, B13)."""

import secrets
from collections.abc import Mapping
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.public.booking.confirmation import book_once, booked_by, confirmed_context, receipt_of
from gateway.public.booking.progress import BOOKED, REVIEW
from gateway.public.booking.under_way import UnderWay
from shared.contracts.errors import Invalid, InvalidNationalId


def has_booked(way: UnderWay) -> bool:
    """Tell whether the time of this very address was booked already: by a double click, before going back (B13)."""
    return bool(way.draft["hold"]) and way.draft.receipt.get("hold") == way.draft["hold"]


def to_booked(way: UnderWay) -> Response:
    """Return the way to what was booked already."""
    return redirect(way.draft.anew(way.path, go=BOOKED), 303)


def review(way: UnderWay) -> Response:
    """Return the review, or the form where something is wrong in it. Raises UnderAge."""
    about = way.about
    checked = about.checked()
    if checked.errors:
        return way.show_details(checked.errors)
    about.require_age(checked)
    return way.show(
        "public/review.html",
        step=REVIEW,
        fields=about.fields,
        person=about.person,
        key=secrets.token_urlsafe(16),
        **way.held.left(way.draft),
    )


def confirm(way: UnderWay) -> Response | None:
    """Book, and note in the draft what was booked; return the form where something is wrong in it."""
    checked = way.about.checked()
    if checked.errors:
        return way.show_details(checked.errors)
    try:
        booked = _book(way, checked.details)
    except (Invalid, InvalidNationalId) as refusal:
        return way.show_details({field: texts[0] for field, texts in refusal.extra.get("errors", {}).items()})
    patient = {"mobile": way.known.mobile, **checked.details["patient"]}
    way.draft = way.draft.with_receipt(receipt_of(booked, patient, way.draft["hold"]))
    return None


def booked_page(way: UnderWay) -> Response:
    """Return what was booked just now, and what happens next."""
    booked, patient = booked_by(way.draft.receipt)
    way.draft = way.draft.with_choices(type=booked["type"])
    shown = confirmed_context(booked, way.clinic, way.document["channels"]["booked"], patient, way.now)
    tracked = way.tracking.image("completed", booked["reference"])
    return way.show("public/confirmed.html", tracked=tracked, **shown)


def _book(way: UnderWay, details: Mapping[str, Any]) -> dict[str, Any]:
    fields = {**way.chosen.wanted(), "start": way.draft["start"], "language": way.clinic.language, **details}
    key = str(way.request.form.get("key", "")[:100])
    return book_once(way.services, way.request.address, way.clinic.key, fields, way.draft, key)
