"""The booking behind a personal link as a calendar file, for whoever got no email (RFC 5545)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from gateway.http.answers import attached
from gateway.public.own_calendar import entry_of
from gateway.views.clinic_view import ClinicView
from gateway.views.rendering import moment
from shared.texts.invitation import CANCEL, PUBLISH, Invitation, Party, attachment, uid_of

_ALARM = timedelta(hours=2)


def calendar_file(
    booking: Mapping[str, Any], clinic: ClinicView, link: str | None, public_url: str, now: datetime
) -> Response:
    """Return the download; of a cancelled booking one that takes it out of the calendar again.

    The file replaces what the email's has put into the calendar, and is replaced by the next one's.
    """
    start, end = moment(booking["start"]), moment(booking["end"])
    entry = entry_of(clinic, booking["type"], booking["practitioner"], start, end, link)
    contact = clinic.contact.get("email") or f"no-reply@{urlsplit(public_url).hostname}"
    file = attachment(
        Invitation(
            method=CANCEL if booking["status"] == "cancelled" else PUBLISH,
            uid=uid_of(clinic.key, booking["reference"]),
            sequence=booking["version"] - 1,
            stamp=now,
            start=entry.start,
            end=entry.end,
            summary=entry.summary,
            location=entry.location,
            description=entry.description,
            url=link,
            organizer=Party(clinic.name, contact),
            alarm=_ALARM,
        )
    )
    return attached(Response(file["content"], content_type=file["type"]), file["name"])
