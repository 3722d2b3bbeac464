"""What an open page asks every two seconds: whether anything has changed since (CONSOLE, "Live")."""

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.http.answers import answer


def live(here: Here) -> Response:
    """Return the clinic's mark, and what the navigation counts; 304 where nothing has changed, without asking anybody.

    Where nobody knows whether anything has, because Redis is away, everything may have.
    """
    mark = here.services.pulse.mark(here.clinic)
    tag = f'"{mark}"'
    if mark is not None and here.request.headers.get("If-None-Match") == tag:
        return Response(status=304, headers={"ETag": tag})
    return answer({"counts": here.counts()}, headers={"ETag": tag} if mark is not None else {})


ROUTES = (Page("GET", "/live", live, by_itself=True),)
