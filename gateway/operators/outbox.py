"""The outbox of an installation without providers: every SMS and email that would have gone out, readable (N5).

Where one channel goes by a provider, only the other's messages are here; where both do, there is no such page. It is
read without a login at the machine itself: `PUBLIC_URL` must be of the loopback, since a proxy on the same machine may
not tell that it is one; the connection must come from the loopback, by a loopback name (so that no other site's name
can be pointed at it), and not through a proxy that does tell. Elsewhere it takes a login of the installation's staff,
who belong to no clinic alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.proxies import is_at_this_machine, is_loopback
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.http.wording import reader_language
from gateway.views.letters import attachment, letter
from gateway.views.rendering import moment, page
from shared.actor import Actor
from shared.contracts.errors import Forbidden, NotFound
from shared.settings import Settings

_AT_ONCE = 50


@dataclass(frozen=True)
class Listed:
    """One message in the list."""

    message: Mapping[str, Any]
    clinic_name: str
    at: datetime


class OutboxPage:
    """Answers requests for `/outbox`; raises NotFound where nothing stays in the house, else what forbids reading."""

    def __init__(self, services: Services, request: Request) -> None:
        self._kept = _channels_kept(services.settings)
        if not self._kept:
            raise NotFound.because("There is nothing at this address.")
        if not _may_be_read(request, services.settings):
            _require_staff_of_installation(services, request)
        services.caller.act_as(Actor(kind="service", id="gateway", source=f"outbox {request.address}"))
        self._services = services
        self._cursor = request.args.get("cursor")
        self._language = reader_language(request.headers.get("Accept-Language"), request.args.get("lang"))

    def listing(self) -> Response:
        """Return a page of all clinics' messages, newest first."""
        names = self._clinic_names()
        channel = self._kept[0] if len(self._kept) == 1 else None
        query = {"limit": _AT_ONCE, "channel": channel, "cursor": self._cursor}
        found = self._services.notification.messages(None, **query)
        listed = [Listed(row, names.get(row["clinic"], row["clinic"]), moment(row["at"])) for row in found["messages"]]
        context = {"messages": listed, "next": found["next"], "later": self._cursor}
        return page("operators/outbox.html", self._language, context)

    def message(self, id: str) -> Response:
        """Return one message as its reader would see it."""
        found = self._kept_message(id)
        name = self._clinic_names().get(found["clinic"], found["clinic"])
        context = {"message": found, "clinic_name": name, "at": moment(found["at"])}
        return page("operators/outbox_message.html", self._language, context, frames=("'self'",))

    def letter(self, id: str) -> Response:
        """Return an email's HTML by itself, as a mail reader shows it."""
        return letter(self._kept_message(id))

    def attachment(self, id: str, number: int) -> Response:
        """Return an attachment as a file to keep."""
        return attachment(self._kept_message(id), number)

    def _kept_message(self, id: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._services.notification.message(None, id)
        if found["channel"] not in self._kept:
            raise NotFound.because("The outbox has no such message.")
        return found

    def _clinic_names(self) -> dict[str, str]:
        return {row["clinic"]: row["name"] for row in self._services.availability.clinics()["clinics"]}


def _channels_kept(settings: Settings) -> tuple[str, ...]:
    """Return the channels that no provider sends."""
    providers = {"sms": settings.twilio, "email": settings.sendgrid}
    return tuple(channel for channel, provider in providers.items() if provider is None)


def _require_staff_of_installation(services: Services, request: Request) -> None:
    """Raise LoginRequired without a staff session, Forbidden for staff of single clinics."""
    if services.door.sessions.open(request.bearer()).account.places is not None:
        raise Forbidden.because("The outbox holds the messages of all clinics.")


def _may_be_read(request: Request, settings: Settings) -> bool:
    """Tell whether who sits at this machine asks for what is this machine's own, by one of its own names."""
    names = (_host_of(request.headers.get("Host", "")), _host_of(settings.public_url.partition("//")[2]))
    return is_at_this_machine(request) and all(map(is_loopback, names))


def _host_of(named: str) -> str:
    """Return the host that a request names, without its port; nothing where it has not even the form of one."""
    try:
        return urlsplit(f"//{named}").hostname or ""
    except ValueError:
        return ""


def outbox(services: Services, request: Request) -> Response:
    """Show what went out, where no provider sends it."""
    return OutboxPage(services, request).listing()


def outbox_message(services: Services, request: Request, id: str) -> Response:
    """Show one message."""
    return OutboxPage(services, request).message(id)


def outbox_letter(services: Services, request: Request, id: str) -> Response:
    """Show an email's HTML."""
    return OutboxPage(services, request).letter(id)


def outbox_attachment(services: Services, request: Request, id: str, number: int) -> Response:
    """Send an attachment."""
    return OutboxPage(services, request).attachment(id, number)


ROUTES = (
    Route("GET", "/outbox", outbox),
    Route("GET", "/outbox/<id>", outbox_message),
    Route("GET", "/outbox/<id>/letter", outbox_letter),
    Route("GET", "/outbox/<id>/attachments/<int:number>", outbox_attachment),
)
