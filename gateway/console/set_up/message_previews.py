"""A message as it would be sent, by what is typed into its form: beside it, while one types or by a button (N4)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from werkzeug.wrappers import Response

from gateway.clients.document_words import DocumentWords
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.typed import Typed
from gateway.http.bounds import DOCUMENT_FIELDS, DOCUMENT_LIMIT, DOCUMENT_VALUES
from gateway.http.wording import N_
from gateway.views import letters
from shared.clinic.message_keys import CHANNELS, EMAIL, LOGIN_CODE, MESSAGES, SMS
from shared.contracts.errors import Invalid, NotFound, Refusal
from shared.texts.language import colon, format_number
from shared.texts.message_templates import variables_of

SHOW = "show:"
"""What the button says that shows a message's previews: this, and which message's."""

_TEMPLATE = "template."
_PARTS = {SMS: ("text",), EMAIL: ("subject", "text", "html")}

_STAND_FOR: Mapping[str, str] = {
    "patient.first_name": N_("the patient’s first name"),
    "patient.last_name": N_("the patient’s last name"),
    "booking.type": N_("what is booked"),
    "booking.practitioner": N_("with whom"),
    "booking.start": N_("day and time of the appointment"),
    "booking.end": N_("day and time of its end"),
    "booking.date": N_("its day"),
    "booking.time": N_("its time"),
    "booking.length": N_("how long it takes"),
    "booking.reference": N_("its reference"),
    "booking.message": N_("what the patient wrote"),
    "clinic.name": N_("the clinic’s name"),
    "clinic.phone": N_("its telephone number"),
    "clinic.address": N_("its address"),
    "clinic.website": N_("its website"),
    "texts.confirmation": N_("your own text of the confirmation"),
    "link": N_("the link to the appointment or to book it"),
    "code": N_("the code"),
    "old.start": N_("day and time before the change"),
    "comment": N_("why it was cancelled or moved"),
}

_WARNINGS: Mapping[str, str] = {
    "It does not say {{ link }}, so the patient cannot move or cancel by it.": N_(
        "The patient cannot move or cancel by it without the link. Write {{ link }} where it is to stand."
    ),
    "It says neither when the appointment is nor on which date.": N_(
        "It says nowhere when the appointment is. Add its day and time."
    ),
    "This clinic does not send this message by this channel.": N_("The clinic does not send this message in this way."),
}
_IN_PARTS = re.compile(r"It is sent in (\d+) parts\.")
_MANY_PARTS = N_("It is sent in {number} parts, and each is paid for. Shorten it.")


class Preview(NamedTuple):
    """A message in a language by a channel: what goes out, and what is to be known of it, or the mistakes in it."""

    channel: str
    language: str
    content: Mapping[str, Any]
    warnings: list[str]
    mistakes: list[str]


@dataclass(frozen=True)
class BesideForm:
    """What the form of messages is shown with: previews by channel and language, once they are asked for."""

    here: Here
    event: str = ""
    previews: Mapping[tuple[str, str], Preview] = field(default_factory=dict)

    @classmethod
    def shown(cls, here: Here, event: str, typed: Typed) -> "BesideForm":
        """Return it with the previews of a message; raise NotFound where there is no such message."""
        _require(event)
        found = {(channel, each): _preview(here, event, channel, each, typed) for channel, each in _ways(here, event)}
        return cls(here, event, found)

    def ways(self, event: str, channel: str) -> list[tuple[str, Preview | None]]:
        """Return each language of a message by a channel, with its preview where it is shown."""
        known = self.previews if event == self.event else {}
        return [(language, known.get((by, language))) for by, language in _ways(self.here, event) if by == channel]

    def variables(self, event: str) -> list[tuple[str, str]]:
        """Return what a message may name, and what each stands for."""
        known = variables_of(event)
        return [(name, self.here.say(text)) for name, text in _STAND_FOR.items() if name in known]


def preview(here: Here, event: str, channel: str, language: str) -> Response:
    """Show one preview, as it is put beside its fields."""
    _require(event)
    if (channel, language) not in _ways(here, event):
        raise NotFound.because("There is no such message.")
    found = _preview(here, event, channel, language, _typed(here))
    return here.show("console/set_up/message_preview.html", preview=found, event=event)


def letter(here: Here, event: str, language: str) -> Response:
    """Show an email's HTML by itself, as a mail reader does."""
    _require(event)
    found = _preview(here, event, EMAIL, language, _typed(here))
    if found.mistakes:
        return here.show("console/set_up/message_preview.html", preview=found, event=event, status=422)
    return letters.letter(found.content)


def _typed(here: Here) -> Typed:
    form = Typed.of(here.request, longest=DOCUMENT_LIMIT, most_values=DOCUMENT_VALUES)
    return Typed({name: text.replace("\r\n", "\n") for name, text in form.items()})


def _require(event: str) -> None:
    if event not in MESSAGES:
        raise NotFound.because("There is no such message.")


def _ways(here: Here, event: str) -> list[tuple[str, str]]:
    """Return the channels and languages of a message: a code to log in with goes to telephones alone."""
    channels = (SMS,) if event == LOGIN_CODE else CHANNELS
    return [(channel, language) for channel in channels for language in here.document["languages"]]


def _preview(here: Here, event: str, channel: str, language: str, typed: Typed) -> Preview:
    template = {part: typed[_field(event, channel, part, language)] for part in _PARTS[channel]}
    try:
        content = here.services.notification.preview(
            here.clinic, event=event, channel=channel, language=language, template=template
        )
    except Invalid as wrong:
        return Preview(channel, language, {}, [], [*_mistakes(here, channel, wrong)])
    return Preview(channel, language, content, [_warning(here, each) for each in content["warnings"]], [])


def _mistakes(here: Here, channel: str, wrong: Refusal) -> Iterator[str]:
    """Yield what is wrong with the templates; of an email, with which of them."""
    words = DocumentWords(here.language)
    for part, sentences in wrong.extra["errors"].items():
        label = (
            f"{words.label(f'email.{part.removeprefix(_TEMPLATE)}')}{colon(here.language)} " if channel == EMAIL else ""
        )
        yield from (f"{label}{words.mistake(each)}" for each in sentences)


def _field(event: str, channel: str, part: str, language: str) -> str:
    """Return the name of the field that a part of a message is typed into."""
    return f"messages.{event}.{channel}{f'.{part}' if channel == EMAIL else ''}.{language}"


def _warning(here: Here, sentence: str) -> str:
    if parts := _IN_PARTS.fullmatch(sentence):
        return here.say(_MANY_PARTS, number=format_number(parts[1], here.language))
    return here.say(_WARNINGS.get(sentence, sentence))


_AT = "/set-up/messages/preview/<event>"

ROUTES = tuple(
    Page("POST", f"{_AT}{path}", shown, administrators=True, body_limit=DOCUMENT_LIMIT, form_fields=DOCUMENT_FIELDS)
    for path, shown in (("/<channel>/<language>", preview), ("/<language>", letter))
)
