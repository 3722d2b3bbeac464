"""The gateway's wings: what each may import of the gateway, and where each framework is known."""

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
    "nameko": ("gateway.http.server", "gateway.clients.providers", "gateway.service"),
    "shared.bus": ("gateway.service",),
    "shared.given": ("gateway.clients.providers", "gateway.service"),
    "eventlet": (
        "gateway.http", "gateway.clients",
        "gateway.staff.cards",  # draws in a thread, so that other requests need not wait
    ),
    "redis": (
        "gateway.access", "gateway.clients",
        "gateway.public.booking.tracking",  # remembers what it has handed out, and goes on without
    ),
    "fpdf": ("gateway.pdf",),
    "segno": ("gateway.pdf",),
    "jinja2": ("gateway.views", "gateway.api.description"),  # the API's page is drawn from its description alone
    "marshmallow": ("gateway.api",),
    "apispec": ("gateway.api.description",),
    "prometheus_client": ("gateway.http.metrics",),
    "argon2": ("gateway.access",),
    "fakeredis": (),
    "kombu": (),
    "sqlalchemy": (),
    "twilio": (),
    "sendgrid": (),
}  # fmt: skip
"""Where in the gateway each framework is known, and which never are."""


def wing_may_import(module: str, name: str) -> bool:
    """Tell whether `module` of the gateway may import `name`."""
    if any(within(name, (library,)) and not within(module, homes) for library, homes in HOMES.items()):
        return False
    if not within(name, ("gateway",)):
        return True
    wing = module.split(".")[1]
    if any(within(name, (room,)) and not within(module, (room, "gateway.service")) for room in ROOMS_OF_PUBLIC):
        return False
    return within(name, tuple(f"gateway.{each}" for each in (wing, *WINGS.get(wing, ()))))
