"""Each RPC method of each service says who may call it (CONTRACTS 3)."""

from inspect import signature
from typing import Any

import pytest
from nameko.rpc import Rpc as AnyRpc

from cli.serve import service_class
from shared.bus.calls.serving import Rpc
from shared.callers import ADMINISTRATOR, ANYBODY, LINK_OR_STAFF, STAFF, STAFF_OR_ALL, Callers
from shared.contracts import availability, booking, notification, patient, staff
from shared.settings import SERVICES

CONTRACTS: dict[str, Any] = {each.SERVICE: each for each in (availability, booking, notification, patient, staff)}

SAME_FOR_ALL = {
    *(f"availability.{method}" for method in ("clinics", "profile", "picture")),
    *(f"{service}.ping" for service in SERVICES),
}
"""What says the same to everybody, and so asks nobody who they are."""


def methods(service: str) -> dict[str, tuple[Any, Any]]:
    """Return the RPC methods of a service's class by name: each with its entrypoint."""
    cls = service_class(service)
    return {
        name: (entrypoint, getattr(cls, name))
        for name in dir(cls)
        for entrypoint in getattr(getattr(cls, name), "nameko_entrypoints", ())
        if isinstance(entrypoint, AnyRpc)
    }


METHODS = {f"{service}.{name}": found for service in SERVICES for name, found in methods(service).items()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_serves_the_methods_of_its_contract_and_no_others(service: str) -> None:
    assert set(methods(service)) == set(CONTRACTS[service].METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_says_who_may_call_it(name: str) -> None:
    entrypoint, _ = METHODS[name]
    assert isinstance(entrypoint, Rpc), "methods are served by shared.bus.rpc.rpc, which settles who may call"
    assert isinstance(entrypoint.by, Callers)


def test_only_what_says_the_same_to_everybody_asks_nobody() -> None:
    assert {name for name, (entrypoint, _) in METHODS.items() if entrypoint.by is ANYBODY} == SAME_FOR_ALL


@pytest.mark.parametrize("name", METHODS)
def test_c1_what_is_for_a_clinics_staff_names_the_clinic_first(name: str) -> None:
    entrypoint, function = METHODS[name]
    fields = list(signature(function).parameters)[1:]
    if entrypoint.by in (STAFF, ADMINISTRATOR, STAFF_OR_ALL):
        assert fields[0] == "clinic"
    if "clinic" in fields[1:]:
        assert entrypoint.by is LINK_OR_STAFF, "a clinic that comes later is easily left out"
