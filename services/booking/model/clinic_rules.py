"""What booking needs of a clinic's document, read from its normal form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from services.booking.model.needs import Need
from shared.clinic.document import Document, item
from shared.clinic.needs import has_expired, last_day
from shared.clinic.plan.reading import clinic_plan
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.practitioners import online_takers_of, takers_without_need
from shared.clinic.questions import questions_for
from shared.clinic.switches import is_active, is_on
from shared.clinic.times.durations import Duration, parse_duration, parse_minutes
from shared.clinic.times.weeks import week_of
from shared.clinic.uses import Use, uses_of
from shared.contracts.errors import BookingOff, FunctionOff, SlotNotOffered
from shared.identity.numbers import NONE, carries_birth_dates
from shared.texts.language import localized


@dataclass(frozen=True)
class TypeRules:
    """One type of appointment. `practitioners` are those that take it online; `uses` as in `Candidate`.

    `without_need` are those with whom it is booked without a need although it is controlled by needs.
    """

    key: str
    online: bool
    practitioners: tuple[str, ...]
    min_age: int | None
    controlled_by_needs: bool
    without_need: tuple[str, ...]
    choose_practitioner: bool
    rebook_deadline: Duration | None
    cancel_deadline: Duration | None
    buffer_before: timedelta
    buffer_after: timedelta
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class CustomField:
    """A question of the clinic's own (PRODUCT B5).

    `choices` are what may be answered to kind `choice`, in any language, each with the text that is kept of it: the
    clinic's own.
    """

    key: str
    kind: str
    required: bool
    choices: Mapping[str, str]


@dataclass(frozen=True)
class ClinicRules:
    """One clinic's rules at one revision of its document."""

    clinic: str
    revision: int
    document: Document

    @cached_property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.document["time_zone"])

    @cached_property
    def plan(self) -> ClinicPlan:
        """What rules the clinic's times: schedule, public holidays, absences, the booking window."""
        return clinic_plan(self.document)

    @property
    def phone(self) -> str | None:
        """The number that refused patients are told to call."""
        contact = self.document.get("contact") or {}
        phone: str | None = contact.get("phone")
        return phone

    @property
    def scheme(self) -> str:
        """The clinic's scheme of national numbers, or `none`."""
        return str(self.document["identity"])

    @property
    def asks_for_number(self) -> bool:
        """Whether patients give a national number."""
        return self.scheme != NONE

    @property
    def number_tells_birth_date(self) -> bool:
        """Whether the clinic's numbers carry the birth date."""
        return carries_birth_dates(self.scheme)

    @property
    def country(self) -> str | None:
        """The country whose telephone numbers go without prefix."""
        country: str | None = self.document.get("country")
        return country

    @property
    def languages(self) -> list[str]:
        """The languages of the clinic's texts, its own first."""
        return list(self.document["languages"])

    @property
    def new_patients(self) -> bool:
        """Whether patients that the clinic does not know may book (PRODUCT B7)."""
        return bool(self._booking["new_patients"])

    def takes_new_patients(self, practitioner: str) -> bool:
        """Tell whether patients that the clinic does not know may book with `practitioner` (PRODUCT B7, S13).

        Who has left the clinic refuses nobody for being new.
        """
        entry = item(self.document, "practitioners", practitioner)
        return self.new_patients and (entry is None or bool(entry["new_patients"]))

    @property
    def without_login(self) -> bool:
        """Whether patients may book without proving their mobile first (PRODUCT B14)."""
        return bool(self._booking["without_login"])

    @property
    def changeable_origins(self) -> list[str]:
        """Origins of the bookings that patients may move and cancel (PRODUCT M3)."""
        return list(self._booking["changeable"])

    @property
    def hold_length(self) -> timedelta:
        """How long a time is kept for somebody who fills in the form (PRODUCT B12)."""
        return timedelta(minutes=parse_minutes(self._booking["hold"]))

    @property
    def details(self) -> Mapping[str, str]:
        """`required | optional | hidden` by name, mobile, email and message (PRODUCT B3)."""
        details: Mapping[str, str] = self.document["details"]
        return details

    @cached_property
    def practitioners(self) -> dict[str, dict[str, Any]]:
        """The clinic's practitioners by key, in document order."""
        return {entry["key"]: entry for entry in self.document["practitioners"]}

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The clinic's rooms and devices by key, in document order."""
        return {entry["key"]: entry for entry in self.document["resources"]}

    @property
    def is_active(self) -> bool:
        """Whether the clinic's online booking is on at all (PRODUCT B1)."""
        return is_active(self.document)

    def is_on(self, function: str) -> bool:
        """Tell whether the clinic's booking is active and `function` (new | rebook | cancel) is on (PRODUCT B1)."""
        return is_on(self.document, function)

    def require_on(self, function: str) -> None:
        """Refuse where online booking, or this function of it, is switched off (PRODUCT B1)."""
        if not self.is_active:
            raise BookingOff.because("Online booking is switched off; call the clinic.", phone=self.phone)
        if not self.is_on(function):
            raise FunctionOff.because("This cannot be done online here; call the clinic.", phone=self.phone)

    def require_open_window(self, now: datetime) -> None:
        """Refuse before booking opens and once it has closed (PRODUCT S10)."""
        if not self.plan.booking.opening.is_open(now):
            raise SlotNotOffered.because("Booking is not open at this moment.")

    def type(self, key: str) -> TypeRules | None:
        """Return the rules of a type of appointment, or None where the document has none of that key."""
        return self._types.get(key)

    def is_online(self, type: str) -> bool:
        """Tell whether patients can book a type at all."""
        rules = self.type(type)
        return rules is not None and rules.online

    def has_times_to_move_to(self, type: str, practitioner: str) -> bool:
        """Tell whether a booking's type still exists and its practitioner is online: else it has nowhere to go (M4)."""
        entry = item(self.document, "practitioners", practitioner)
        return item(self.document, "types", type) is not None and entry is not None and bool(entry["online"])

    def has_takers(self, type: str) -> bool:
        """Tell whether anybody takes a type online."""
        rules = self.type(type)
        return rules is not None and bool(rules.practitioners)

    def custom_fields(self, type: str) -> list[CustomField]:
        """Return the clinic's own questions for a type, in document order (PRODUCT B5)."""
        return [
            CustomField(
                entry["key"], entry["kind"], bool(entry["required"]), _choices(entry.get("choices"), self.languages[0])
            )
            for entry in questions_for(self.document["fields"], type)
        ]

    def deadline(self, function: str, type: str) -> Duration:
        """Return how long before the start `function` (rebook | cancel) ends: the type's own or the clinic's (M6)."""
        rules = self.type(type)
        own = None if rules is None else getattr(rules, f"{function}_deadline")
        return own or parse_duration(self._booking[f"{function}_deadline"])

    def last_day(self, need: Need) -> date | None:
        """Return the last date on which a need can be used; None without a limit, or where its type is gone (B10)."""
        return last_day(self.document, need.type, need.week)

    def usable_until(self, need: Need) -> str | None:
        """Return the last day as answers and events write it."""
        last = self.last_day(need)
        return None if last is None else last.isoformat()

    def has_expired(self, need: Need, today: date) -> bool:
        """Tell whether `today`, the clinic's date, is past a need's last day (PRODUCT B10)."""
        return has_expired(self.document, need.type, need.week, today)

    def week_of(self, moment: datetime) -> str:
        """Return the ISO week of a moment's date at the clinic, `2026-W49`."""
        return week_of(moment.astimezone(self.zone).date())

    def alias(self, type: str, language: str) -> str:
        """Return the name that patients see of a type; its key where the document no longer has it (PRODUCT S12)."""
        entry = item(self.document, "types", type)
        if entry is None:
            return type
        return localized(entry["alias"], language, self.languages[0]) or str(entry["name"])

    def patient_may_change(self, origin: str) -> bool:
        """Tell whether patients may change bookings of this origin by any function at all (PRODUCT M1, M3)."""
        return origin in self.changeable_origins and (self.is_on("rebook") or self.is_on("cancel"))

    @cached_property
    def _types(self) -> dict[str, TypeRules]:
        return {entry["key"]: self._read_type(entry) for entry in self.document["types"]}

    @property
    def _booking(self) -> Document:
        booking: Document = self.document["booking"]
        return booking

    def _read_type(self, entry: Document) -> TypeRules:
        return TypeRules(
            key=entry["key"],
            online=bool(entry["online"]),
            practitioners=online_takers_of(entry, self.document),
            min_age=entry["min_age"],
            controlled_by_needs=bool(entry["needs"]["controlled"]),
            without_need=takers_without_need(entry, self.document),
            choose_practitioner=bool(entry["needs"]["choose_practitioner"]),
            rebook_deadline=_duration(entry["rebook_deadline"]),
            cancel_deadline=_duration(entry["cancel_deadline"]),
            buffer_before=timedelta(minutes=parse_minutes(entry["buffer_before"])),
            buffer_after=timedelta(minutes=parse_minutes(entry["buffer_after"])),
            uses=uses_of(entry, self.document),
        )


def _duration(text: str | None) -> Duration | None:
    return None if text is None else parse_duration(text)


def _choices(choices: list[Any] | None, own: str) -> dict[str, str]:
    """Return every way a choice may be written (plain, or one text per language), each with the clinic's own text."""
    found: dict[str, str] = {}
    for choice in choices or []:
        texts = choice if isinstance(choice, Mapping) else {own: str(choice)}
        for text in texts.values():
            found.setdefault(text, localized(texts, own) or text)
    return found
