"""What is found where an address of a clinic opens nothing: the clinic, and the ways that patients look for."""

from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.answers import status_of
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.public.draft import Draft
from gateway.public.pages.recall import PATH
from gateway.views.clinic_view import clinic_view
from gateway.views.error_page import explained
from gateway.views.rendering import page
from shared.contracts.errors import NotFound, Refusal
from shared.texts.language import choose_language


def lost_page(services: Services, request: Request, clinic: str, rest: str) -> Response:
    """Say that there is nothing, with the clinic's telephone; raise NotFound where there is no clinic either."""
    return nothing_at(services, request, clinic, NotFound.because("There is nothing here."), f"/{clinic}/{rest}")


def nothing_at(
    services: Services, request: Request, clinic: str, refusal: Refusal, path: str, why: str | None = None
) -> Response:
    """Return the page for an address of a clinic that opens nothing (any more); `why` is said rather than the usual.

    Raises NotFound where there is no such clinic.
    """
    found = services.documents.get(clinic)
    document = found.document
    wanted = request.args.get("lang")
    language = choose_language(request.headers.get("Accept-Language"), wanted, document["languages"])
    heading, explanation = explained(refusal, language)
    context = {
        "clinic": clinic_view(document, language, found.pictures),
        "draft": Draft({"lang": language} if wanted else {}),
        "heading": heading,
        "explanation": why or explanation,
        "path": path,
        "recall": PATH,
    }
    return page("public/lost.html", language, context, status=status_of(refusal))


ROUTES = (Route("GET", "/<place:clinic>/<path:rest>", lost_page),)
