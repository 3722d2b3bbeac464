"""Weeks as recalls name them, ISO weeks, and as people read them."""

from datetime import date, timedelta

from gateway.http.wording import LOCALES, N_
from shared.clinic.times.weeks import sunday_of, week_of
from shared.texts.language import format_number, format_short_date, translations

_SAID = N_("week %(number)s, %(first)s – %(last)s")
_AHEAD = 60
_BEHIND = 4


def coming_weeks(today: date) -> list[str]:
    """Return the weeks that a need may be given for: four that are over, this one, and more than a year."""
    return [week_of(today + timedelta(weeks=number)) for number in range(-_BEHIND, _AHEAD)]


def said_week(week: str, language: str) -> str:
    """Return a week by its number and its days, which say more where weeks begin on Saturday."""
    sunday = sunday_of(week)
    return translations(LOCALES, language).gettext(_SAID) % {
        "number": format_number(int(week[-2:]), language),
        "first": format_short_date(sunday - timedelta(days=6), language),
        "last": format_short_date(sunday, language),
    }
