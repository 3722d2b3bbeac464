"""How an appointment gets into the patient's own calendar: by the addresses of those that take one from a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from gateway.http.wording import LOCALES, N_
from gateway.views.clinic_view import ClinicView, TypeView
from shared.texts.language import colon, translations

_GOOGLE = "https://calendar.google.com/calendar/render"
_BRING = N_("Please bring")
_OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"


@dataclass(frozen=True)
class Entry:
    """An appointment as calendars show it."""

    start: datetime
    end: datetime
    summary: str
    location: str
    description: str

    @property
    def google(self) -> str:
        """The address at which Google Calendar takes it in."""
        dates = "/".join(f"{each.astimezone(UTC):%Y%m%dT%H%M%SZ}" for each in (self.start, self.end))
        fields = {"action": "TEMPLATE", "text": self.summary, "dates": dates}
        return _with(_GOOGLE, {**fields, "location": self.location, "details": self.description})

    @property
    def outlook(self) -> str:
        """The address at which Outlook takes it in."""
        fields = {"path": "/calendar/action/compose", "rru": "addevent", "subject": self.summary}
        dates = {"startdt": f"{self.start.astimezone(UTC):%FT%TZ}", "enddt": f"{self.end.astimezone(UTC):%FT%TZ}"}
        return _with(_OUTLOOK, {**fields, **dates, "location": self.location, "body": self.description})


def entry_of(
    clinic: ClinicView, type_key: str, practitioner_key: str, start: datetime, end: datetime, link: str | None = None
) -> Entry:
    """Return the calendar's entry for an appointment; `link` is the personal one, where it changes something.

    It stands in files alone: another calendar's address would tell whoever keeps that one's logs.
    """
    practitioner = clinic.practitioners.get(practitioner_key)
    type_view = clinic.type(type_key)
    told = (
        practitioner.name if practitioner else None,
        _to_bring(type_view),
        type_view.info if type_view else None,
        clinic.contact.get("phone"),
        link,
    )
    return Entry(
        start=start,
        end=end,
        summary=f"{clinic.aliases.get(type_key, type_key)}, {clinic.name}",
        location=", ".join(filter(None, (clinic.name, clinic.contact.get("address")))),
        description="\n".join(filter(None, told)),
    )


def _to_bring(type_view: TypeView | None) -> str | None:
    if type_view is None or not type_view.bring:
        return None
    language = type_view.language
    return f"{translations(LOCALES, language).gettext(_BRING)}{colon(language)} {type_view.bring}"


def _with(address: str, fields: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(fields, quote_via=quote)}"
