"""Our own style sheets, scripts and images, as browsers fetch them."""

import hashlib
import re
from functools import cache
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


_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=300"


def address_of(name: str) -> str:
    """Return where our pages load a file from: the address changes with what it holds, so that browsers keep it.

    The hash is in the query: a gateway of the version before, which serves beside this one, sends what it has.
    """
    return f"/static/{name}?v={_hash_of(name)}"


def static_file(_services: object, request: Request, name: str) -> Response:
    """Send a style sheet, script or image of ours; whoever asks for it by its hash may keep it."""
    body = _read(name)
    if body is None:
        raise NotFound.because("There is nothing at this address.")
    response = Response(body, content_type=_KINDS[Path(name).suffix])
    is_named = request.args.get("v") == _hash_of(name)
    response.headers["Cache-Control"] = _FOR_EVER if is_named else _FOR_A_WHILE
    return response


@cache
def _hash_of(name: str) -> str:
    return hashlib.sha256(_read(name) or b"").hexdigest()[:12]


@cache
def _read(name: str) -> bytes | None:
    """Return what a file holds, as our images are addressed in it; None where there is no such file."""
    if not _NAME.fullmatch(name) or Path(name).suffix not in _KINDS:
        return None
    paths = [_FOLDER / part for part in _SHEETS.get(name, (name,))]
    return b"".join(path.read_bytes() for path in paths) if all(path.is_file() for path in paths) else None


ROUTES = (Route("GET", "/static/<name>", static_file),)
