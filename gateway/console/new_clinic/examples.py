"""The five demo clinics as examples to start from: what they set up is taken over, who and where they are is not."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from gateway.http.wording import N_
from shared.texts.document_text import from_yaml

EXAMPLES: Mapping[str, tuple[str, str]] = {
    "frenda": ("SE", N_("Dentists: urgent times of their own, rooms, an age limit")),
    "norsk": ("NO", N_("Doctor, physiotherapist and psychologist: days in colours, booking without logging in")),
    "aldente": ("DK", N_("Dentists: patients who are called in, minimum time between offered times")),
    "optamed": ("CH", N_("Osteopath and physiotherapist: fixed and flexible times, all by email")),
    "exir": ("IR", N_("Internists: changing hours, questions of their own")),
}
"""The country of each, and what it shows."""

_WHO_AND_WHERE = ("clinic", "name", "contact", "practitioners", "plans", "days", "absences", "look")
_OF_DATES = ("first_date", "last_date")
_OF_THE_PLACE = ("page", "confirmation")
"""Texts that say where the demo clinic lies and that it is one."""


def taken_over(example: str) -> dict[str, Any]:
    """Return what a new clinic takes over of an example's document: functions, texts, types, templates, reminders.

    Types are taken by all practitioners of the new clinic.
    """
    whole = _document(example)
    kept = {key: value for key, value in whole.items() if key not in _WHO_AND_WHERE}
    kept["booking"] = {key: value for key, value in whole["booking"].items() if key not in _OF_DATES}
    kept["texts"] = {key: value for key, value in whole["texts"].items() if key not in _OF_THE_PLACE}
    kept["types"] = [_for_all(each) for each in whole["types"]]
    return kept


def _for_all(kind: Mapping[str, Any]) -> dict[str, Any]:
    needs = {key: value for key, value in kind.get("needs", {}).items() if key != "without"}
    others = {key: value for key, value in kind.items() if key not in ("practitioners", "lengths", "needs")}
    return {**others, "needs": needs} if needs else others


@cache
def _document(example: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = from_yaml((resources.files("demo") / f"{example}.yaml").read_text(encoding="utf-8"))
    return found
