"""From when to when somebody is away, as forms and addresses say it and as people read it (PRODUCT S8)."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from gateway.console.frame.typed import Typed
from gateway.http.wording import N_
from shared.contracts.errors import Invalid
from shared.texts.language import format_day, format_time

_NO_DAY = N_("Enter the first and the last day.")
_NO_TIME = N_("Enter both times, or leave both out for whole days.")


class Span(NamedTuple):
    """The first and the last day; with times where it is not of whole days."""

    first: date
    last: date
    from_time: time | None = None
    to_time: time | None = None

    @property
    def asked(self) -> dict[str, str]:
        """The span as services take it: dates, both included, or moments of the clinic's clock."""
        if self.from_time is None or self.to_time is None:
            return {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return {
            "from": f"{self.first.isoformat()}T{self.from_time:%H:%M}",
            "to": f"{self.last.isoformat()}T{self.to_time:%H:%M}",
        }

    def said(self, language: str) -> str:
        """Return the span as people read it."""
        first, last = (format_day(day, language) for day in (self.first, self.last))
        if self.from_time is None or self.to_time is None:
            return first if self.first == self.last else f"{first} – {last}"
        begins, ends = (
            format_time(datetime.combine(self.first, at), language) for at in (self.from_time, self.to_time)
        )
        return (
            f"{first}{_GAP}{begins}–{ends}"
            if self.first == self.last
            else f"{first}{_GAP}{begins} – {last}{_GAP}{ends}"
        )


_GAP = " · "


def span_of(begins: str, ends: str, zone: ZoneInfo) -> Span:
    """Return what an absence says, dates or moments; raise ValueError for what is neither."""
    first, from_time = _parts(begins, zone)
    last, to_time = _parts(ends, zone)
    return Span(first, last) if from_time is None or to_time is None else Span(first, last, from_time, to_time)


def _parts(text: str, zone: ZoneInfo) -> tuple[date, time | None]:
    if "T" not in text:
        return date.fromisoformat(text), None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return moment.date(), moment.time()


def asked_span(asked: Mapping[str, str], today: date, zone: ZoneInfo) -> Span:
    """Return what an address asks for: today, whole, where it says nothing that makes sense."""
    begins = asked.get("from") or today.isoformat()
    try:
        return span_of(begins, asked.get("to") or begins, zone)
    except ValueError:
        return Span(today, today)


def typed_span(typed: Typed, language: str) -> Span:
    """Return what was typed; raise Invalid, by field."""
    errors: dict[str, list[str]] = {}
    days: dict[str, Any] = {}
    for name in ("from", "to"):
        try:
            days[name] = typed.date(name, language)
        except ValueError as wrong:
            errors[name] = [str(wrong)]
    times = {name: typed[name] for name in ("from_time", "to_time")}
    if not errors and not (days["from"] or days["to"]):
        errors["from"] = [_NO_DAY]
    if bool(times["from_time"]) != bool(times["to_time"]):
        errors["from_time" if not times["from_time"] else "to_time"] = [_NO_TIME]
    if errors:
        raise Invalid.because(next(iter(errors.values()))[0], errors=errors)
    first, last = days["from"] or days["to"], days["to"] or days["from"]
    try:
        begins, ends = (time.fromisoformat(text) if text else None for text in times.values())
    except ValueError:
        raise Invalid.because(_NO_TIME, errors={"from_time": [_NO_TIME]}) from None
    return Span(first, last, begins, ends)
