"""What a recall's link without a time tells the page that it opens (PRODUCT B9, B10, R2)."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.errors import NotFound
from shared.links import need_token
from tests.builders.booking.world import CLINIC, KEYS, a_need, by_recall
from tests.integration.booking.calls import Calls

NEED = "1" * 32
TOKEN = need_token(KEYS.link, NEED)
CONTROLLED = {"controlled": True, "days_after_week": 0}


@pytest.fixture
def called(calls: Calls) -> Calls:
    """Return a clinic whose visits are controlled by needs, and that has called Maja to one."""
    visit = {**calls.world.documents.get(CLINIC).document["types"][0], "needs": CONTROLLED}
    calls.world.change_document(types=[visit])
    calls.hear(a_need())
    return calls


def opened(calls: Calls, token: str = TOKEN) -> dict[str, Any]:
    return calls.by().open_need(token)


def test_the_link_says_what_is_to_be_booked_and_until_when_and_not_for_whom(called: Calls) -> None:
    assert opened(called) == {
        "clinic": CLINIC,
        "need": {
            "id": NEED,
            "type": "visit",
            "practitioner": None,
            "minutes": 50,
            "week": "2026-W49",
            "state": "open",
            "usable_until": "2026-12-06",
        },
    }


def test_a_need_that_a_booking_uses_is_used_until_it_is_cancelled(called: Calls) -> None:
    booked = called.book(by_recall(NEED))
    assert opened(called)["need"]["state"] == "used"
    called.cancel(booked["manage_token"])
    assert opened(called)["need"]["state"] == "open"


def test_a_need_is_expired_on_the_day_after_its_last_b10(called: Calls) -> None:
    called.world.now += timedelta(days=34)
    assert opened(called)["need"]["state"] == "open", "Sunday 6 December"
    called.world.now += timedelta(days=1)
    assert opened(called)["need"]["state"] == "expired"


def test_a_need_that_the_clinic_took_back_is_closed(called: Calls) -> None:
    called.hear(a_need(version=2, state="closed"))
    assert opened(called)["need"]["state"] == "closed"


@pytest.mark.parametrize("token", ["", "x", f"{TOKEN[:-1]}!", need_token("another key", NEED), None, 7])
def test_a_forged_link_opens_nothing(called: Calls, token: Any) -> None:
    with pytest.raises(NotFound):
        opened(called, token)


def test_a_need_that_booking_has_not_heard_of_opens_nothing(calls: Calls) -> None:
    with pytest.raises(NotFound):
        opened(calls)
