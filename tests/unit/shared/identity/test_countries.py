"""Countries: which share a land border, and where time zones lie."""

import phonenumbers
import pytest

from shared.identity.countries import country_of_zone, neighbours_of

EVERYWHERE = frozenset(phonenumbers.SUPPORTED_REGIONS)


def test_land_borders_have_two_sides_and_are_those_of_countries() -> None:
    countries = [country for country in EVERYWHERE if neighbours_of(country)]
    assert len(countries) > 150
    for country in countries:
        assert country not in neighbours_of(country)
        assert all(country in neighbours_of(other) for other in neighbours_of(country))
        assert neighbours_of(country) <= EVERYWHERE
    assert neighbours_of("SE") == {"NO", "FI"}
    assert neighbours_of("IR") == {"AF", "AM", "AZ", "IQ", "PK", "TM", "TR"}
    assert neighbours_of("IS") == neighbours_of("JP") == frozenset()


@pytest.mark.parametrize(
    ("zone", "country"), [("Europe/Stockholm", "SE"), ("Asia/Tehran", "IR"), ("UTC", None), ("Etc/UTC", None)]
)
def test_a_time_zone_lies_in_a_country(zone: str, country: str | None) -> None:
    assert country_of_zone(zone) == country
