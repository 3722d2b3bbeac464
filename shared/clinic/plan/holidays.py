"""Public holidays by name, from the `holidays` package (PRODUCT S9)."""

from datetime import date

_PACKAGE_CODES = {"nb": "no"}


class PublicHolidays:
    """The public holidays of a country (and region), worked out year by year when first asked for."""

    def __init__(self, country: str | None, region: str | None = None, language: str | None = None) -> None:
        self._country = country
        self._region = region
        self._language = language
        self._years: dict[int, dict[date, str]] = {}

    def get(self, day: date) -> str | None:
        """Return the name of the holiday on `day`, or None.

        Names are in the language asked for where the package has it, else in the country's own. A country or
        region that the package does not know has no holidays.
        """
        if self._country is None:
            return None
        names = self._years.get(day.year)
        if names is None:
            names = self._years[day.year] = _of_year(self._country, self._region, self._language, day.year)
        return names.get(day)


def _of_year(country: str, region: str | None, language: str | None, year: int) -> dict[date, str]:
    from holidays import country_holidays  # here, so that a clinic without a country never pays for loading it

    try:
        calendar = country_holidays(country, subdiv=region)
    except NotImplementedError:
        return {}
    wanted = _PACKAGE_CODES.get(language or "", language)
    spoken = next((code for code in calendar.supported_languages if code.split("_")[0] == wanted), None)
    return dict(country_holidays(country, subdiv=region, years=year, language=spoken or calendar.default_language))
