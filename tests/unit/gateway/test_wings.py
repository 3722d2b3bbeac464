"""The gateway's floor plan: what its wings may import, no circle, few floors, no folder and no module too large."""

import pytest

from tests.unit.import_rules.floors import MOST_FLOORS, FloorPlan, height
from tests.unit.import_rules.source import imports
from tests.unit.import_rules.wings import WINGS, wing_may_import

PLAN = FloorPlan("gateway")


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("gateway.http.request", "from gateway.access.proof import Proof"),
        ("gateway.http.routes", "from gateway.clients.services import Services"),
        ("gateway.access.actors", "from gateway.api.operation import Operation"),
        ("gateway.access.door", "from gateway.clients import search"),
        ("gateway.views.rendering", "from gateway.public.booking.details import fields_for"),
        ("gateway.views.fields", "from gateway.access import sessions"),
        ("gateway.clients.search", "from gateway.views.rendering import page"),
        ("gateway.pdf.recall_cards", "from gateway.clients.services import Services"),
        ("gateway.api.answering", "from gateway.views.error_page import error_page"),
        ("gateway.public.api.bookings", "from gateway.staff.bookings import bookings"),
        ("gateway.public.refusals", "from gateway.operators import outbox"),
        ("gateway.public.draft", "from gateway.public.booking.page import BookingPage"),
        ("gateway.public.booking.page", "from gateway.public.pages.my import MyPage"),
        ("gateway.public.pages.my", "from gateway.public.api import patients"),
        ("gateway.staff.bookings", "from gateway.views.rendering import page"),
        ("gateway.staff.bookings", "from gateway.console import calendar"),
        ("gateway.console.calendar.day", "from gateway.public.draft import Draft"),
        ("gateway.console.frame", "from gateway.staff import routes"),
        ("gateway.operators.outbox", "from gateway.console import frame"),
        ("gateway.operators.health", "from gateway import service"),
        ("gateway.unplanned.thing", "from gateway.http.request import Request"),
        ("gateway.api.operation", "from nameko.web.handlers import http"),
        ("gateway.public.pages.my", "from shared.bus.rpc import ServiceClient"),
        ("gateway.access.door", "from shared.given import Cache"),
        ("gateway.views.rendering", "import eventlet"),
        ("gateway.operators.health", "import redis"),
        ("gateway.public.booking.held_time", "import redis"),
        ("gateway.staff.cards", "from fpdf import FPDF"),
        ("gateway.views.rendering", "import segno"),
        ("gateway.public.pages.my", "from jinja2 import Environment"),
        ("gateway.api.answering", "import jinja2"),
        ("gateway.public.api.bookings", "from marshmallow import Schema"),
        ("gateway.http.request", "import marshmallow"),
        ("gateway.api.operation", "import apispec"),
        ("gateway.operators.health", "from prometheus_client import Counter"),
        ("gateway.staff.logins", "from argon2 import PasswordHasher"),
        ("gateway.access.limits", "import fakeredis"),
        ("gateway.clients.search", "import kombu"),
        ("gateway.clients.providers", "import sqlalchemy"),
        ("gateway.clients.search", "from shared.storage.database import Database"),
        ("gateway.public.pages.my", "from shared.storage.redis_store import connect"),
        ("gateway.access.door", "import requests"),
        ("gateway.operators.webhooks", "import twilio"),
        ("gateway.operators.webhooks", "from sendgrid.helpers import eventwebhook"),
    ],
)
def test_an_import_that_the_wings_forbid_is_found(module: str, source: str) -> None:
    assert not any(wing_may_import(module, name) for name in imports(module, source))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("gateway.access.actors", "from gateway.http.request import Request\nimport redis"),
        ("gateway.pdf.recall_cards", "from gateway.views.fields import Field\nimport segno"),
        ("gateway.public.booking.page", "from gateway.public.draft import Draft\nfrom gateway.views import rendering"),
        ("gateway.console.calendar.day", "from gateway.views.rendering import page\nfrom gateway.console import frame"),
        ("gateway.pdf.issued_cards", "from gateway.pdf.recall_cards import printed\nfrom eventlet import tpool"),
        ("gateway.views.rendering", "import jinja2"),
        ("gateway.service", "from gateway.public.booking import page\nfrom shared.bus.rpc import ServiceClient"),
    ],
)
def test_an_import_that_the_wings_allow_is_left_alone(module: str, source: str) -> None:
    assert all(wing_may_import(module, name) for name in imports(module, source))


def test_every_wing_is_in_the_table() -> None:
    found = {module.split(".")[1] for module in PLAN.sources if "." in module}
    assert found <= set(WINGS)
    assert len(found) > 8


def test_a_circle_of_rooms_is_found() -> None:
    assert height({"a": {"b"}, "b": {"c"}, "c": set()}) == 3
    with pytest.raises(pytest.fail.Exception, match="circle"):
        height({"a": {"b"}, "b": {"c"}, "c": {"a"}})


@pytest.mark.parametrize(
    ("depth", "most"),
    [
        (1, MOST_FLOORS),
        (2, MOST_FLOORS + 1),  # in the console rooms stand on its frame, and the booking of patients on their room
    ],
)
def test_wings_and_the_folders_in_them_stand_on_few_floors_in_no_circle(depth: int, most: int) -> None:
    assert height(PLAN.rooms(depth)) <= most


def test_no_module_uses_itself_by_way_of_others() -> None:
    assert height(PLAN.modules())


def test_no_folder_has_many_modules_and_no_module_many_lines() -> None:
    assert (PLAN.crowded(), PLAN.long()) == ({}, {})
