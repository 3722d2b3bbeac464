"""Recall cards that booking found, as a PDF that is answered (PRODUCT M2, R2)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from eventlet import tpool
from werkzeug.wrappers import Response

from gateway.pdf.recall_cards import Layout, card_of, printed
from shared.contracts.errors import NotFound

PDF = "application/pdf"


def printed_cards(
    found: Mapping[str, Any], document: Mapping[str, Any], layout: Layout, week: str | None = None
) -> Response:
    """Return the PDF of the cards that were found; drawn in a thread, for the other requests do not wait.

    Where a week has more than one answer holds, its `Link` leads to the next `page` (RFC 8288). Raises NotFound.
    """
    if not found["cards"]:
        raise NotFound.because("There is no recall to print. Send those of the week by card first.")
    pdf = tpool.execute(printed, [card_of(row) for row in found["cards"]], document, layout)
    response = Response(pdf, mimetype=PDF)
    response.headers["Content-Disposition"] = 'inline; filename="recalls.pdf"'
    if found["next"] is not None:
        query = urlencode({"week": week, "page": found["next"], "layout": layout})
        response.headers["Link"] = f'<?{query}>; rel="next"'
    return response
