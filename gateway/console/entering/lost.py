"""What is found below a clinic's console where there is no page."""

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from shared.contracts.errors import NotFound


def lost_page(_here: Here, rest: str) -> Response:
    """Raise NotFound, which the frame tells with its navigation."""
    raise NotFound.because("There is nothing at this address.")


ROUTES = (Page("GET", "/<path:rest>", lost_page),)
