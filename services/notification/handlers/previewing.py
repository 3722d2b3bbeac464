"""Shows staff a message before they save its template (PRODUCT N4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.notification.wording.preview import PARTS, Unusable, Wanted, preview
from shared.clinic.message_keys import SMS
from shared.contracts.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.notification.handlers.desk import Desk

_TEXT = "text"


def preview_message(desk: Desk, clinic: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `preview` does, by the clinic's document and the templates in `fields`.

    Raises NotFound for an unknown clinic, Invalid with `errors` by field where a template cannot be used.
    """
    known = desk.clinic(clinic)
    channel, sent = fields["channel"], fields["template"]
    named = {_TEXT: "sms"} if channel == SMS else {part: part for part in PARTS[channel]}
    if stray := sent.keys() - named.keys():
        errors = {f"template.{part}": ["An SMS has a text only."] for part in stray}
        raise Invalid.because("An SMS has a text only.", errors=errors)
    templates = {named[part]: source for part, source in sent.items()}
    wanted = Wanted(fields["event"], channel, fields["language"] or known.languages[0], templates)
    try:
        return preview(known, wanted, desk.links, desk.now)
    except Unusable as unusable:
        field_of = {part: f"template.{field}" for field, part in named.items()}
        errors = {field_of[part]: sentences for part, sentences in unusable.errors.items()}
        raise Invalid.because("The template cannot be used; see errors.", errors=errors) from None
