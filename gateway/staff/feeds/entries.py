"""What a calendar program is told of a practitioner's time: bookings, as busy or by name, and absences."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gateway.http.wording import LOCALES, N_
from shared.clinic.absences import absent_between
from shared.texts.calendar_feed import Entry, Feed
from shared.texts.invitation import uid_of
from shared.texts.language import localized, translations

_BEFORE, _AFTER = timedelta(days=30), timedelta(days=365)
_DAY = timedelta(days=1)
_BUSY = N_("Busy")
_ABSENT = N_("Absent")
_NO_NAME = N_("No name given")


def window_around(today: date) -> tuple[date, date]:
    """Return the first and last date that a feed shows: 30 days back, a year ahead."""
    return today - _BEFORE, today + _AFTER


def feed_shown(document: Mapping[str, Any], opened: Mapping[str, Any]) -> Feed:
    """Return what the calendar of an opened feed is called: by the practitioner and the clinic."""
    own = next(each for each in document["practitioners"] if each["key"] == opened["practitioner"])
    first, language = document["languages"][0], opened["language"]
    called = (
        localized(text, language, first) for text in (_worded(own["name"], first), _worded(document["name"], first))
    )
    return Feed(
        uid=f"{opened['feed']}@{document['clinic']}.frontdesk",
        name=" · ".join(filter(None, called)),
        language=language,
        time_zone=document["time_zone"],
        colour=own["colour"],
    )


def entries_of(
    bookings: Iterable[Mapping[str, Any]],
    document: Mapping[str, Any],
    opened: Mapping[str, Any],
    first: date,
    last: date,
) -> list[Entry]:
    """Return what takes the practitioner's time, in order: bookings as booking lists them, absences of the document."""
    return [*_booked(bookings, document, opened), *_absent(document, opened, first, last)]


def _booked(
    bookings: Iterable[Mapping[str, Any]], document: Mapping[str, Any], opened: Mapping[str, Any]
) -> Iterator[Entry]:
    language, default = opened["language"], document["languages"][0]
    say = translations(LOCALES, language).gettext
    types = {
        each["key"]: localized(_worded(each["name"], default), language, default) or each["key"]
        for each in document["types"]
    }
    for each in bookings:
        names = opened["names"]
        yield Entry(
            uid=uid_of(document["clinic"], each["reference"]),
            sequence=each["version"],
            start=datetime.fromisoformat(each["start"]),
            end=datetime.fromisoformat(each["end"]),
            summary=f"{_named(each) or say(_NO_NAME)} · {types.get(each['type'], each['type'])}"
            if names
            else say(_BUSY),
            confidential=names,
        )


def _named(booking: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (booking["first_name"], booking["last_name"])))


def _absent(document: Mapping[str, Any], opened: Mapping[str, Any], first: date, last: date) -> Iterator[Entry]:
    """Yield absences of the practitioner's and the clinic's, never why: that may be somebody's health."""
    zone = ZoneInfo(document["time_zone"])
    say = translations(LOCALES, opened["language"]).gettext
    for each in document["absences"]:
        of_other = each["resource"] or each["practitioner"] not in {None, opened["practitioner"]}
        if of_other or each["to"][:10] < first.isoformat() or each["from"][:10] > last.isoformat():
            continue
        start: datetime | date
        end: datetime | date
        if "T" in each["from"]:
            start, end = absent_between(each, zone)
        else:
            start, end = date.fromisoformat(each["from"]), date.fromisoformat(each["to"]) + _DAY
        if start < end:
            yield Entry(f"absence-{each['id']}@{document['clinic']}.frontdesk", 0, start, end, say(_ABSENT))


def _worded(text: Any, language: str) -> Mapping[str, str] | None:
    """Return a clinic's text by language, also one that is written in its first language alone."""
    return {language: text} if isinstance(text, str) else text
