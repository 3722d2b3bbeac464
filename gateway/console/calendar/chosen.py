"""Whose columns somebody has chosen to see: remembered by their browser, since it says nothing of anybody."""

from collections.abc import Iterable, Sequence

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here

_COOKIE = "calendar"
_BETWEEN = "."
_YEAR_SECONDS = 365 * 24 * 60 * 60


def chosen(here: Here, practitioners: Iterable[str]) -> list[str]:
    """Return which of the clinic's practitioners are shown side by side: those that were chosen, else all."""
    known = list(practitioners)
    wanted = here.request.cookies.get(_COOKIE, "").split(_BETWEEN)
    return [key for key in known if key in wanted] or known


def remember(here: Here, response: Response, practitioners: Sequence[str]) -> None:
    """Let the browser remember whose columns are wanted at this clinic; none means all."""
    response.set_cookie(
        _COOKIE,
        _BETWEEN.join(practitioners),
        max_age=_YEAR_SECONDS if practitioners else 0,
        path=here.url,
        secure=here.request.is_secure,
        httponly=True,
        samesite="Lax",
    )
