"""A browser in which somebody has signed in to the console."""

from typing import Any

from werkzeug.test import TestResponse

from gateway.access.browser.staff_cookie import COOKIE
from gateway.access.sessions import Account, Place
from tests.builders.gateway.world import ADMIN, World

OURS = "http://localhost"
"""Where a test's browser finds the gateway."""

ADMINISTRATOR = Account("ann@solna.example", (Place("solna", "administrator"),), "a1", 1)
THERAPIST = Account("erik@solna.example", (Place("solna", "therapist", "erik"),), "t1", 1)
OF_TWO_CLINICS = Account(
    "both@solna.example", (Place("solna", "therapist", "erik"), Place("lund", "administrator")), "b1", 1
)
INSTALLER = Account(ADMIN, None)


class Browser:
    """Sends requests as the console's own pages have a browser send them."""

    def __init__(self, world: World, account: Account = ADMINISTRATOR, language: str = "en") -> None:
        self.world = world
        self.language = language
        self.token = world.log_in() if account.places is None else world.log_in_as(account)

    def get(self, path: str, **options: Any) -> TestResponse:
        """Load a page; `in_panel` asks for its panel alone."""
        return self.world.get(path, headers=self._headers(options), **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form."""
        headers = self.sending(options)
        return self.world.post(path, data=data or {}, headers=headers, **options)

    def sending(self, options: dict[str, Any] | None = None) -> dict[str, str]:
        """Return the headers of a form that our own page sends."""
        return {"Origin": OURS, "Sec-Fetch-Site": "same-origin", **self._headers(options or {})}

    def follow(self, answer: TestResponse) -> TestResponse:
        """Load where an answer leads to."""
        assert answer.status_code == 303, answer.text
        return self.get(answer.location)

    def _headers(self, options: dict[str, Any]) -> dict[str, str]:
        part = {"HX-Request": "true", "HX-Target": "panel"} if options.pop("in_panel", False) else {}
        cookie = {"Cookie": f"{COOKIE}={self.token}"}
        return {"Accept-Language": self.language, **cookie, **part, **options.pop("headers", {})}
