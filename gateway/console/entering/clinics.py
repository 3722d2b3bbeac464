"""Where somebody begins who has signed in: at their clinic, or where they choose among several."""

from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.console.entering.ways import HOME
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page

_CLINICS = "/staff/-/clinics"


def begin(here: Here) -> Response:
    """Lead to the one clinic, or to the choice of them."""
    places = here.session.account.places
    if places is not None and len(places) == 1:
        return redirect(f"{HOME}/{places[0].clinic}", 303)
    return redirect(_CLINICS, 303)


def clinics(here: Here) -> Response:
    """Show the clinics where somebody works; of the installation's administrator, all."""
    return here.show("console/entering/clinics.html", clinics=_theirs(here))


def _theirs(here: Here) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = here.services.availability.clinics()["clinics"]
    places = here.session.account.places
    if places is None:
        return listed
    keys = {each.clinic for each in places}
    return [each for each in listed if each["clinic"] in keys]


ROUTES = (
    Page("GET", "", begin, no_clinic=True, own=True, at=HOME),
    Page("GET", "/clinics", clinics, no_clinic=True, own=True),
)
