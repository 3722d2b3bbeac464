"""The table of everything that is reachable over HTTP."""

import inspect
import re

import pytest

from gateway.http.routes import Route
from gateway.service import ROUTES


def test_no_two_functions_answer_the_same() -> None:
    addresses = [(route.method, route.url) for route in ROUTES]
    assert len(addresses) > 70
    assert sorted(set(addresses)) == sorted(addresses)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.url}")
def test_every_function_takes_what_its_address_holds(route: Route) -> None:
    _services, _request, *taken = inspect.signature(route.function).parameters
    assert taken == re.findall(r"<(?:\w+:)?(\w+)>", route.url)
