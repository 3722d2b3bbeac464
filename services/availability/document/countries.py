"""Which countries and regions have public holidays that can be told (PRODUCT S9)."""

from functools import cache

from services.availability.document.problems import did_you_mean, listed, shown


@cache
def country_problem(country: str) -> str | None:
    """Return what is wrong with a country code, or None."""
    try:
        _regions(country)
    except NotImplementedError:
        return f"The public holidays of {shown(country)} are not known; write a code of ISO 3166-1 such as SE."
    return None


@cache
def region_problem(country: str, region: str) -> str | None:
    """Return what is wrong with a region of a country that is known, or None."""
    regions = _regions(country)
    if region in regions:
        return None
    if not regions:
        return f"{shown(country)} has no regions with holidays of their own; remove the region."
    return (
        f"{shown(region)} is not a region of {country}; write one of {listed(regions)}.{did_you_mean(region, regions)}"
    )


@cache
def _regions(country: str) -> tuple[str, ...]:
    from holidays import country_holidays  # here: it takes half a second to load, and only documents need it

    return tuple(sorted(country_holidays(country).subdivisions))
