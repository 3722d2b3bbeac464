"""What is asked for: an appointment of which type, with whom, how long, or another time for which booking."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Moving(NamedTuple):
    """The booking whose time is to be moved: its practitioner and length stay (PRODUCT M4).

    Without a practitioner, whoever takes its type will do: its patient was asked to choose another time (C12).
    """

    practitioner: str | None
    minutes: int
    start: datetime
    reference: str
    present_on: date
    """The local date on which it is now."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An appointment as somebody wishes it."""

    type: str
    practitioner: str | None = None
    """None: any."""
    minutes: int | None = None
    """A length in place of the type's: what a need gives (PRODUCT B9), or staff say."""
    moving: Moving | None = None
    """None: a new booking."""
    as_new_patient: bool = False
    """Only with who takes patients that the clinic does not know (PRODUCT S13)."""
    without_need: bool = False
    """Of a type that is controlled by needs, only with who takes it without one (PRODUCT B9)."""


@dataclass(frozen=True, kw_only=True)
class AskedDates(Asked):
    """Free times of the local dates from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class AskedStart(Asked):
    """One time. Staff override every rule, but outside any block they say so with `outside_plan`."""

    start: datetime
    staff: bool = False
    outside_plan: bool = False
