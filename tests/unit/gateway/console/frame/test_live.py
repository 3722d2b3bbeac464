"""What open pages ask every two seconds (CONSOLE, "Live")."""

import pytest

from tests.builders.gateway.console import Browser
from tests.builders.gateway.dead_redis import DeadRedis
from tests.builders.gateway.world import World

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
