"""The booking behind a personal link as a calendar file, for whoever got no email (RFC 5545)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from gateway.views.clinic_view import ClinicView
from gateway.views.rendering import moment
from shared.texts.invitation import CANCEL, PUBLISH, Invitation, Party, attachment, uid_of


def calendar_file(
    booking: Mapping[str, Any], clinic: ClinicView, link: str | None, public_url: str, now: datetime
) -> Response:
    """Return the download; of a cancelled booking one that takes it out of the calendar again.

    The file replaces what the email's has put into the calendar, and is replaced by the next one's.
    """
    practitioner = clinic.practitioners.get(booking["practitioner"])
    contact = clinic.contact
    file = attachment(
        Invitation(
            method=CANCEL if booking["status"] == "cancelled" else PUBLISH,
            uid=uid_of(clinic.key, booking["reference"]),
            sequence=booking["version"] - 1,
            stamp=now,
            start=moment(booking["start"]),
            end=moment(booking["end"]),
            summary=f"{clinic.aliases.get(booking['type'], booking['type'])}, {clinic.name}",
            location=", ".join(filter(None, (clinic.name, contact.get("address")))),
            description="\n".join(
                filter(None, (practitioner.name if practitioner else None, contact.get("phone"), link))
            ),
            url=link,
            organizer=Party(clinic.name, contact.get("email") or f"no-reply@{urlsplit(public_url).hostname}"),
        )
    )
    response = Response(file["content"], content_type=file["type"])
    response.headers["Content-Disposition"] = f'attachment; filename="{file["name"]}"'
    return response
