"""Our own style sheets, scripts and images, as browsers fetch them."""

import re
from pathlib import Path

from werkzeug.wrappers import Response

from gateway.http.request import Request
from gateway.http.routes import Route
from shared.contracts.errors import NotFound

_FOLDER = Path(__file__).parent / "static"
_SHEETS = {"frontdesk.css": ("tokens.css", "public.css")}
"""Sheets that are one file to browsers, so that a page loads one, and several to us, so that wings share the tokens."""

_NAME = re.compile(r"[a-z0-9.-]{1,100}")
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def static_file(_services: object, _request: Request, name: str) -> Response:
    """Send a style sheet, script or image of ours."""
    if not _NAME.fullmatch(name):
        raise NotFound.because("There is nothing at this address.")
    paths = [_FOLDER / part for part in _SHEETS.get(name, (name,))]
    kind = _KINDS.get(paths[0].suffix)
    if kind is None or not all(path.is_file() for path in paths):
        raise NotFound.because("There is nothing at this address.")
    response = Response(b"".join(path.read_bytes() for path in paths), content_type=kind)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


ROUTES = (Route("GET", "/static/<name>", static_file),)
