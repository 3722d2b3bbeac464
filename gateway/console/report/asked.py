"""Which report is asked for: the period, what it is told by, and the periods that are one press away (A2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.console.frame.here import Here
from gateway.http.wording import N_
from shared.contracts.booking import MOST_DAYS_OF_REPORT
from shared.texts.language import month_of

_DAY = timedelta(days=1)
_FOUR_WEEKS = timedelta(days=27)
_A_YEAR = timedelta(days=364)

BY: Mapping[str, str] = {
    "day": N_("Day"),
    "week": N_("Week"),
    "month": N_("Month"),
    "type": N_("Type of appointment"),
    "practitioner": N_("Practitioner"),
}
_MISSING = N_("Enter the first and the last day.")
_IN_ORDER = N_("The last day comes before the first.")
_TOO_LONG = N_("Choose at most two years.")


@dataclass(frozen=True)
class Asked:
    """Dates of the clinic, both included, and by what the report is told."""

    first: date
    last: date
    by: str

    @property
    def query(self) -> dict[str, str]:
        """As addresses and booking have it."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat(), "by": self.by}


def asked_for(here: Here) -> Asked:
    """Return what the address asks for; the last four weeks by day where it says nothing that can be read."""
    given = here.asked("from", "to", "by")
    by = given.get("by", "")
    try:
        first, last = date.fromisoformat(given["from"]), date.fromisoformat(given["to"])
    except (KeyError, ValueError):
        first, last = here.today - _FOUR_WEEKS, here.today
    if problem(first, last):
        first, last = here.today - _FOUR_WEEKS, here.today
    return Asked(first, last, by if by in BY else "day")


def problem(first: date | None, last: date | None) -> str | None:
    """Return what is wrong with a period, None for nothing."""
    if first is None or last is None:
        return _MISSING
    if last < first:
        return _IN_ORDER
    return _TOO_LONG if (last - first).days >= MOST_DAYS_OF_REPORT else None


def near(here: Here, by: str) -> list[tuple[str, Asked]]:
    """Return the periods that are most often wanted, each with what it is called."""
    this_month = month_of(here.today, here.language)
    last_month = month_of(this_month[0] - _DAY, here.language)
    return [
        (N_("Last 4 weeks"), Asked(here.today - _FOUR_WEEKS, here.today, by)),
        (N_("This month"), Asked(this_month[0], here.today, by)),
        (N_("Last month"), Asked(*last_month, by)),
        (N_("Last 12 months"), Asked(here.today - _A_YEAR, here.today, "month" if by == "day" else by)),
    ]
