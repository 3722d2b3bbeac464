"""The clinic's own questions, asked by the desk: none of them has to be answered there (PRODUCT B5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.console.frame.here import Here
from gateway.console.frame.typed import Typed
from gateway.console.new_booking.wish import Wish
from gateway.http.wording import N_
from gateway.views.own_texts import OwnTexts
from shared.clinic.questions import questions_for
from shared.contracts.errors import Invalid

_PREFIX = "answers."
_YES_NO = (("yes", N_("Yes")), ("no", N_("No")))
_NOT_ASKED = ("", "–")


@dataclass(frozen=True)
class Question:
    """A question as the panel asks it; `choices` are pairs of what is sent and what is read, none for what is typed.

    `is_wanted` is what the clinic's patients have to answer.
    """

    name: str
    kind: str
    label: str
    choices: Sequence[tuple[str, str]]
    is_wanted: bool


def questions_of(here: Here, wish: Wish) -> list[Question]:
    """Return what the clinic asks of those who book the wanted type."""
    own = OwnTexts(here.language, here.document["languages"][0])
    return [
        Question(
            name=f"{_PREFIX}{row['key']}",
            kind=row["kind"],
            label=own(row["label"]) or row["key"],
            choices=tuple(_choices(here, row, own)),
            is_wanted=row["required"],
        )
        for row in questions_for(here.document["fields"], wish.type_key)
    ]


def _choices(here: Here, row: Mapping[str, Any], own: OwnTexts) -> Iterator[tuple[str, str]]:
    if row["kind"] == "yes_no":
        yield _NOT_ASKED
        yield from ((value, here.say(text)) for value, text in _YES_NO)
    elif row["kind"] == "choice":
        yield _NOT_ASKED
        yield from ((text, text) for text in (own(choice) or "" for choice in row["choices"]))


def answers_of(here: Here, wish: Wish) -> dict[str, str]:
    """Return what was answered, as booking takes it, by the question's key; raise Invalid for a date that is none."""
    told = ((each, _answer(here.form, each, here.language)) for each in questions_of(here, wish))
    return {each.name.removeprefix(_PREFIX): answer for each, answer in told if answer}


def _answer(form: Typed, question: Question, language: str) -> str:
    if question.kind != "date":
        return form[question.name]
    try:
        day = form.date(question.name, language)
    except ValueError as wrong:
        raise Invalid.because(str(wrong), errors={question.name: [str(wrong)]}) from None
    return "" if day is None else day.isoformat()
