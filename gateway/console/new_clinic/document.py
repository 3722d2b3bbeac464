"""The document of a new clinic, made from a few answers (PRODUCT C3); and by which answer each of its parts came."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.console.frame.short_names import short_name
from gateway.console.frame.speaking import say_in
from gateway.console.new_clinic.answers import MOST_TYPES, Answers
from gateway.console.new_clinic.countries import following
from gateway.console.new_clinic.examples import taken_over
from gateway.console.new_clinic.hours import Week, read
from gateway.http.wording import N_

_ONLINE = "online"
_ONLINE_TIME, _WEEK = N_("Online booking times"), N_("Week")
_NUMBER = re.compile(r"types\[(\d+)\]\.(\w+)")


def document_of(answers: Answers, reader: str) -> dict[str, Any]:
    """Return the document that answers without problems make.

    It depends on nothing else, so that the same answers make the same clinic on every try.
    """
    languages = list(dict.fromkeys([answers["language"], "en"]))
    return {
        **_what_it_does(answers, reader),
        "clinic": answers["clinic"],
        "name": answers["name"],
        "country": answers["country"],
        "time_zone": answers["time_zone"],
        "currency": answers["currency"] or None,
        "identity": answers["identity"],
        **({} if answers.is_like else {"languages": languages}),
        "contact": {name: answers[name] or None for name in ("phone", "email", "address")},
        "practitioners": _practitioners(answers),
    }


def types_of(answers: Answers) -> list[tuple[int, str, str]]:
    """Return row, name and minutes of each type of appointment that was answered."""
    rows = ((row, answers[f"type.{row}"], answers[f"minutes.{row}"]) for row in range(MOST_TYPES))
    return [each for each in rows if each[1]]


def week_of(answers: Answers, reader: str) -> Week:
    """Return the hours that were answered; raise NoHours."""
    usual = following(answers["country"], reader).week
    return read(answers["hours"], list(dict.fromkeys([reader, answers["language"], "en"])), usual)


def field_of(path: str, answers: Answers) -> tuple[str, str]:
    """Return the step and the field by whose answer a part of the document came; ("check", "") for none of them."""
    if path.startswith("types[") and not answers.is_like:
        found = _NUMBER.match(path)
        rows = [row for row, _, _ in types_of(answers)]
        if found and int(found[1]) < len(rows):
            return "types", f"{'minutes' if found[2] == 'length' else 'type'}.{rows[int(found[1])]}"
        return "types", "type.0"
    return _FIELDS.get(path.partition("[")[0].removeprefix("contact."), ("check", ""))


_FIELDS: Mapping[str, tuple[str, str]] = {
    "clinic": ("check", "clinic"),
    "country": ("clinic", ""),
    "practitioners": ("people", "practitioners"),
    "templates": ("people", "hours"),
    "languages": ("clinic", "language"),
    **{name: ("clinic", name) for name in ("name", "phone", "email", "address", "time_zone", "currency", "identity")},
}


def _what_it_does(answers: Answers, reader: str) -> dict[str, Any]:
    """Return hours, types and functions: an example's, or what was answered."""
    active = answers["active"] == "yes"
    if answers.is_like:
        kept = taken_over(answers.example)
        return {**kept, "booking": {**kept["booking"], "active": active}, "plans": _plan(kept["templates"][0]["key"])}
    week = week_of(answers, reader)
    template = short_name(say_in(answers["language"], _WEEK), "week")
    blocks = {day: [{"kind": _ONLINE, "from": start, "to": end} for start, end in week[day]] for day in week}
    return {
        "booking": {"active": active},
        "block_kinds": [{"key": _ONLINE, "name": say_in(answers["language"], _ONLINE_TIME), "online": True}],
        "types": _types(types_of(answers)),
        "templates": [{"key": template, "week": blocks}],
        "plans": _plan(template),
        "reminders": [{"before": "24h", "channel": "sms"}],
    }


def _plan(template: str) -> list[dict[str, Any]]:
    """Return the plan by which everybody works by a template, always."""
    return [{"practitioner": None, "template": template}]


def _types(rows: Sequence[tuple[int, str, str]]) -> list[dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for _, name, minutes in rows:
        key = short_name(name, "type", made)
        made[key] = {"key": key, "name": name, "length": f"{int(minutes)}m"}
    return list(made.values())


def _practitioners(answers: Answers) -> list[dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for name in filter(None, map(str.strip, answers["practitioners"].splitlines())):
        key = short_name(name, "practitioner", made)
        made[key] = {"key": key, "name": name}
    return list(made.values())
