"""Deadlines as people say them (PRODUCT M6)."""

from typing import Any

import pytest

from tests.builders.gateway.clinics import main_of
from tests.builders.gateway.links import LINK, open_link
from tests.builders.gateway.world import World

MIDNIGHT, NOON = "2026-11-29T00:00:00+01:00", "2026-11-29T12:00:00+01:00"


def allowed(until: str) -> dict[str, Any]:
    return {"allowed": True, "until": until, "reason": None}


def told(world: World, rebook: str, cancel: str, language: str = "en") -> str:
    open_link(world, may={"rebook": allowed(rebook), "cancel": allowed(cancel)})
    return main_of(world.get(LINK, query_string={"lang": language}))


def test_whole_days_end_on_their_last_day_and_two_that_are_the_same_are_one_m6(world: World) -> None:
    html = told(world, MIDNIGHT, MIDNIGHT)
    assert "You can move or cancel it until Saturday 28 November." in html
    assert html.count("until") == 1


def test_hours_end_at_their_minute_and_each_function_has_its_own_m6(world: World) -> None:
    html = told(world, NOON, MIDNIGHT)
    assert "You can move it until Sunday 29 November at 12:00." in html
    assert "You can cancel it until Saturday 28 November." in html


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", "till och med lördag 28 november."),
        ("nb", "senest lørdag 28. november."),
        ("da", "til og med lørdag den 28. november."),
        ("fr", "jusqu’au samedi 28 novembre inclus."),
        ("fa", "تا پایان شنبه ۷ آذر می‌توانید"),
    ],
)
def test_the_last_day_counts_in_every_language_m6(world: World, language: str, said: str) -> None:
    assert said in told(world, MIDNIGHT, MIDNIGHT, language)
