"""A clinic's own messages must be templates that can be sent, and that hold what they are sent for (PRODUCT N4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.availability.document.problems import did_you_mean, listed
from services.availability.document.shape import Reading
from shared.message_templates import LONGEST_SMS, LONGEST_TEXT, VARIABLES, fails, mistakes, names_in

USELESS_WITHOUT: Mapping[str, tuple[frozenset[str], str]] = {
    "recall": (frozenset({"link", "code"}), "A recall needs {{ link }} or {{ code }}, or nobody can book by it."),
    "login_code": (frozenset({"code"}), "Nobody can log in by a message without {{ code }}."),
}
"""What a message must name at least one of, and what to say where it does not."""

_MAY_LACK_IT = {"subject"}


@dataclass(frozen=True)
class _Template:
    """One template of the document: of which event, for which part of the message."""

    path: str
    event: str
    part: str
    source: str

    @property
    def longest(self) -> int:
        return LONGEST_SMS if self.part == "sms" else LONGEST_TEXT


def check_messages(document: Mapping[str, Any], reading: Reading) -> None:
    """Report each template of `document` (normal form) that could not be sent, or would be sent for nothing."""
    for template in _templates(document["messages"] or {}):
        for problem in _problems(template):
            reading.report(template.path, problem)


def _problems(template: _Template) -> Iterator[str]:
    """Yield what is wrong: all mistakes, or else the first thing that only shows when it is filled in."""
    found = list(mistakes(template.source))
    for mistake in found:
        yield mistake.sentence + (_hint(mistake.unknown) if mistake.unknown else "")
    if found:
        return
    if broken := fails(template.source, template.longest, autoescape=template.part == "html"):
        yield broken
        return
    needed, sentence = USELESS_WITHOUT.get(template.event, (frozenset(), ""))
    if needed and template.part not in _MAY_LACK_IT and not needed & names_in(template.source):
        yield sentence


def _hint(unknown: str) -> str:
    return did_you_mean(unknown, VARIABLES) or f" Known here: {listed(sorted(VARIABLES))}."


def _templates(messages: Mapping[str, Any]) -> Iterator[_Template]:
    """Yield each template; the path of a part that has one language is named without it."""
    for event, channels in messages.items():
        channels = channels or {}
        parts = {"sms": channels.get("sms"), **(channels.get("email") or {})}
        for part, texts in parts.items():
            for language, source in (texts or {}).items():
                path = f"messages.{event}.{part if part == 'sms' else f'email.{part}'}"
                yield _Template(path if len(texts) == 1 else f"{path}.{language}", event, part, source or "")
