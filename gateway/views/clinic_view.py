"""What pages show of a clinic: its document's normal form, cut down to what patients may see, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from gateway.views.look import PictureView, sheet_address
from gateway.views.own_texts import OwnText, OwnTexts
from shared.clinic.opening import BookableDates, bookable_dates_of
from shared.clinic.practitioners import length_with, online_takers_of, takers_without_need
from shared.clinic.sms_countries import sms_countries
from shared.clinic.switches import functions_on
from shared.clinic.telling.reminders import QuietHours, Reminder, read_reminders
from shared.clinic.week_templates import types_bookable_in
from shared.contracts.pictures import Picture
from shared.identity.numbers import NONE
from shared.texts.language import format_length, format_price
from shared.texts.spoken_languages import languages_in_a_row

_FARTHEST_DAYS = 366
"""How far a calendar without a window of its own can be paged."""


@dataclass(frozen=True)
class PractitionerView:
    """Somebody who can be chosen; `new_patients` says whether also by patients that the clinic does not know (S13).

    `about` are a few lines, `speaks` the languages by their names (B21).
    """

    key: str
    name: str
    title: str | None
    new_patients: bool
    picture: PictureView | None = None
    about: str | None = None
    speaks: str | None = None


@dataclass(frozen=True)
class TypeView:
    """A type of appointment as patients see it (S12): alias, never the internal name.

    `choose_practitioner` says whether the patient picks somebody, and not their need (B9); `choose_beside_need` whether
    they do so also with a need; `without_need` are those with whom it is booked without one although needs control it.
    """

    key: str
    alias: str
    description: str | None
    info: str | None
    bring: str | None
    price: str | None
    minutes: Mapping[str, int]
    practitioners: tuple[PractitionerView, ...]
    min_age: int | None
    needs_controlled: bool
    choose_practitioner: bool
    choose_beside_need: bool
    without_need: tuple[PractitionerView, ...]
    language: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of those whom it is booked with."""
        return tuple(each.key for each in self.practitioners)

    @property
    def shows_faces(self) -> bool:
        """Whether there is a picture of any of those whom it is booked with."""
        return any(each.picture for each in self.practitioners)

    @property
    def is_for_known_alone(self) -> bool:
        """Whether nobody takes patients for this whom the clinic does not know (B7)."""
        return not any(each.new_patients for each in self.practitioners)

    @property
    def is_for_everybody(self) -> bool:
        """Whether it makes no difference to whom this can be booked with whether the clinic knows a patient."""
        return all(each.new_patients for each in self.practitioners)

    def by_need(self) -> "TypeView":
        """Return the type as it is for somebody who was called to it, though others may book it without (R1)."""
        return replace(self, needs_controlled=True, choose_practitioner=self.choose_beside_need)

    def without_invitation(self) -> "TypeView":
        """Return the type as it is for somebody who has not been called to it (B9)."""
        return replace(self, needs_controlled=False, choose_practitioner=True, practitioners=self.without_need)

    def for_new_patients(self) -> "TypeView":
        """Return the type as it is for somebody whom the clinic does not know (S13)."""
        return replace(self, practitioners=tuple(each for each in self.practitioners if each.new_patients))

    def length_with(self, practitioner: PractitionerView | None) -> str:
        """Return how long it takes with a practitioner, or all lengths there are: `30 min / 45 min`."""
        known = self.minutes.get(practitioner.key) if practitioner else None
        minutes = [known] if known else sorted(set(self.minutes.values()))
        return " / ".join(format_length(each, self.language) for each in minutes)


@dataclass(frozen=True)
class ClinicView:
    """One clinic in one language. `details` says per detail required, optional or hidden (B3).

    `types` are those that can be booked online, `templates` which of them in which week template; `aliases` names
    every type, for bookings that staff made. `sheet` is the address of the clinic's own colours (B21).
    `two_step_login` asks for the national number beside the code (B14); `frame_ancestors` are the sites that may show
    its booking inside theirs, as a page's policy names them (B16).
    """

    key: str
    name: str
    language: str
    languages: tuple[str, ...]
    zone: ZoneInfo
    country: str | None
    sms_countries: frozenset[str]
    contact: Mapping[str, str | None]
    logo: PictureView | None
    sheet: str | None
    identity: str
    details: Mapping[str, str]
    texts: Mapping[str, str | None]
    types: tuple[TypeView, ...]
    templates: Mapping[str, frozenset[str]]
    aliases: Mapping[str, str]
    practitioners: Mapping[str, PractitionerView]
    functions: Mapping[str, bool]
    without_login: bool
    new_patients: bool
    two_step_login: bool
    few: int
    shows_month_first: bool
    names_holidays: bool
    frame_ancestors: tuple[str, ...]
    dates: BookableDates
    fields: tuple[Mapping[str, Any], ...]
    reminders: tuple[Reminder, ...]
    quiet_hours: QuietHours

    def type(self, key: str) -> TypeView | None:
        """Return the online type of this key, or None."""
        return next((found for found in self.types if found.key == key), None)

    def within(self, template: str) -> "ClinicView":
        """Return the clinic with only the types that can be booked in a week template (B15); whole for no such."""
        bookable = self.templates.get(template)
        if bookable is None:
            return self
        return replace(self, types=tuple(each for each in self.types if each.key in bookable))

    def own_text(self, text: Mapping[str, str] | str | None) -> OwnText | None:
        """Return a text of the clinic's own in the page's language, else in the clinic's first."""
        return OwnTexts(self.language, self.languages[0])(text)

    def bookable_months(self, now: datetime) -> tuple[date, date]:
        """Return the first and last day that the calendar may show, by the window of S10."""
        today = now.astimezone(self.zone).date()
        dates = self.dates if self.dates.horizon_days is not None else self.dates._replace(horizon_days=_FARTHEST_DAYS)
        first, last = dates.on(today)
        return first, max(first, last or first)


def clinic_view(
    document: Mapping[str, Any], language: str, pictures: Mapping[str, Picture] = MappingProxyType({})
) -> ClinicView:
    """Return the view of a document in normal form; nothing that is off or offline is in it (B1, S13).

    `pictures` are those that there are, by name (B21).
    """
    booking = document["booking"]
    own = OwnTexts(language, document["languages"][0])
    practitioners = {row["key"]: _practitioner_view(row, document, own, pictures) for row in document["practitioners"]}
    look = document.get("look") or {}
    return ClinicView(
        key=document["clinic"],
        name=own(document["name"]) or document["clinic"],
        language=language,
        languages=tuple(document["languages"]),
        zone=ZoneInfo(document["time_zone"]),
        country=document["country"],
        sms_countries=sms_countries(document),
        contact={name: own(text) for name, text in (document["contact"] or {}).items()},
        logo=PictureView.of(document["clinic"], pictures.get(look.get("logo") or "")),
        sheet=sheet_address(document["clinic"], document),
        identity=document["identity"],
        details=document["details"],
        texts={name: own(text) for name, text in document["texts"].items()},
        types=tuple(_type_view(row, document, own, practitioners) for row in document["types"] if row["online"]),
        templates={row["key"]: types_bookable_in(document, row["key"]) for row in document["templates"]},
        aliases={row["key"]: own(row["alias"]) or row["key"] for row in document["types"]},
        practitioners=practitioners,
        functions=functions_on(document),
        without_login=booking["without_login"],
        new_patients=booking["new_patients"],
        two_step_login=login_takes_number(document),
        few=booking["few"],
        shows_month_first=booking.get("calendar") == "month",
        names_holidays=booking["holidays"]["shown"],
        frame_ancestors=("'self'", *(booking["embed_origins"] or ("*",))),
        dates=bookable_dates_of(document),
        fields=tuple(document["fields"]),
        reminders=read_reminders(document),
        quiet_hours=QuietHours.from_document(document["quiet_hours"]),
    )


def _practitioner_view(
    row: Mapping[str, Any], document: Mapping[str, Any], own: OwnTexts, pictures: Mapping[str, Picture]
) -> PractitionerView:
    spoken = row.get("languages")
    return PractitionerView(
        key=row["key"],
        name=own(row["name"]) or row["key"],
        title=own(row["title"]),
        new_patients=document["booking"]["new_patients"] and row["new_patients"],
        picture=PictureView.of(document["clinic"], pictures.get(row.get("picture") or "")),
        about=own(row.get("about")),
        speaks=languages_in_a_row(spoken, own.language) if spoken else None,
    )


def login_takes_number(document: Mapping[str, Any]) -> bool:
    """Tell whether a login takes the national number besides the code: two steps (B14), where there are numbers."""
    return bool(document["two_step"]["patients"]) and document["identity"] != NONE


def _type_view(
    row: Mapping[str, Any],
    document: Mapping[str, Any],
    own: OwnTexts,
    practitioners: Mapping[str, PractitionerView],
) -> TypeView:
    takers = online_takers_of(row, document)
    return TypeView(
        key=row["key"],
        alias=own(row["alias"]) or row["key"],
        description=own(row["description"]),
        info=own(row["info"]),
        bring=own(row.get("bring")),
        price=format_price(row["price"], document["currency"], own.language) if row["price"] else None,
        minutes={key: length_with(row, key) for key in takers},
        practitioners=tuple(practitioners[key] for key in takers),
        min_age=row["min_age"],
        needs_controlled=row["needs"]["controlled"],
        choose_practitioner=not row["needs"]["controlled"] or row["needs"]["choose_practitioner"],
        choose_beside_need=row["needs"]["choose_practitioner"],
        without_need=tuple(practitioners[key] for key in takers_without_need(row, document)),
        language=own.language,
    )
