"""Pages as the console draws them: whole, or the part of them that a page asks for which is there already."""

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from werkzeug.wrappers import Response

from gateway.console.frame.navigation import COUNTS, sections_for
from gateway.console.frame.typed import Typed
from gateway.http.request import Request
from gateway.views.own_texts import OwnTexts
from gateway.views.rendering import page
from gateway.views.static_files import console_scripts
from shared.contracts.errors import Refusal

PANEL = "panel"
_WHOLE, _PANEL, _PLAIN = "console/frame/page.html", "console/frame/panel.html", "console/frame/plain.html"


class ClinicHere(NamedTuple):
    """The clinic that a page belongs to, as its frame names it."""

    key: str
    name: str
    url: str
    country: str | None


class Place(Protocol):
    """What of `Here` the frame is drawn by."""

    @property
    def request(self) -> Request: ...
    @property
    def clinic(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def document(self) -> Mapping[str, Any]: ...
    @property
    def is_administrator(self) -> bool: ...
    def counts(self) -> Mapping[str, int]: ...


def wanted_part(request: Request) -> str | None:
    """Return the id of the element that the answer is put into, None where a whole page is wanted."""
    headers = request.headers
    if headers.get("HX-Request") != "true" or headers.get("HX-History-Restore-Request") == "true":
        return None
    target: str | None = headers.get("HX-Target")
    return target


def draw(
    place: Place,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int,
    typed: Typed | None,
    errors: Mapping[str, str] | None,
) -> Response:
    """Return the page of somebody who is signed in."""
    part = wanted_part(place.request)
    is_panel = part == PANEL
    shared = {
        **_forms(typed, errors),
        "layout": _PANEL if is_panel else _WHOLE,
        "is_panel": is_panel,
        "clinic": _clinic_of(place),
        "sections": sections_for(place.is_administrator) if place.clinic else (),
        "counts": place.counts() if place.clinic and part is None else {},
        "counted": COUNTS,
        "path": place.request.path,
        "address": place.request.full_path.rstrip("?"),
        "scripts": console_scripts(),
    }
    response = page(template, place.language, {**shared, **context}, status=status)
    response.vary.update(("HX-Request", "HX-Target", "Cookie"))
    return response


def draw_plain(
    request: Request,
    language: str,
    template: str,
    *,
    status: int = 200,
    typed: Typed | None = None,
    errors: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """Return a page of somebody who is not signed in, or whose clinic is not known."""
    shared = {**_forms(typed, errors), "layout": _PLAIN, "is_panel": False}
    shared |= {"path": request.path, "address": request.full_path.rstrip("?")}
    return page(template, language, {**shared, **context}, status=status)


def _forms(typed: Typed | None, errors: Mapping[str, str] | None) -> dict[str, Any]:
    """Return what fields are drawn by; those of all wings know what was typed as `draft`."""
    given = Typed() if typed is None else typed
    return {"typed": given, "draft": given, "errors": errors or {}, "new_key": _new_key}


def _new_key() -> str:
    """Return what tells one sending of a form from another's."""
    return secrets.token_urlsafe(18)


def _clinic_of(place: Place) -> ClinicHere | None:
    """Return the clinic by its name and country, or by its key alone where its document is not to be had."""
    if not place.clinic:
        return None
    try:
        document = place.document
        name = OwnTexts(place.language, document["languages"][0])(document["name"]) or place.clinic
        return ClinicHere(place.clinic, name, place.url, document["country"])
    except (Refusal, KeyError):
        return ClinicHere(place.clinic, place.clinic, place.url, None)
