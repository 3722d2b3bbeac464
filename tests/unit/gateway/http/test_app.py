"""How the application answers where a route cannot: its own refusals, whoever reads them, whatever fails on the way."""

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from gateway.http.app import App, map_of
from gateway.http.metrics import Metrics
from gateway.http.proxies import TrustedProxies
from gateway.http.request import Request
from gateway.http.routes import Route
from shared.contracts.errors import NotFound, Refusal, Timeout


def page(_services: object, _request: Request) -> Response:
    return Response("a page")


def drawn(_request: Request, refusal: Refusal) -> Response:
    return Response(f"drawn: {refusal.code}", refusal.status, mimetype="text/html")


def broken(_request: Request, _refusal: Refusal) -> Response:
    raise RuntimeError("the secret cause")


def app(outcome: Response | Exception, refusal_page: object = drawn) -> Client:
    """Return a client of an application with one route for people and one for programs, whose calls end so."""

    def dispatch(_route: Route, _request: Request) -> Response | Refusal:
        if isinstance(outcome, Exception) and not isinstance(outcome, NotFound):
            raise outcome
        return outcome  # type: ignore[return-value]

    routes = (Route("GET", "/page", page), Route("GET", "/v1/call", page))
    return Client(App(map_of(routes), dispatch, refusal_page, TrustedProxies([]), Metrics(), is_https=False))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        (NotFound.because("Nothing."), 404, "not_found"),
        (Timeout.because("Late."), 504, "timeout"),
        (RuntimeError("the secret cause"), 500, "internal_error"),
    ],
)
def test_people_get_a_page_and_programs_a_problem_document_of_whatever_went_wrong(
    outcome: Exception, status: int, code: str
) -> None:
    client = app(outcome)
    shown, told = client.get("/page"), client.get("/v1/call")
    assert (shown.status_code, shown.text) == (status, f"drawn: {code}")
    assert (told.status_code, told.mimetype, told.json["code"]) == (status, "application/problem+json", code)


def test_people_get_the_document_too_where_the_page_cannot_be_drawn(caplog: pytest.LogCaptureFixture) -> None:
    answer = app(NotFound.because("Nothing."), broken).get("/page")
    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (404, "application/problem+json", "not_found")
    assert "the secret cause" not in answer.text
    assert "has no page for not_found" in caplog.text
