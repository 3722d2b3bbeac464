"""A clinic's own messages must be templates that can be sent, and that hold what they are sent for (PRODUCT N4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.availability.document.problems import did_you_mean, listed
from services.availability.document.shape import Reading
from shared.texts.message_templates import problems, variables_of


@dataclass(frozen=True)
class _Template:
    """One template of the document: of which event, for which part of the message."""

    path: str
    event: str
    part: str
    source: str


def check_messages(document: Mapping[str, Any], reading: Reading) -> None:
    """Report each template of `document` (normal form) that could not be sent, or would be sent for nothing."""
    for template in _templates(document["messages"] or {}):
        for found in problems(template.event, template.part, template.source):
            reading.report(template.path, found.sentence + _hint(found.unknown, template.event))


def _hint(unknown: str | None, event: str) -> str:
    if unknown is None:
        return ""
    known = variables_of(event)
    return did_you_mean(unknown, known) or f" Known here: {listed(sorted(known))}."


def _templates(messages: Mapping[str, Any]) -> Iterator[_Template]:
    """Yield each template, its path with the language as the normal form has it."""
    for event, channels in messages.items():
        channels = channels or {}
        parts = {"sms": channels.get("sms"), **(channels.get("email") or {})}
        for part, texts in parts.items():
            for language, source in (texts or {}).items():
                path = f"messages.{event}.{part if part == 'sms' else f'email.{part}'}.{language}"
                yield _Template(path, event, part, source or "")
