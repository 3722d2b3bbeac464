"""A gateway without network: the real application and routes, with services that answer what a test told them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fakeredis
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from gateway.access.actors import Caller
from gateway.access.door import FrontDoor
from gateway.access.guesses import Guesses
from gateway.access.limits import Limits
from gateway.access.login_codes import LoginCodes
from gateway.access.password_tries import PasswordTries
from gateway.access.patient_sessions import PatientSessions
from gateway.access.proof import Proofs
from gateway.access.resets import Resets
from gateway.access.rush import Rush
from gateway.access.sessions import Account, Sessions
from gateway.access.standing_holds import StandingHolds
from gateway.api.answering import answered
from gateway.clients.pictures import Pictures
from gateway.clients.search import Search
from gateway.http.app import App, map_of
from gateway.http.metrics import Metrics
from gateway.http.proxies import TrustedProxies
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.service import ROUTES
from gateway.views.error_page import error_page
from shared.actor import CONTEXT_KEY, Actor, verify
from shared.clinic_documents import ClinicDocuments, Revisions
from shared.contracts.errors import Refusal, WrongLogin
from shared.contracts.staff import revision_name
from shared.sealed import Sealer
from shared.settings import SERVICES, Settings, from_environment
from shared.storage.pulse import Pulse
from shared.storage.slot_cache import SlotCache
from tests.builders.clock import FakeClock
from tests.builders.gateway.fakes import FakeService

ADMIN = "admin@frontdesk.example"
PASSWORD = "a long enough password"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class World:
    """The gateway's application with everything around it faked; `get`, `post` … send requests into it."""

    def __init__(self, data_dir: Path, **settings: Any) -> None:
        self.settings: Settings = replace(from_environment({"DATA_DIR": str(data_dir)}), **settings)
        self.clock = FakeClock(NOW)
        redis = fakeredis.FakeServer()
        self.cache = fakeredis.FakeRedis(server=redis, decode_responses=True)
        undecoded = fakeredis.FakeRedis(server=redis)
        self.pulse = Pulse(self.cache)
        self.slot_cache = SlotCache(undecoded)
        self.search = Search(self.slot_cache)
        self.pictures = Pictures()
        self.metrics = Metrics()
        patients = PatientSessions(self.cache, Sealer(self.settings.event_keys), self.clock)
        self.door = FrontDoor(
            passwords=PasswordTries(self.cache),
            resets=Resets(self.cache),
            sessions=Sessions(self.cache, self.clock),
            patients=patients,
            codes=LoginCodes(self.cache, self.settings.lookup_keys),
            proofs=Proofs(patients, self.settings.link_keys),
            guesses=Guesses(self.cache, self.settings.lookup_key),
            limits=Limits(self.cache, self.settings.booking_rate_limit),
            holds=StandingHolds(self.cache, self.settings.booking_rate_limit, self.clock),
            rush=Rush(self.cache, self.settings.taking_at_once, self.settings.booking_rate_limit, self.clock),
            metrics=self.metrics,
        )
        self.context: dict[str, Any] = {}
        self.documents = ClinicDocuments(Revisions(self.cache), self._fetch)
        self.languages = ["en", "sv"]
        self.two_step = "optional"
        self.availability, self.booking, self.patient, self.notification, self.staff = (
            FakeService(name, self._actor) for name in SERVICES
        )
        self.booking.answers["watch_list_count"] = {"open": 0}
        self.notification.answers["failed_count"] = {"failed": 0}
        self.staff.answers["log_in"] = only_the_administrator
        self.app = App(
            MAP,
            self._dispatch,
            error_page,
            TrustedProxies(self.settings.trusted_proxies),
            self.metrics,
            is_https=False,
        )
        self.client = Client(self.app)
        self.bare = Client(self.app, use_cookies=False)

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request; `token` is a bearer token."""
        headers = dict(options.pop("headers", {}))
        if token := options.pop("token", None):
            headers["Authorization"] = f"Bearer {token}"
        environ = {"REMOTE_ADDR": "203.0.113.7", **options.pop("environ", {})}
        client = self.bare if "Cookie" in headers else self.client  # a browser that is not this one
        return client.open(path, method=method, headers=headers, environ_overrides=environ, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        """Send a GET."""
        return self.send("GET", path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        """Send a POST."""
        return self.send("POST", path, **options)

    def log_in(self) -> str:
        """Return the token of a fresh session of the installation's administrator."""
        return self.door.sessions.start(Account(ADMIN, None))

    def log_in_as(self, account: Account) -> str:
        """Return the token of a fresh session of an account, whose revision is the one in force."""
        self.announce(str(account.id), account.revision)
        return self.door.sessions.start(account)

    def require_two_step(self) -> None:
        """Let every clinic require two-step login of its staff from now on."""
        self.two_step = "required"
        self.documents = ClinicDocuments(Revisions(self.cache), self._fetch)

    def announce(self, account: str, revision: int) -> None:
        """Let an account have a revision from now on, as staff does."""
        Revisions(self.cache).announce(revision_name(account), revision)

    def _fetch(self, clinic: str) -> dict[str, Any]:
        document = {"clinic": clinic, "languages": self.languages, "two_step": {"staff": self.two_step}}
        return {"revision": 1, "document": document}

    def _actor(self) -> Actor:
        return verify(self.context[CONTEXT_KEY], self.settings.actor_keys(), self.clock.now())

    def _dispatch(self, route: Route, request: Request) -> Response | Refusal:
        self.context.clear()
        self.caller = Caller(self.context, self.settings.actor_key, self.clock)
        return answered(self, route, request)


def only_the_administrator(email: str, password: str, **_code: str) -> dict[str, Any]:
    """Answer as staff does where nobody else has an account."""
    if (email.strip().lower(), password) != (ADMIN, PASSWORD):
        raise WrongLogin.because("The email or the password is wrong.")
    return {"account": None, "email": ADMIN, "clinics": None, "revision": 0, "two_step": False}


MAP = map_of(ROUTES)
"""Made once: Werkzeug compiles every rule."""


def refusing(refusal: type[Refusal], **extra: Any) -> Refusal:
    """Return a refusal as services raise it."""
    return refusal.because("In the service's own words.", **extra)
