"""What makes a clinic's pages its own: its pictures, and a style sheet with the shades of its colour (PRODUCT B21)."""

from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.headers import kept_by_browsers
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.views.look import sheet_of
from shared.contracts.errors import NotFound
from shared.contracts.pictures import TYPE


def picture(services: Services, request: Request, clinic: str, name: str) -> Response:
    """Send a picture; whoever asks for it by its hash may keep it."""
    found, body = services.pictures.get(services.availability, clinic, name, services.documents.get(clinic))
    return kept_by_browsers(Response(body, content_type=TYPE), is_named=request.args.get("v") == found.hash)


def look_sheet(services: Services, request: Request, clinic: str) -> Response:
    """Send the sheet that colours the clinic's pages; raise NotFound where ours stay as they are."""
    sheet = sheet_of(services.documents.get(clinic).document)
    if sheet is None:
        raise NotFound.because("This clinic has no colours of its own.")
    response = Response(sheet.text, content_type="text/css; charset=utf-8")
    return kept_by_browsers(response, is_named=request.args.get("v") == sheet.hash)


ROUTES = (
    Route("GET", "/<place:clinic>/pictures/<name>", picture),
    Route("GET", "/<place:clinic>/look.css", look_sheet),
)
