"""A clinic's own messages must be templates that name only what messages have (PRODUCT N4)."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.availability.document.problems import did_you_mean, listed, shown
from services.availability.document.shape import Reading
from shared.message_templates import VARIABLES, unknown_variables


def check_messages(document: Mapping[str, Any], reading: Reading) -> None:
    """Report each template of `document` (normal form) that could not be sent."""
    for path, source in _templates(document["messages"] or {}):
        try:
            unknown = unknown_variables(source)
        except ValueError as broken:
            reading.report(path, str(broken))
            continue
        if unknown:
            hint = did_you_mean(unknown[0], VARIABLES) or f" Known here: {listed(sorted(VARIABLES))}."
            reading.report(path, f"Messages have no {shown(unknown[0])}.{hint}")


def _templates(messages: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield path and text of each template; a part that has one language is named without it."""
    for event, channels in messages.items():
        channels = channels or {}
        email = channels.get("email") or {}
        parts = {"sms": channels.get("sms"), **{f"email.{part}": texts for part, texts in email.items()}}
        for part, texts in parts.items():
            for language, source in (texts or {}).items():
                path = f"messages.{event}.{part}"
                yield path if len(texts) == 1 else f"{path}.{language}", source or ""
