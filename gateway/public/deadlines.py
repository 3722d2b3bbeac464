"""Until when a booking may be moved and cancelled, as people say it (M6)."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from gateway.http.wording import N_
from gateway.views.clinic_view import ClinicView
from gateway.views.rendering import moment
from shared.texts.language import format_coming_moment, format_day

_ALONE = {"rebook": ("rebook",), "cancel": ("cancel",)}
_UNTIL_MOMENT: Mapping[tuple[str, ...], str] = {
    ("rebook", "cancel"): N_("You can move or cancel it until %(moment)s."),
    ("rebook",): N_("You can move it until %(moment)s."),
    ("cancel",): N_("You can cancel it until %(moment)s."),
}
_UNTIL_DAY: Mapping[tuple[str, ...], str] = {
    ("rebook", "cancel"): N_("You can move or cancel it until %(day)s."),
    ("rebook",): N_("You can move it until %(day)s."),
    ("cancel",): N_("You can cancel it until %(day)s."),
}
"""Whole days end at midnight: nobody says so of the day after."""


class Deadline(NamedTuple):
    """One sentence: its msgid, and what stands in it."""

    text: str
    values: Mapping[str, str]


def deadlines(may: Mapping[str, Mapping[str, Any]], clinic: ClinicView) -> list[Deadline]:
    """Return until when what is allowed stays allowed; two that are the same are one."""
    ends = {
        name: moment(may[name]["until"], clinic.zone)
        for name in ("rebook", "cancel")
        if may[name]["allowed"] and may[name].get("until")
    }
    same = len(ends) > 1 and len({*ends.values()}) == 1
    groups = [tuple(ends)] if same else [_ALONE[name] for name in ends]
    return [_said(group, ends[group[0]], clinic.language) for group in groups]


def _said(what: tuple[str, ...], until: datetime, language: str) -> Deadline:
    if until.time() == time.min:
        return Deadline(_UNTIL_DAY[what], {"day": format_day(until.date() - timedelta(days=1), language)})
    return Deadline(_UNTIL_MOMENT[what], {"moment": format_coming_moment(until, language)})
