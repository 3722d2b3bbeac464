"""What open pages ask every two seconds (CONSOLE, "Live")."""

import pytest

from shared.contracts.errors import Unavailable
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.dead_redis import DeadRedis
from tests.builders.gateway.world import World, refusing

LIVE = "/staff/solna/live"


@pytest.fixture
def calls(clinic: World) -> list[object]:
    """Return where every call of any service is noted."""
    noted: list[object] = []
    for service in (clinic.availability, clinic.booking, clinic.patient, clinic.notification, clinic.staff):
        service.calls = noted
    return noted


def test_without_news_there_is_no_answer_and_no_call(clinic: World, calls: list[object]) -> None:
    browser = Browser(clinic)
    first = browser.get(LIVE)
    assert first.status_code == 200
    calls.clear()
    again = browser.get(LIVE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.text, calls) == (304, "", [])


def test_what_happens_at_the_clinic_is_news_and_what_happens_elsewhere_is_none(clinic: World) -> None:
    browser = Browser(clinic)
    known = {"If-None-Match": browser.get(LIVE).headers["ETag"]}
    clinic.pulse.beat({"lund"})
    assert browser.get(LIVE, headers=known).status_code == 304
    clinic.pulse.beat({"solna"})
    assert browser.get(LIVE, headers=known).status_code == 200


def test_where_nobody_knows_whether_there_is_news_everything_may_be(clinic: World) -> None:
    browser = Browser(clinic)
    known = {"If-None-Match": browser.get(LIVE).headers["ETag"]}
    clinic.pulse._client = DeadRedis()
    answer = browser.get(LIVE, headers=known)
    assert answer.status_code == 200
    assert answer.headers["ETag"] != known["If-None-Match"]


def test_the_navigation_counts_what_waits_and_asks_once_for_what_has_not_changed(
    clinic: World, calls: list[object]
) -> None:
    clinic.booking.answers["watch_list_count"] = {"open": 3}
    clinic.notification.answers["failed_count"] = {"failed": 2}
    browser = Browser(clinic)
    assert browser.get(LIVE).json == {"counts": {"watch_list": 3, "messages": 2}}
    assert browser.get(LIVE).json == {"counts": {"watch_list": 3, "messages": 2}}
    page = browser.get("/staff/solna/accounts/new").text
    assert 'data-count="watch_list"><span data-number>3</span> <span class="hush">to call back</span>' in page
    assert len(calls) == 2
    clinic.pulse.beat({"solna"})
    browser.get(LIVE)
    assert len(calls) == 4


def test_a_therapist_is_told_their_own_numbers(clinic: World) -> None:
    clinic.booking.answers["watch_list_count"] = {"open": 3}
    assert Browser(clinic).get(LIVE).json["counts"]["watch_list"] == 3
    clinic.booking.answers["watch_list_count"] = {"open": 1}
    assert Browser(clinic, THERAPIST).get(LIVE).json["counts"]["watch_list"] == 1


def test_what_nobody_can_tell_now_is_left_out_and_asked_for_again_in_some_seconds(clinic: World) -> None:
    clinic.notification.answers["failed_count"] = refusing(Unavailable)
    browser = Browser(clinic)
    assert browser.get(LIVE).json == {"counts": {"watch_list": 0}}
    clinic.notification.answers["failed_count"] = {"failed": 1}
    assert browser.get(LIVE).json == {"counts": {"watch_list": 0}}
    (key,) = clinic.cache.keys("frontdesk:counts:*")
    assert 0 < clinic.cache.ttl(key) <= 5
    clinic.cache.delete(key)
    assert browser.get(LIVE).json == {"counts": {"watch_list": 0, "messages": 1}}
