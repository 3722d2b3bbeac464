"""Recall cards for the printer, for a clinic's staff (M2, R2)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.request import Request
from gateway.http.wording import N_
from gateway.pdf.issued_cards import PDF, printed_cards
from gateway.pdf.recall_cards import LAYOUTS, Layout
from shared.contracts.errors import Invalid

_RECALLS = "/v1/staff/clinics/<clinic>/recalls"
_LAYOUTS: Mapping[str, Layout] = {layout: layout for layout in LAYOUTS}


def recall_cards(services: Services, request: Request, clinic: str) -> Response:
    """Return the cards of the recalls of `week` that were sent by card; four to a sheet where nothing is asked.

    Where there are more than one answer holds, its `Link` leads to the next `page` (RFC 8288).
    """
    layout = _layout(request, "a4")
    asked = {name: request.asked[name] for name in request.asked.keys() & {"week", "page"}}
    return _printed(services, clinic, layout, **asked)


def recall_card(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Return the card of a booking or of a need."""
    layout = _layout(request, "a6")
    return _printed(services, clinic, layout, id=reference)


def _printed(services: Services, clinic: str, layout: Layout, **asked: Any) -> Response:
    """Return the PDF of the cards that booking finds."""
    found = services.booking.with_timeout(LONG_CALL_SECONDS).recall_cards(clinic, **asked)
    return printed_cards(found, services.documents.get(clinic).document, layout, asked.get("week"))


def _layout(request: Request, usual: Layout) -> Layout:
    """Return the layout asked for, or the usual one; raise Invalid for any other."""
    layout = _LAYOUTS.get(request.asked.get("layout", usual))
    if layout is None:
        raise Invalid.because("There is no such layout.", errors={"layout": [N_("Choose a6 or a4.")]})
    return layout


ROUTES = (
    Operation(
        "GET", f"{_RECALLS}/cards.pdf", recall_cards, "Print a week's recall cards", query=schemas.CardsQuery,
        refusals=("not_found", "invalid"), staff=True, media=(PDF,),
    ),
    Operation(
        "GET", f"{_RECALLS}/<reference>/card.pdf", recall_card, "Print a recall card", query=schemas.CardQuery,
        refusals=("not_found", "invalid"), staff=True, media=(PDF,),
    ),
)  # fmt: skip
