"""What patients wanted and did not get, as sentences on which an owner can act (A2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gateway.console.frame.here import Here
from gateway.http.wording import N_
from shared.texts.language import first_weekday, format_number, weekday_names

REASONS: Mapping[str, str] = {
    "no_times": N_("There was no available time"),
    "slot_taken": N_("Somebody else had just taken the time"),
    "slot_held": N_("Somebody else was booking the time"),
    "slot_not_offered": N_("The time could no longer be booked"),
    "hold_expired": N_("The form took longer than the time was held"),
    "new_patients_refused": N_("New patients cannot book here online"),
    "under_age": N_("The patient was younger than the age limit"),
    "no_open_need": N_("The patient had no invitation"),
    "need_expired": N_("The invitation was no longer valid"),
    "booking_off": N_("Online booking was switched off"),
    "function_off": N_("Booking was switched off"),
    "busy": N_("Too many people were booking at once"),
}
"""Why patients went without a booking, by the code of the refusal."""

_EVENING, _MORNING = 17, 8
_WEEKEND = (6, 7)

_ADVICE: Mapping[str, str] = {
    "no_times": N_(
        "{number} searches found no available time. Offer more hours online, or let patients book further ahead."
    ),
    "new_patients_refused": N_("{number} new patients could not book. Decide with which practitioners they may."),
    "hold_expired": N_("{number} patients needed longer for the form than their time was held. Hold times longer."),
    "booking_off": N_("{number} visitors came while online booking was switched off."),
}
_LATE = N_("{number} wanted a time after {hour} and went without.")
_EARLY = N_("{number} wanted a time before {hour} and went without.")
_AT_THE_WEEKEND = N_("{number} wanted a Saturday or Sunday and went without.")


class Reason(NamedTuple):
    """Why patients went without a booking, and how often."""

    words: str
    often: int
    before: int


def reasons(now: Mapping[str, int], before: Mapping[str, int]) -> list[Reason]:
    """Return the reasons, the most often first."""
    found = [Reason(REASONS.get(code, code), count, before.get(code, 0)) for code, count in now.items()]
    return sorted(found, key=lambda each: (-each.often, each.words))


def sentences(here: Here, refusals: Mapping[str, int], wanted: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what an owner can do something about, the most often first; what came once stands among the reasons."""
    told = [
        (refusals[code], here.say(text, number=_said(here, refusals[code])))
        for code, text in _ADVICE.items()
        if refusals.get(code, 0) > 1
    ]
    late = _sum(each for each in wanted if (each["hour"] or 0) >= _EVENING)
    early = _sum(each for each in wanted if each["hour"] is not None and each["hour"] < _MORNING)
    weekend = _sum(each for each in wanted if each["weekday"] in _WEEKEND)
    for number, text, hour in ((late, _LATE, _EVENING), (early, _EARLY, _MORNING), (weekend, _AT_THE_WEEKEND, 0)):
        if number > 1:
            told.append((number, here.say(text, number=_said(here, number), hour=_said(here, f"{hour:02}:00"))))
    yield from (text for _, text in sorted(told, key=lambda each: -each[0]))


def by_weekday(here: Here, wanted: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Return the weekdays in the reader's order, with how often each was wanted in vain; none where none was."""
    counts = [0] * 7
    for each in wanted:
        if each["weekday"] is not None:
            counts[each["weekday"] - 1] += each["count"]
    first = first_weekday(here.language)
    names = [full for _, full in weekday_names(here.language)]
    return [(name, counts[(first + step) % 7]) for step, name in enumerate(names)] if any(counts) else []


def by_hour(wanted: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Return the hours from the first to the last that were wanted in vain, each with how often."""
    counts: dict[int, int] = {}
    for each in wanted:
        if each["hour"] is not None:
            counts[each["hour"]] = counts.get(each["hour"], 0) + each["count"]
    return [(hour, counts.get(hour, 0)) for hour in range(min(counts), max(counts) + 1)] if counts else []


def _sum(wanted: Iterable[Mapping[str, Any]]) -> int:
    return sum(each["count"] for each in wanted)


def _said(here: Here, number: object) -> str:
    return format_number(str(number), here.language)
