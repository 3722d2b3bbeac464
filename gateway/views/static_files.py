"""Our own style sheets, scripts and images, as browsers fetch them."""

import hashlib
import re
from functools import cache
from pathlib import Path

from werkzeug.wrappers import Response

from gateway.http.headers import kept_by_browsers
from gateway.http.request import Request
from gateway.http.routes import Route
from shared.contracts.errors import NotFound

_OWN, _CONSOLE = Path(__file__).parent / "static", Path(__file__).parents[1] / "console/static"
_FOLDERS = (_OWN, _CONSOLE)
"""Where files lie: ours, and what the console alone has. A name stands in one of them."""

_NAME = re.compile(r"[a-z0-9.-]{1,100}")
_IMPORTED = re.compile(rb'(?<= from ")\./([a-z0-9.-]+\.js)(?=";)')
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def address_of(name: str) -> str:
    """Return where our pages load a file from: the address changes with what it holds, so that browsers keep it.

    The hash is in the query: a gateway of the version before, which serves beside this one, sends what it has.
    """
    return f"/static/{name}?v={_hash_of(name)}"


@cache
def console_scripts() -> tuple[str, ...]:
    """Return where the console's own scripts are loaded from: each page has all, since its panel may show any other."""
    return tuple(address_of(path.name) for path in sorted(_CONSOLE.glob("*.js")) if ".min." not in path.name)


def static_file(_services: object, request: Request, name: str) -> Response:
    """Send a style sheet, script or image of ours; whoever asks for it by its hash may keep it."""
    body = _read(name)
    if body is None:
        raise NotFound.because("There is nothing at this address.")
    response = Response(body, content_type=_KINDS[Path(name).suffix])
    return kept_by_browsers(response, is_named=request.args.get("v") == _hash_of(name))


@cache
def _hash_of(name: str) -> str:
    return hashlib.sha256(_read(name) or b"").hexdigest()[:12]


@cache
def _read(name: str) -> bytes | None:
    """Return what a file holds; None where there is no such file."""
    if not _NAME.fullmatch(name) or Path(name).suffix not in _KINDS:
        return None
    parts = _parts_of(name) or [path for folder in _FOLDERS if (path := folder / name).is_file()]
    body = b"".join(path.read_bytes() for path in parts) if parts else None
    return _with_addresses(body) if body is not None and name.endswith(".js") else body


def _with_addresses(script: bytes) -> bytes:
    """Return a script that imports others by their own addresses: a page that loads them as well has each once."""
    return _IMPORTED.sub(lambda found: address_of(found[1].decode()).encode(), script)


def _parts_of(sheet: str) -> list[Path]:
    """Return what a sheet is put together from that is one file to browsers, so that a page loads one.

    To us they are several: wings share the tokens, and each room of the console has its own, after the frame's.
    """
    if sheet == "frontdesk.css":
        return [_OWN / "tokens.css", _OWN / "public.css"]
    if sheet == "console.css":
        frame = _CONSOLE / "frame.css"
        return [_OWN / "tokens.css", frame, *sorted(set(_CONSOLE.glob("*.css")) - {frame})]
    return []


ROUTES = (Route("GET", "/static/<name>", static_file),)
