"""Answers to the clinic's own questions, each by its kind (PRODUCT B5)."""

import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from services.booking.model.clinic_rules import CustomField

LONGEST_TEXT = 500
LONGEST_LONG_TEXT = 5000


def read_answers(
    given: Mapping[str, Any], fields: Iterable[CustomField], errors: dict[str, list[str]], *, lenient: bool
) -> dict[str, Any]:
    """Return the answers in their normal form by key; what is wrong is noted in `errors` as `answers.<key>`.

    An empty answer is none. `lenient` (staff) lets required ones be missing.
    """
    asked = {field.key: field for field in fields}
    for key in given:
        if key not in asked:
            errors[f"answers.{key}"] = ["There is no such question."]
    answers: dict[str, Any] = {}
    for key, field in asked.items():
        value = given.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            if field.required and not lenient:
                errors[f"answers.{key}"] = ["This is required."]
            continue
        try:
            answers[key] = _KINDS[field.kind](value, field)
        except ValueError as wrong:
            errors[f"answers.{key}"] = [str(wrong)]
    return answers


def _text(value: Any, field: CustomField) -> str:
    longest = LONGEST_LONG_TEXT if field.kind == "long_text" else LONGEST_TEXT
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError(f"Enter at most {longest} characters.")
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\r\n\t" for sign in value):
        raise ValueError("Leave out control characters.")
    return value.strip()


def _number(value: Any, _field: CustomField) -> int | float:
    text = str(value).strip().replace(",", ".").replace("٫", ".")
    try:
        number = int(text) if text.lstrip("+-").isdigit() and len(text) <= 18 else float(text)
    except ValueError:
        raise ValueError("Enter a number.") from None
    if isinstance(value, bool) or not math.isfinite(number):
        raise ValueError("Enter a number.")
    return number


def _choice(value: Any, field: CustomField) -> str:
    kept = field.choices.get(value) if isinstance(value, str) else None
    if kept is None:
        raise ValueError("Choose one of the answers.")
    return kept


def _yes_no(value: Any, _field: CustomField) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.strip().lower() not in words:
        raise ValueError("Answer yes or no.")
    return words[value.strip().lower()]


def _date(value: Any, _field: CustomField) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError("Enter a date, for example 2026-12-01.") from None


_KINDS: dict[str, Callable[[Any, CustomField], Any]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "choice": _choice,
    "yes_no": _yes_no,
    "date": _date,
}
