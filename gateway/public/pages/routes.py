"""The patients' pages: which address shows what. What each page does stands in the module of its name."""

from pathlib import Path

from werkzeug.wrappers import Response

from gateway.api.routes import refusal_page, route
from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.http.wording import reader_language
from gateway.operators.outbox import OutboxPage
from gateway.public.booking.page import BookingPage
from gateway.public.pages.manage import ManagePage
from gateway.public.pages.my import MyPage
from gateway.public.pages.need import NeedPage
from gateway.public.pages.recall import RecallPage
from gateway.views.error_page import error_page
from gateway.views.rendering import page
from shared.contracts.errors import NotFound, Refusal
from shared.links import need_of

STATIC = Path(__file__).parents[2] / "views" / "static"
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class Pages(Services):
    """Routes of the pages, for the gateway's service class."""

    @route("GET", "/")
    def clinics_page(self, request: Request) -> Response:
        """Show the clinics whose booking is open."""
        language = reader_language(request.headers.get("Accept-Language"), request.args.get("lang"))
        listed = [row for row in self.availability.clinics()["clinics"] if row.get("active", True)]
        return page("clinics.html", language, {"clinics": listed})

    @route("GET", "/<clinic>")
    @route("POST", "/<clinic>")
    def booking_page(self, request: Request, clinic: str) -> Response:
        """Show the step of a booking that the request asks for."""
        return BookingPage(self, request, clinic).answer()

    @route("GET", "/<clinic>/my")
    @route("POST", "/<clinic>/my")
    def my_page(self, request: Request, clinic: str) -> Response:
        """Show a patient's own bookings and needs, after a login."""
        return MyPage(self, request, clinic).answer()

    @route("GET", "/recall")
    @route("POST", "/recall")
    def recall_page(self, request: Request) -> Response:
        """Open what the code of a card on paper opens."""
        return RecallPage(self, request).answer()

    @route("GET", "/m/<token>")
    @route("POST", "/m/<token>")
    def manage_page(self, request: Request, token: str) -> Response:
        """Show the booking behind a personal link, or what there is to book behind a recall's."""
        if need_of(self.settings.link_key, token):
            return NeedPage(self, request, token).answer()
        return ManagePage(self, request, token).answer()

    @route("GET", "/m/<token>/calendar.ics")
    def calendar_file(self, request: Request, token: str) -> Response:
        """Send the booking behind a personal link as a calendar file."""
        return ManagePage(self, request, token).calendar_file()

    @route("GET", "/outbox")
    def outbox_page(self, request: Request) -> Response:
        """Show what went out, where no provider sends it."""
        return OutboxPage(self, request).listing()

    @route("GET", "/outbox/<id>")
    def outbox_message_page(self, request: Request, id: str) -> Response:
        """Show one message."""
        return OutboxPage(self, request).message(id)

    @route("GET", "/outbox/<id>/letter")
    def outbox_letter(self, request: Request, id: str) -> Response:
        """Show an email's HTML."""
        return OutboxPage(self, request).letter(id)

    @route("GET", "/outbox/<id>/attachments/<int:number>")
    def outbox_attachment(self, request: Request, id: str, number: int) -> Response:
        """Send an attachment."""
        return OutboxPage(self, request).attachment(id, number)

    @route("GET", "/static/<name>")
    def static_file(self, request: Request, name: str) -> Response:
        """Send a style sheet, script or image of ours."""
        path = STATIC / name
        if path.suffix not in _KINDS or not path.is_file():
            raise NotFound.because("There is nothing at this address.")
        response = Response(path.read_bytes(), content_type=_KINDS[path.suffix])
        response.headers["Cache-Control"] = "public, max-age=300"
        return response

    @refusal_page
    def unrouted_page(self, request: Request, refusal: Refusal) -> Response:
        """Show a refusal of a request that no route took."""
        return self.error_page(request, refusal)

    def error_page(self, request: Request, refusal: Refusal) -> Response:
        """Return a refusal as a page for people."""
        return error_page(request, refusal)
