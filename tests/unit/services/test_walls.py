"""Whoever adds an RPC method, an HTTP call or a page says who may (C1); `tests/system/test_walls.py` tries them all."""

from importlib import import_module

from gateway.api.operation import operations_in
from gateway.service import ROUTES
from shared.settings import SERVICES
from tests.system.page_walls import OPEN_PAGES, PAGES
from tests.system.walls import CALLS, FOR_STRANGERS, METHODS, OWN_CALLS, named


def test_every_method_stands_in_the_table_of_walls() -> None:
    methods = {f"{name}.{each}" for name in SERVICES for each in import_module(f"shared.contracts.{name}").METHODS}
    assert methods == METHODS.keys()


def test_every_call_stands_in_the_tables_of_walls() -> None:
    operations = operations_in(ROUTES)
    assert {named(each) for each in operations if each.staff} == CALLS.keys() | OWN_CALLS.keys()
    assert {named(each) for each in operations if not each.staff} == FOR_STRANGERS


def test_every_page_of_the_console_stands_in_the_tables_of_walls() -> None:
    pages = {f"{route.method} {route.url}" for route in ROUTES if route.url.startswith("/staff")}
    assert pages == PAGES.keys() | OPEN_PAGES
