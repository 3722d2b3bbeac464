"""The gateway's wings: what each may import of the gateway, and where each library is known."""

import sys

from tests.unit.import_rules.source import within

_GROUND = ("http", "access", "views", "clients", "pdf", "api")

WINGS = {
    "http": (),
    "access": ("http",),
    "views": ("http",),
    "clients": ("http", "access"),
    "pdf": ("http", "views"),
    "api": ("http", "access"),
    "public": _GROUND,
    "staff": ("http", "access", "clients", "pdf", "api"),  # answers programs, and draws nothing for people
    "console": _GROUND,
    "operators": _GROUND,
    "service": (*_GROUND, "public", "staff", "console", "operators"),
}
"""The wings, ground first. Those who serve somebody (public, staff, console, operators) never know each other."""

ROOMS_OF_PUBLIC = ("gateway.public.api", "gateway.public.booking", "gateway.public.pages")
"""They stand side by side over what the wing shares, which knows none of them."""

HOMES = {
    "anyascii": ("gateway.console.frame.short_names",),
    "apispec": ("gateway.api.description",),
    "eventlet": (
        "gateway.http", "gateway.clients",
        "gateway.pdf",  # draws in a thread, so that other requests need not wait
        "gateway.staff.feeds.fetching",  # and so a year of a calendar is written
    ),
    "fpdf": ("gateway.pdf",),
    "jinja2": ("gateway.views", "gateway.api.description"),  # the API's page is drawn from its description alone
    "markupsafe": (
        "gateway.api.description",
        "gateway.views.own_texts",  # marks texts with their language
    ),
    "marshmallow": ("gateway.api",),
    "nameko": ("gateway.http.server", "gateway.clients.providers", "gateway.service"),
    "orjson": (
        "gateway.http", "gateway.clients",
        "gateway.operators.health",  # reads what Redis keeps as bytes
    ),
    "prometheus_client": ("gateway.http.metrics",),
    "redis": (
        "gateway.access", "gateway.clients",
        "gateway.public.booking.tracking",  # remembers what it has handed out, and goes on without
    ),
    "segno": ("gateway.pdf",),
    "werkzeug": ("gateway",),
}  # fmt: skip
"""Where in the gateway each library is known; one that is not named here is known nowhere."""

ROOMS_OF_SHARED = {
    "shared.bus": (
        "gateway.service",
        "gateway.http.server",  # gives each request the budget of its calls
    ),
    "shared.given": ("gateway.clients.providers", "gateway.service"),
    "shared.storage": (
        "gateway.clients",
        "gateway.pdf.day_files",  # writes lists that their owner alone reads
    ),
    "shared.storage.database": (),
    "shared.storage.migrations": (),
}
"""Who in the gateway may know what services and processes are made of. It keeps nothing in a database."""


def wing_may_import(module: str, name: str) -> bool:
    """Tell whether `module` of the gateway may import `name`."""
    root = name.split(".")[0]
    if root not in sys.stdlib_module_names | {"shared", "gateway"}:
        return within(module, HOMES.get(root, ()))
    if any(within(name, (room,)) and not within(module, friends) for room, friends in ROOMS_OF_SHARED.items()):
        return False
    if root != "gateway":
        return True
    wing = module.split(".")[1]
    if any(within(name, (room,)) and not within(module, (room, "gateway.service")) for room in ROOMS_OF_PUBLIC):
        return False
    return within(name, tuple(f"gateway.{each}" for each in (wing, *WINGS.get(wing, ()))))
