"""The outbox of an installation without providers: every SMS and email that would have gone out, readable (N5)."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Response

from gateway.booking_page import Services
from gateway.rendering import moment, page
from gateway.request import Request
from gateway.wording import reader_language
from shared.contracts.errors import NotFound

_NEWEST = 100


@dataclass(frozen=True)
class Listed:
    """One message in the list."""

    clinic: str
    clinic_name: str
    message: Mapping[str, Any]
    at: datetime


class OutboxPage:
    """Answers requests for `/outbox`; raises NotFound for readers that are not on this machine."""

    def __init__(self, services: Services, request: Request) -> None:
        if not ipaddress.ip_address(request.address).is_loopback:
            raise NotFound.because("There is nothing at this address.")
        self._services = services
        self._language = reader_language(request.headers.get("Accept-Language"), request.args.get("lang"))

    def listing(self) -> Response:
        """Return all clinics' messages, newest first."""
        found = [listed for clinic in self._clinics() for listed in self._messages(clinic)]
        found.sort(key=lambda listed: listed.at, reverse=True)
        return page("outbox.html", self._language, {"messages": found[:_NEWEST]})

    def message(self, clinic: str, id: str) -> Response:
        """Return one message as its reader would see it."""
        found = self._services.notification.message(clinic, id)
        names = {row["clinic"]: row["name"] for row in self._clinics()}
        context = {
            "clinic_key": clinic,
            "clinic_name": names.get(clinic, clinic),
            "message": found,
            "at": moment(found["at"]),
        }
        return page("outbox_message.html", self._language, context)

    def attachment(self, clinic: str, id: str, number: int) -> Response:
        """Return an attachment as a file to keep."""
        attachments = self._services.notification.message(clinic, id).get("attachments") or []
        if number >= len(attachments):
            raise NotFound.because("The message has no such attachment.")
        found = attachments[number]
        response = Response(found["content"], content_type=found["type"])
        response.headers.add("Content-Disposition", "attachment", filename=found["name"])
        return response

    def _clinics(self) -> list[Mapping[str, str]]:
        return list(self._services.availability.clinics()["clinics"])

    def _messages(self, clinic: Mapping[str, str]) -> list[Listed]:
        answer = self._services.notification.messages(clinic["clinic"], limit=_NEWEST)
        return [Listed(clinic["clinic"], clinic["name"], row, moment(row["at"])) for row in answer["messages"]]
