"""While `LOOKUP_KEY` is replaced, what was hashed by either key is found, and histories stay whole (A3, ADR 59)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.booking.handlers.bookings.checkpointing import checkpoint
from shared.contracts.errors import Invalid, WrongLogin
from tests.builders.booking.world import CLINIC, KEYS, MAJA, STAFF, START, logged_in
from tests.integration.booking.calls import Calls
from tests.integration.booking.recalls.clinic import RECORD

NEW = replace(KEYS, lookup="new-key")
BEHIND = replace(KEYS, other_lookups=("new-key",))
"""The first restart: the old key hashes, the new one finds too."""
IN_FRONT = replace(NEW, other_lookups=("lookup-key",))
"""The second."""
OUT = replace(NEW, former_lookups=("lookup-key",))
"""The third, when all that can be is hashed anew."""


def at(hours: int, former: str) -> dict[str, Any]:
    """Return an appointment of Maja's, so many hours after START."""
    return {"start": (START + timedelta(hours=hours)).isoformat(), "former": former}


def outcomes(answers: list[dict[str, Any]]) -> list[str]:
    return [each["outcome"] for each in answers]


def verified(calls: Calls) -> dict[str, Any]:
    """Return what verifying the clinic's histories tells."""
    told: dict[str, Any] = calls.by(STAFF).verify_history(CLINIC)
    return told


either = pytest.mark.parametrize("by", [KEYS, NEW], ids=["hashed by the old", "by the new"])
both = pytest.mark.parametrize("keys", [BEHIND, IN_FRONT], ids=["behind", "in front"])


@either
@both
def test_a3_a_login_finds_what_was_booked_with_its_mobile(calls: Calls, by: Any, keys: Any) -> None:
    """M7."""
    calls.world.keys = by
    reference = calls.book()["reference"]
    calls.world.keys = keys
    assert [each["reference"] for each in calls.my_bookings(logged_in())["bookings"]] == [reference]


@either
@both
def test_a3_the_code_of_a_recall_opens_it(calls: Calls, by: Any, keys: Any) -> None:
    """M2."""
    calls.world.patients.records[MAJA] = dict(RECORD)
    calls.world.keys = by
    issued = calls.recall()
    calls.world.keys = keys
    typed = {"code": issued["code"], "birth_date": RECORD["birth_date"]}
    assert calls.open_recall(**typed)["manage_token"]
    calls.world.keys = replace(KEYS, lookup="another")
    with pytest.raises(WrongLogin):
        calls.open_recall(**typed)


@pytest.mark.parametrize(("by", "keys"), [(KEYS, BEHIND), (KEYS, IN_FRONT), (NEW, BEHIND)])
def test_a3_a_repeated_call_is_known_by_its_body_however_it_was_hashed(calls: Calls, by: Any, keys: Any) -> None:
    """B13."""
    calls.world.keys = by
    first = calls.book(key="k-1")
    calls.world.keys = keys
    assert calls.book(key="k-1") == first
    with pytest.raises(Invalid):
        calls.book(key="k-1", message="another")


@pytest.mark.parametrize("keys", [BEHIND, IN_FRONT, OUT], ids=["behind", "in front", "out"])
def test_a3_histories_and_checkpoints_of_before_and_of_now_are_whole(calls: Calls, keys: Any) -> None:
    """A1: what one process writes by the old key and the next by the new one is one chain; a stranger's key is none."""
    reference = calls.book(message="Ring first")["reference"]
    checkpoint(calls.world.desk())
    calls.world.keys = keys
    calls.change(STAFF, reference, start=(START.replace(hour=15)).isoformat())
    checkpoint(calls.world.desk())
    told = verified(calls)
    assert (told["broken"], told["checkpoints"], told["waiting"]) == ([], 2, 0)
    calls.world.keys = replace(KEYS, lookup="another-key")
    assert verified(calls)["broken"], "nobody else's key makes it whole"


@pytest.mark.parametrize("keys", [BEHIND, IN_FRONT, OUT], ids=["behind", "in front", "out"])
def test_a3_lines_of_a_former_system_are_known_by_the_key_that_noted_them(calls: Calls, keys: Any) -> None:
    """C14: a newer file moves what is as it came, and leaves what was moved here."""
    calls.world.patients.records[MAJA] = dict(RECORD)
    first = calls.take_over(at(0, "1"), at(2, "2"))
    calls.change(STAFF, first[1]["reference"], start=START.replace(hour=18).isoformat())
    calls.world.keys = keys
    again = calls.take_over(at(0, "1"), at(2, "2"))
    assert outcomes(again) == ["known", "known"]
    assert [each["reference"] for each in again] == [each["reference"] for each in first]
    assert again[1]["kept"] == "moved"
    assert outcomes(calls.take_over(at(1, "1"), at(3, "2"))) == ["changed", "known"]
    assert outcomes(calls.take_over(at(1, "1"))) == ["known"]
