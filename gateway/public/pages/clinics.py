"""The list of clinics that can be booked."""

from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.http.wording import reader_language
from gateway.views.rendering import page


def clinics_page(services: Services, request: Request) -> Response:
    """Show the clinics whose booking is open."""
    language = reader_language(request.headers.get("Accept-Language"), request.args.get("lang"))
    listed = [row for row in services.availability.clinics()["clinics"] if row.get("active", True)]
    return page("public/clinics.html", language, {"clinics": listed})


ROUTES = (Route("GET", "/", clinics_page),)
