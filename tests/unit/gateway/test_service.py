"""The table of everything that is reachable over HTTP."""

import inspect
import re

import pytest

from gateway.console.frame.pages import Page
from gateway.http.routes import Route
from gateway.service import ROUTES


def test_no_two_functions_answer_the_same() -> None:
    addresses = [(route.method, route.url) for route in ROUTES]
    assert len(addresses) > 70
    assert sorted(set(addresses)) == sorted(addresses)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.url}")
def test_every_function_takes_what_its_address_holds(route: Route) -> None:
    held = re.findall(r"<(?:\w+:)?(\w+)>", route.url)
    first = 2  # the services, and the request
    if isinstance(route, Page):
        first, held = 1, [name for name in held if name != "clinic"]  # which `here` knows
    taken = [*inspect.signature(route.function).parameters.values()][first:]
    needed = [each for each in taken if each.default is each.empty and each.kind is not each.VAR_KEYWORD]
    assert [each.name for each in needed] == held
