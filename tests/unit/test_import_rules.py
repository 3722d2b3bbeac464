"""Who may import whom: three floors, in each service the rooms, in the gateway the wings (DESIGN, "Where things live").

`cli` stands over `services` and `gateway` side by side over `shared`; there is no way back up. Examples of the wings
stand in `tests/unit/gateway/test_wings.py`.
"""

import re
import sys

import pytest

from tests.unit.import_rules.source import ROOT, imports, modules_of, within
from tests.unit.import_rules.wings import wing_may_import

WORKSHOP = ("bench", "scripts", "tests")
"""What stays behind where Frontdesk is installed."""

NEVER = {
    "shared": ("services", "gateway", "cli", "demo", *WORKSHOP),
    "services": ("gateway", "cli", "demo", *WORKSHOP),
    "gateway": ("services", "cli", "demo", *WORKSHOP),
    "cli": WORKSHOP,
    "demo": ("services", "gateway", "cli", *WORKSHOP),
}
"""What each floor never imports."""

PLAIN_VALUES = (
    "shared.actor", "shared.clinic", "shared.clock", "shared.contracts", "shared.identity", "shared.ids",
    "shared.links", "shared.lookups", "shared.incoming.lines", "shared.incoming.paging", "shared.proofs",
    "shared.sealed", "shared.texts",
)  # fmt: skip
"""What a service's rules may know besides the standard library: values, and functions of values, which know no more."""

EDGE_ROOMS = {
    "store": ("sqlalchemy",),
    "schemas": ("marshmallow",),
    "service": ("nameko", "eventlet"),
    "migrations": ("alembic", "sqlalchemy"),
}
"""The rooms of a service where frameworks live, and which. `handlers` is one of its own; every other holds rules."""

KNOWN_TO_HANDLERS = (
    *PLAIN_VALUES, "shared.bus.events.effects", "shared.bus.events.unit_of_work", "shared.clinic_documents",
    "shared.desk", "shared.incoming.repeats", "shared.incoming.unread", "shared.retention", "shared.settings",
    "shared.storage.slot_cache",
)  # fmt: skip
"""What a use case may know of shared: plain values, and by their names the things on its desk."""

PROVIDERS = tuple(
    f"services.notification.channels.{each}"
    for each in ("hands", "sendgrid_email", "transport", "twilio_sms", "waking")
)
"""The modules of `channels` that know a provider or Nameko; handlers know the others, which say what there is."""

GIVEN = ("nameko.extensions",)
"""What makes what a service is given; `shared.given` does that for all of them."""

EXCEPTIONS = {
    "services.availability.document": ("yaml", "holidays"),  # the document is YAML, and names countries with holidays
    "services.availability.pictures": ("PIL", "eventlet", "shared.settings"),  # alone draws, apart from all else
    "services.staff.credentials": (  # alone knows what proves people, and works it out apart from all else
        "argon2", "cryptography", "eventlet", "shared.settings",
    ),
    "services.notification.wording.render": ("jinja2",),  # templates are the library's language
    "services.notification.channels": (  # alone knows the providers, their libraries and what these stand on
        "twilio", "sendgrid", "python_http_client", "shared.environment.provider_accounts", "shared.settings",
    ),
    "services.notification.channels.hands": ("nameko", "eventlet"),  # who sends at once is the framework's business
    "services.notification.channels.waking": ("nameko", "eventlet"),  # and when
}  # fmt: skip
"""What single rooms may import beyond their rule, each for its reason."""

BUS_ROOMS = {
    "shared.bus.wires": ("shared.bus.calls", "shared.bus.events"),
    "shared.bus.calls": ("shared.bus.events",),
    "shared.bus.events": ("shared.bus.calls",),
}
"""The rooms of the bus, and what each never imports: calls and events stand side by side over the wires."""

OVER_THE_BUS_ROOMS = (
    "shared.given", "shared.bus.client", "shared.bus.container", "shared.bus.dead_letter_queues", "shared.bus.rpc",
    "shared.bus.runner", "shared.bus.tailing",
)  # fmt: skip
"""What of shared is made of the bus's rooms, and is known to none of them."""

HOMES = {
    "alembic": ("shared.storage.migrations",),
    "amqp": ("shared.bus",),
    "babel": (
        "shared.identity.countries",
        "shared.texts.customs",
        "shared.texts.language",
        "shared.texts.spoken_languages",
        "shared.texts.territories",
    ),
    "cryptography": ("shared.environment.provider_accounts", "shared.sealed"),
    "eventlet": ("shared.bus", "shared.given", "shared.storage.postgres", "shared.storage.idle"),
    "fakeredis": ("shared.storage.redis_store",),
    "greenlet": ("shared.bus.runner",),
    "holidays": ("shared.clinic.plan.holidays",),
    "icalendar": ("shared.moving_in.calendars", "shared.texts.calendar_feed", "shared.texts.invitation"),
    "jdatetime": ("shared.texts.language",),
    "jinja2": ("shared.texts.message_templates",),
    "kombu": ("shared.bus", "shared.given"),
    "marshmallow": ("shared.incoming.batches", "shared.incoming.fields"),
    "nameko": ("shared.bus", "shared.given"),
    "orjson": ("shared.bus", "shared.sealed", "shared.storage"),
    "phonenumbers": ("shared.identity.telephones",),
    "pika": ("shared.bus.client", "shared.bus.dead_letter_queues"),
    "recurring_ical_events": ("shared.moving_in.calendars",),
    "redis": (
        "shared.storage.pulse",
        "shared.storage.redis_absence",
        "shared.storage.redis_store",
        "shared.clinic_documents",
        "shared.storage.slot_cache",
        "shared.given",
    ),
    "psycopg2": ("shared.storage.postgres",),
    "sqlalchemy": ("shared.storage", "shared.bus.events", "shared.given", "shared.retention.runs"),
    "stdnum": ("shared.identity",),
    "yaml": ("shared.texts.document_text",),
}
"""Where in shared each library is known; one that is not named here is known nowhere."""

ROOMS_OF_SHARED = {
    "shared.bus": ("shared.bus", "shared.desk", "shared.given"),
    "shared.given": ("shared.bus", "shared.given"),
    "shared.storage": ("shared.storage", "shared.bus", "shared.given", "shared.settings", "shared.retention.runs"),
}
"""Who in shared may know the rooms of wires and of stores; all others would bring them to whoever imports a value."""

CLINIC_FLOORS = ("shared.clinic.times", "shared.clinic", "shared.clinic.plan", "shared.clinic.starts")
"""The clinic document's rules, ground first: how it writes time, its rows, the plan of it, where starts may be."""


def violations(module: str, source: str) -> list[str]:
    """Return a sentence for each import of `module` that its place forbids."""
    return [f"{module} imports {name}" for name in imports(module, source) if not may_import(module, name)]


def may_import(module: str, name: str) -> bool:
    """Tell whether `module` may import `name`."""
    floor = module.split(".")[0]
    if within(name, NEVER.get(floor, ())):
        return False
    if floor == "shared":
        return shared_may_import(module, name)
    if floor == "services" and module.count(".") >= 2:
        return room_may_import(module, name)
    return floor != "gateway" or wing_may_import(module, name)


def is_library(name: str) -> bool:
    """Tell whether a name is neither the project's own nor the standard library's."""
    return name.split(".")[0] not in {*sys.stdlib_module_names, *NEVER}


def shared_may_import(module: str, name: str) -> bool:
    """Tell whether `module` of shared may import `name`."""
    if is_library(name):
        return within(module, HOMES.get(name.split(".")[0], ()))
    if any(within(name, (room,)) and not within(module, friends) for room, friends in ROOMS_OF_SHARED.items()):
        return False
    if within(module, CLINIC_FLOORS):
        return clinic_may_import(module, name)
    if within(module, PLAIN_VALUES):
        return not within(name, ("shared",)) or within(name, PLAIN_VALUES)
    if within(name, OVER_THE_BUS_ROOMS):
        return within(module, OVER_THE_BUS_ROOMS)
    return not any(within(module, (room,)) and within(name, never) for room, never in BUS_ROOMS.items())


def clinic_may_import(module: str, name: str) -> bool:
    """Tell whether `module`, of the clinic document's rules, may import `name`: plain values, and no floor above."""
    if within(name, ("shared.clinic",)):
        return clinic_floor(name) <= clinic_floor(module)
    return name.split(".")[0] in sys.stdlib_module_names or within(name, PLAIN_VALUES)


def clinic_floor(module: str) -> int:
    """Return on which of CLINIC_FLOORS `module` stands."""
    return CLINIC_FLOORS.index(max((floor for floor in CLINIC_FLOORS if within(module, (floor,))), key=len))


def room_may_import(module: str, name: str) -> bool:
    """Tell whether `module`, in a room of a service, may import `name`."""
    service, room = ".".join(module.split(".")[:2]), module.split(".")[2]
    if within(name, ("services",)) and not within(name, (service,)):
        return False
    if any(within(module, (place,)) and within(name, extra) for place, extra in EXCEPTIONS.items()):
        return True
    if within(name, GIVEN) or (is_library(name) and not within(name, EDGE_ROOMS.get(room, ()))):
        return False
    if room != "service" and within(name, never_in(service, room)):
        return False
    if room == "handlers":
        return not within(name, ("shared",)) or within(name, KNOWN_TO_HANDLERS)
    return room in EDGE_ROOMS or not within(name, ("shared",)) or within(name, PLAIN_VALUES)


def never_in(service: str, room: str) -> tuple[str, ...]:
    """Return what a room of a service, all but `service`, never knows: what makes the process, and rooms like these."""
    over = {"store": (), "migrations": ("store",), "handlers": ("store", "channels")}.get(room, ())
    edges = ("handlers", "channels", *EDGE_ROOMS)
    rooms = (f"{service}.{edge}" for edge in edges if edge not in {room, *over})
    return (*rooms, *OVER_THE_BUS_ROOMS, *(PROVIDERS if room == "handlers" else ()))


def test_every_module_imports_only_what_its_place_allows() -> None:
    modules = [each for floor in NEVER for each in modules_of(floor)]
    assert {module.split(".")[0] for module, _ in modules} == set(NEVER), "every floor is looked at"
    found = [sentence for module, source in modules for sentence in violations(module, source)]
    assert not found, "\n".join(found)


def test_what_is_installed_is_what_the_rules_look_at() -> None:
    copied = re.findall(r"^COPY (\w+) /srv/frontdesk/\1$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)
    assert set(copied) == set(NEVER)
    assert all((ROOT / each).is_dir() for each in WORKSHOP)


def test_no_test_module_is_imported_by_another() -> None:
    """What several tests are built from has a home of its own: who changes a test must not change others by it."""
    tests = {module for module, _ in modules_of("tests") if module.rpartition(".")[2].startswith("test_")}
    assert len(tests) > 100
    one = re.compile(r"^\s*(?:from|import)\b.*\btest_|^\s+test_\w+,?$", re.MULTILINE)
    could = [(module, source) for module, source in modules_of("tests") if one.search(source)]
    found = {(module, name) for module, source in could for name in imports(module, source)}
    assert [(module, name) for module, name in found if within(name, tuple(tests)) and module != name] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("shared.clock", "import services.booking"),
        ("shared.bus.events.relay", "from gateway import pages"),
        ("shared.bus.wires.embedded", "from shared.bus.events.dead_letters import DeadLetterFile"),
        ("shared.bus.wires.link", "from shared.bus.calls import calling"),
        ("shared.bus.calls.context", "from shared.bus.events.consumer import EventConsumer"),
        ("shared.bus.events.consumer", "from shared.bus.calls.context import context_of"),
        ("shared.bus.events.relay", "from shared.bus import runner"),
        ("shared.bus.calls.serving", "from shared.given import Time"),
        ("shared.clinic_documents", "from shared.given import Documents"),
        ("shared.actor", "import nameko"),
        ("shared.bus.calls.wire", "import sqlalchemy"),
        ("shared.clinic.plan.reading", "from marshmallow import Schema"),
        ("shared.clinic.plan.reading", "import holidays"),
        ("shared.clinic.plan.values", "from shared.clinic.starts import takers"),
        ("shared.clinic.needs", "from shared.clinic.plan.values import ClinicPlan"),
        ("shared.clinic.times.weeks", "from shared.clinic.document import Document"),
        ("shared.clinic.starts.legality", "from shared.storage.database import Database"),
        ("shared.clinic.starts.legality", "from services.availability.search.offered import Slot"),
        ("services.booking.service", "from cli.main import main"),
        ("services.booking.store", "from services.patient.model import Patient"),
        ("services.booking.store", "import services.patient"),
        ("services.booking.service", "def late():\n    from services import patient"),
        ("services.booking.service", "import twilio.rest"),
        ("services.booking.service", "from nameko.extensions import DependencyProvider"),
        ("services.booking.service", "import sqlalchemy"),
        ("services.booking.store", "from services.booking.handlers.desk import Desk"),
        ("services.booking.store", "import marshmallow"),
        ("services.booking.schemas", "from services.booking.handlers import reading"),
        ("services.booking.schemas", "import sqlalchemy"),
        ("services.booking.model", "import sqlalchemy"),
        ("services.booking.model.deadlines", "from shared.storage.database import Database"),
        ("services.booking.model", "from services.booking.store import BookingStore"),
        ("services.booking.model", "from . import store"),
        ("services.booking.handlers", "from nameko.rpc import rpc"),
        ("services.booking.handlers.making", "import redis"),
        ("services.booking.handlers", "from services.booking import schemas"),
        ("services.notification.model.messages", "import twilio"),
        ("services.availability.search.offered", "import holidays"),
        ("services.patient.model", "import cryptography"),
        ("services.booking.store", "from services.booking.schemas.fields import Text"),
        ("services.booking.store", "import requests"),
        ("services.booking.handlers.making", "from shared.given import Cache"),
        ("services.booking.handlers.making", "from shared.storage.database import Database"),
        ("services.booking.handlers.making", "from shared.bus.rpc import ServiceClient"),
        ("services.booking.handlers.making", "import jinja2"),
        ("services.notification.handlers.sending", "from services.notification.channels.twilio_sms import TwilioSms"),
        ("services.notification.store", "from services.notification.channels import Report"),
        ("services.notification.wording.compose", "from services.notification.channels import Report"),
        ("services.booking.service", "from scripts.texts import CATALOGUES"),
        ("shared.contracts.booking", "from shared.bus.events.outbox import Outbox"),
        ("shared.identity.names", "from shared.storage.database import Database"),
        ("shared.links", "from shared.settings import Settings"),
        ("shared.clinic_documents", "from shared.bus.events.relay import Relay"),
        ("shared.texts.language", "import jinja2"),
        ("shared.clock", "import requests"),
        ("gateway.public.pages.my", "from services.booking.contracts import anything"),
        ("gateway.http.answers", "import bench.search"),
        ("gateway.staff.routes", "from cli import remote"),
        ("demo.clinics", "import services.availability.document"),
        ("cli.main", "from tests import conftest"),
    ],
)
def test_a_forbidden_import_is_found(module: str, source: str) -> None:
    assert violations(module, source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("shared.bus.rpc", "from nameko.rpc import Rpc"),
        ("shared.bus.runner", "from shared.bus.wires import embedded"),
        ("shared.bus.calls.calling", "from shared.bus.wires.link import CallLink"),
        ("shared.clinic.plan.holidays", "from holidays import country_holidays"),
        ("shared.clinic.starts.legality", "from shared.clinic.plan.values import ClinicPlan\nimport zoneinfo"),
        ("shared.clinic.needs", "from shared.clinic.times.weeks import sunday_of\nfrom shared.clinic import document"),
        ("shared.given", "from nameko.extensions import DependencyProvider\nimport redis"),
        ("services.booking.model.deadlines", "from services.booking.model import bookings\nimport zoneinfo"),
        ("services.booking.model", "from . import deadlines"),
        ("services.booking.model", "from shared.contracts.errors import TooLate"),
        ("services.booking.handlers", "from services.booking.store import BookingStore"),
        ("services.booking.store", "import sqlalchemy as sa"),
        ("services.booking.service", "from nameko.timer import timer\nfrom services.booking.handlers import reading"),
        ("services.booking.handlers", "from shared.desk import Desk\nfrom shared.incoming.unread import Unread"),
        ("services.notification.handlers.sending", "from services.notification.channels import NotSent"),
        ("services.booking.migrations.env", "from services.booking.store import metadata"),
        ("services.notification.channels", "from twilio.rest import Client"),
        ("services.notification.channels.hands", "from nameko.extensions import DependencyProvider"),
        ("cli.serve", "from services.booking.service import BookingService\nimport gateway.service"),
    ],
)
def test_an_allowed_import_is_left_alone(module: str, source: str) -> None:
    assert violations(module, source) == []
