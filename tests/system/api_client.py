"""The HTTP API as tests speak it: one method per call, answers as they come."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import requests

TIME_LIMIT = 20
TOO_LATE = 504
TRIES = 3
"""How often one call is made where the answer says that it took too long: a machine may stall for seconds."""


@dataclass
class Answer:
    """A status and its JSON body."""

    status: int
    body: Any

    def __getitem__(self, key: str) -> Any:
        return self.body[key]


@dataclass
class Client:
    """Somebody who speaks to the gateway at `url`; with `token` a member of staff."""

    url: str
    token: str | None = None
    session: requests.Session = field(default_factory=requests.Session)
    tries: int = TRIES

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any
    ) -> Answer:
        """Make one call below /v1; once more where it took too long and that does no harm, as the answer tells clients.

        It does none for a reading, for a move, and with an Idempotency-Key.
        """
        sent = dict(headers or {})
        harmless = method == "GET" or path.endswith("/rebook") or "Idempotency-Key" in sent
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        for _ in range(self.tries if harmless else 1):
            answer = self.session.request(
                method, f"{self.url}/v1{path}", json=body, params=query, headers=sent, timeout=TIME_LIMIT
            )
            if answer.status_code != TOO_LATE:
                break
        return Answer(answer.status_code, answer.json() if answer.content else None)

    def get(self, path: str, **query: Any) -> Answer:
        """Read something."""
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """Do something; header names are given with underscores."""
        return self.call("POST", path, body or {}, {name.replace("_", "-"): value for name, value in headers.items()})

    def slots(self, clinic: str, type_key: str, first: date, days: int = 31, **query: Any) -> list[dict[str, Any]]:
        """Return the slots of `days` days from `first`: those for new patients, unless `for` says otherwise."""
        last = first + timedelta(days=days - 1)
        answer = self.call(
            "GET",
            f"/clinics/{clinic}/slots",
            **{"type": type_key, "from": first.isoformat(), "to": last.isoformat(), "for": "new", **query},
        )
        assert answer.status == 200, answer
        found: list[dict[str, Any]] = answer["slots"]
        return found


def staff(url: str, email: str, password: str) -> Client:
    """Log a member of staff in."""
    answer = Client(url).post("/staff/logins", {"email": email, "password": password})
    assert answer.status == 201, answer
    return Client(url, token=answer["token"])
