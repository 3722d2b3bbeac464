"""Our own style sheets, scripts and images, as browsers fetch them."""

from pathlib import Path

from werkzeug.wrappers import Response

from gateway.http.request import Request
from gateway.http.routes import Route
from shared.contracts.errors import NotFound

_FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def static_file(_services: object, _request: Request, name: str) -> Response:
    """Send a style sheet, script or image of ours."""
    path = _FOLDER / name
    if path.suffix not in _KINDS or not path.is_file():
        raise NotFound.because("There is nothing at this address.")
    response = Response(path.read_bytes(), content_type=_KINDS[path.suffix])
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


ROUTES = (Route("GET", "/static/<name>", static_file),)
