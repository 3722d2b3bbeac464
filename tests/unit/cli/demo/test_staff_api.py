"""The demo's own calls: what a busy machine does not get round to is asked again, with the same key."""

import json
from typing import Any

import pytest

from cli.demo import staff_api
from cli.demo.staff_api import Refused, StaffApi


class FakeAnswer:
    """An answer as http.client gives it."""

    def __init__(self, status: int, body: Any) -> None:
        self.status, self._body = status, body

    def read(self) -> bytes:
        """Return the body."""
        return b"" if self._body is None else json.dumps(self._body).encode()


class FakeConnection:
    """Notes requests, and answers what it was told to."""

    def __init__(self, *answers: FakeAnswer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, Any, dict[str, str]]] = []

    def request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> None:
        """Note it."""
        self.asked.append((method, path, body and json.loads(body), dict(headers)))

    def getresponse(self) -> FakeAnswer:
        """Answer."""
        return self.answers.pop(0)


BUSY = {"code": "timeout", "detail": "This is taking too long right now."}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> StaffApi:
    """Return an API that waits for nobody."""
    monkeypatch.setattr(staff_api.time, "sleep", lambda _seconds: None)
    return StaffApi("127.0.0.1", 1)


def answering(api: StaffApi, *answers: FakeAnswer) -> FakeConnection:
    api._connection = FakeConnection(*answers)  # type: ignore[assignment]
    return api._connection  # type: ignore[return-value]


def test_who_has_logged_in_makes_all_further_calls(api: StaffApi) -> None:
    connection = answering(
        api, FakeAnswer(201, {"token": "T"}), FakeAnswer(200, {"accounts": []}), FakeAnswer(204, None)
    )
    api.log_in("ann@solna.example", "secret")
    assert api.get("/v1/x") == {"accounts": []}
    assert api.post("/v1/y", {"on": True}) is None
    assert [asked[3].get("Authorization") for asked in connection.asked] == [None, "Bearer T", "Bearer T"]


def test_what_was_not_got_round_to_is_asked_again_by_the_same_key(api: StaffApi) -> None:
    connection = answering(api, FakeAnswer(504, BUSY), FakeAnswer(504, BUSY), FakeAnswer(201, {"reference": "R"}))
    assert api.post("/v1/clinics/solna/bookings", {}) == {"reference": "R"}
    assert len({asked[3]["Idempotency-Key"] for asked in connection.asked}) == 1
    answering(api, FakeAnswer(201, {}))
    api.post("/v1/clinics/solna/bookings", {})
    assert api._connection.asked[0][3]["Idempotency-Key"] != connection.asked[0][3]["Idempotency-Key"]  # type: ignore[attr-defined]


def test_what_is_refused_is_told_at_once_and_what_stays_busy_in_the_end(api: StaffApi) -> None:
    connection = answering(api, FakeAnswer(409, {"code": "slot_taken", "detail": "Too late."}))
    with pytest.raises(Refused, match="409 slot_taken"):
        api.post("/v1/clinics/solna/bookings", {})
    assert len(connection.asked) == 1
    answering(api, *[FakeAnswer(504, BUSY)] * staff_api._TRIES)
    with pytest.raises(Refused, match="504 timeout"):
        api.get("/v1/x")
