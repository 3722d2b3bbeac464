"""The staff API as the demo's own desk calls it, over HTTP as any program does."""

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

_SECONDS = 30.0
_REFUSED = 400
_BUSY = {"timeout", "unavailable"}
_TRIES, _PAUSE = 20, 1.0
"""How often a call is made, seconds apart, that a busy machine does not get round to."""


class Refused(Exception):
    """The API refused a call; `code` says why."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.code = code


class StaffApi:
    """Calls to the gateway of this process, by whoever has logged in last."""

    def __init__(self, host: str, port: int) -> None:
        """Call the gateway that listens there; nothing is sent before the first call."""
        self._connection = HTTPConnection(host, port, timeout=_SECONDS)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}

    def log_in(self, email: str, password: str) -> None:
        """Make all further calls as somebody of the staff."""
        found = self.post("/v1/staff/logins", {"email": email, "password": password})
        self._headers["Authorization"] = f"Bearer {found['token']}"

    def get(self, path: str) -> Any:
        """Return what a call reads; raise Refused."""
        return self._call("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Return what a call answers, whose repetition makes nothing twice; raise Refused."""
        return self._call("POST", path, json.dumps(body))

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _call(self, method: str, path: str, body: str | None) -> Any:
        key = {"Idempotency-Key": uuid4().hex} if path.endswith("/bookings") else {}
        for left in reversed(range(_TRIES)):
            try:
                return self._once(method, path, body, {**self._headers, **key})
            except Refused as refused:
                if refused.code not in _BUSY or not left:
                    raise
            time.sleep(_PAUSE)
        raise AssertionError("unreachable")

    def _once(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Any:
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        read = answer.read()
        found: Any = json.loads(read) if read else None
        if answer.status >= _REFUSED:
            raise Refused(answer.status, found["code"], found["detail"])
        return found
