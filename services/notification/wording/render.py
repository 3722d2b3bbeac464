"""Turns a message into text and HTML: by the built-in templates, or by the clinic's own where it has some (N4)."""

import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.notification.model.clinic import NO_OWN_TEXTS, Clinic
from services.notification.wording.facts import Facts
from services.notification.wording.notice import Notice
from services.notification.wording.short import fitted, in_cheap_signs
from shared.texts.message_templates import longest_of, text_of

_log = logging.getLogger(__name__)
_TEMPLATES = Path(__file__).parent / "templates"
_EMPTY_LINES = "\n\n\n"


def sms(event: str, notice: Notice, facts: Facts, clinic: Clinic) -> str:
    """Return the text of an SMS about `event` (a key of the document's `messages`)."""
    own = _own(clinic, event, "sms", facts)
    return in_cheap_signs(own) if own is not None else fitted(notice.brief)


def email(event: str, notice: Notice, facts: Facts, clinic: Clinic) -> tuple[str, str, str]:
    """Return (subject, text, HTML) of an email about `event`.

    A clinic's own text without HTML of its own is shown as it is, not beside the built-in HTML.
    """
    own_subject = _own(clinic, event, "subject", facts)
    subject = " ".join((own_subject or notice.subject).split())
    own_text, own_html = _own(clinic, event, "text", facts), _own(clinic, event, "html", facts)
    text = own_text if own_text is not None else _built_in("notice.txt", notice, facts)
    if own_html is None and own_text is not None:
        own_html = _built_in("own.html", notice, facts, subject=subject, text=own_text)
    return subject, text, own_html if own_html is not None else _built_in("notice.html", notice, facts)


def variables(facts: Facts) -> Mapping[str, Any]:
    """Return what a clinic's own templates may name (CONTRACTS 1, `messages`)."""
    return {
        "patient": {"first_name": facts.first_name, "last_name": facts.last_name},
        "booking": {
            "type": facts.type,
            "practitioner": facts.practitioner,
            "start": facts.when,
            "end": facts.until,
            "date": facts.date,
            "time": facts.time,
            "length": facts.length,
            "reference": facts.reference,
            "message": facts.message,
        },
        "clinic": {
            "name": facts.clinic,
            "phone": facts.phone,
            "address": facts.address,
            "website": facts.website,
        },
        "texts": {"confirmation": facts.confirmation},
        "link": facts.link,
        "code": facts.code,
        "old": {"start": facts.former_when},
        "comment": facts.comment,
    }


def _own(clinic: Clinic, event: str, part: str, facts: Facts) -> str | None:
    """Return the clinic's own text of that part in the reader's language.

    None where it has none, or where it cannot be rendered: a mistake in a template must not lose the message.
    """
    templates: Mapping[str, str] = getattr(clinic.own_texts.get(event, NO_OWN_TEXTS), part)
    source = templates.get(facts.language)
    if not source:
        return None
    try:
        return text_of(source, variables(facts), longest_of(part), autoescape=part == "html") or None
    except Exception as broken:  # noqa: BLE001 - a clinic's template can fail in any way; the built-in text goes out
        _log.warning(
            "the template messages.%s.%s of %s fails (%s); the built-in text is sent",
            event,
            part,
            clinic.key,
            type(broken).__name__,
        )
        return None


def _built_in(template: str, notice: Notice, facts: Facts, **more: str) -> str:
    rendered = (
        _built_in_environment()
        .get_template(template)
        .render(
            greeting=notice.greeting,
            headline=notice.headline,
            rows=notice.rows,
            lines=notice.lines,
            paragraphs=notice.paragraphs,
            action=notice.action,
            otherwise=notice.otherwise,
            signature=notice.signature,
            clinic=facts.clinic,
            language=facts.language,
            direction=facts.direction,
            **more,
        )
    )
    while _EMPTY_LINES in rendered:
        rendered = rendered.replace(_EMPTY_LINES, "\n\n")
    return rendered.strip()


@cache
def _built_in_environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        auto_reload=False,
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html"),
    )
