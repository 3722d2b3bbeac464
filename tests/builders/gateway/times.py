"""Somebody who knows free times, and clinics that offer them."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from gateway.views.clinic_view import ClinicView, clinic_view
from gateway.views.day_grid import Day
from services.availability.document import check
from tests.builders.gateway.clinics import DOCUMENT


class FakeSource:
    """Knows some free days, all of the same times, and holidays by name; remembers what it was asked."""

    def __init__(
        self, *free: date, times: tuple[str, ...] = ("09:00",), holidays: Mapping[date, str] = MappingProxyType({})
    ) -> None:
        self.free = free
        self.times = times
        self.named = holidays
        self.asked: list[tuple[str, date, date]] = []

    @property
    def days_asked(self) -> list[tuple[date, date]]:
        """The first and last days whose levels it was asked."""
        return [(first, last) for what, first, last in self.asked if what == "days"]

    def days(self, first: date, last: date) -> Mapping[date, Day]:
        """Return the free days and the holidays in the range."""
        self.asked.append(("days", first, last))
        known = {day: Day(holiday=name) for day, name in self.named.items()}
        known |= {day: Day("few", self.named.get(day)) for day in self.free}
        return {day: its for day, its in known.items() if first <= day <= last}

    def starts(self, first: date, last: date) -> list[str]:
        """Return the times of the free days in the range."""
        self.asked.append(("starts", first, last))
        return [f"{day}T{time}:00+01:00" for day in self.free if first <= day <= last for time in self.times]

    def holidays(self, first: date, last: date) -> Mapping[date, str]:
        """Return the holidays in the range."""
        self.asked.append(("holidays", first, last))
        return {day: name for day, name in self.named.items() if first <= day <= last}


def a_clinic(language: str = "en", **booking: object) -> ClinicView:
    """Return a clinic without a horizon, as patients see it."""
    return clinic_view(check({**DOCUMENT, "booking": {"active": True, **booking}}).document, language)
