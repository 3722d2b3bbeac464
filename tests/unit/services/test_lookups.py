"""Whoever hashes by `LOOKUP_KEY` is known, and what becomes of it when that is replaced (PRODUCT A3, ADR 59)."""

from importlib import import_module

from shared.settings import SERVICES
from tests.unit.import_rules.source import modules_of

ANEW = "hashed anew by what is sealed in the row"
STAYS = "stays with its key, and is known by former ones"
ENDS = "ends by itself within a day"

HASHING = {
    "gateway.access.guesses": ENDS,
    "gateway.access.login_codes": ENDS,
    "services.booking.model.checkpoints": STAYS,
    "services.booking.model.history": STAYS,
    "services.booking.model.moving_in.lines": STAYS,
    "services.booking.model.recalls": ANEW,
    "services.booking.model.typed": ANEW,
    "services.notification.model.messages": ANEW,
    "services.patient.handlers.moving_in.lines": STAYS,
    "services.patient.model.patients": ANEW,
    "services.staff.handlers.logging_in": STAYS,
    "shared.incoming.repeats": ENDS,
}
"""The modules that make keyed hashes."""


def test_a3_every_keyed_hash_has_its_place_here() -> None:
    """A new one is in a service's `lookups`, or stands here with what becomes of it."""
    found = {
        module
        for floor in ("services", "gateway", "shared", "cli")
        for module, source in modules_of(floor)
        if "keyed_hash(" in source and module != "shared.sealed"
    }
    assert found == HASHING.keys()


def test_a3_what_services_say_of_lookups_is_there() -> None:
    for service in SERVICES:
        said, tables = import_module(f"services.{service}.lookups"), import_module(f"services.{service}.store").metadata
        assert {*said.KEPT} <= tables.tables.keys()
        for lookup in said.LOOKUPS:
            columns = tables.tables[lookup.table].c
            assert lookup.column in columns
            assert {name for name in lookup.sources if "." not in name} <= {*columns.keys()}
