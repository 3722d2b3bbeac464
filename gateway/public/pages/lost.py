"""What is found below a clinic's address where there is no page: the clinic, and the ways that patients look for."""

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
from shared.contracts.errors import NotFound
from shared.texts.language import choose_language


def lost_page(services: Services, request: Request, clinic: str, rest: str) -> Response:
    """Say that there is nothing, with the clinic's telephone; raise NotFound where there is no clinic either."""
    found = services.documents.get(clinic)
    document = found.document
    wanted = request.args.get("lang")
    language = choose_language(request.headers.get("Accept-Language"), wanted, document["languages"])
    missing = NotFound.because("There is nothing at this address.")
    heading, explanation = explained(missing, language)
    context = {
        "clinic": clinic_view(document, language, found.pictures),
        "draft": Draft({"lang": language} if wanted else {}),
        "heading": heading,
        "explanation": explanation,
        "path": f"/{clinic}/{rest}",
        "recall": PATH,
    }
    return page("public/lost.html", language, context, status=status_of(missing))


ROUTES = (Route("GET", "/<place:clinic>/<path:rest>", lost_page),)
