"""What is asked of a new clinic, step by step, and what is kept of it until the clinic is made (ADR 47)."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.access.drafts import Drafts, Parts
from gateway.console.frame.here import Here
from gateway.console.frame.typed import Typed
from shared.contracts.errors import Unavailable
from shared.sealed import Sealer

STEPS = ("clinic", "people", "types", "check")
"""The pages behind the first question, in the order in which they are asked."""

MOST_TYPES = 6
"""Rows for types of appointment; further ones are added in the set-up."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "begin": ("country", "start"),
    "clinic": ("name", "phone", "email", "address", "language", "time_zone", "currency", "identity"),
    "people": ("practitioners", "hours"),
    "types": tuple(f"{name}.{row}" for row in range(MOST_TYPES) for name in ("type", "minutes")),
    "check": ("clinic", "administrator", "active"),
}
"""What each page asks. A password is asked on the last one and never kept."""

KEPT_SECONDS = 24 * 60 * 60
"""How long answers are kept since the last one."""

LIKE = "like-"
"""What the answer begins with that names an example to start from; any other is a kind of clinic."""

_LONGEST = 5000
_MOST_BEGUN = 20
_LIST = "list"


@dataclass(frozen=True)
class Answers:
    """What was answered so far under an address of its own; a text by the name of its field."""

    id: str
    texts: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    @property
    def example(self) -> str:
        """The example that gives hours, types and texts; "" where they are asked."""
        return self["start"].removeprefix(LIKE) if self["start"].startswith(LIKE) else ""

    @property
    def is_like(self) -> bool:
        """Whether an example gives hours and types."""
        return bool(self.example)

    @property
    def steps(self) -> tuple[str, ...]:
        """The pages that are to be filled in."""
        return tuple(step for step in STEPS if not (self.is_like and step == "types"))

    @property
    def typed(self) -> Typed:
        """What stands in the fields."""
        return Typed(self.texts)

    def step_after(self, step: str) -> str:
        """Return the page that follows."""
        return self.steps[self.steps.index(step) + 1]

    def step_before(self, step: str) -> str | None:
        """Return the page before; None where that is the first question."""
        place = self.steps.index(step)
        return self.steps[place - 1] if place else None

    def with_texts(self, texts: Mapping[str, str]) -> "Answers":
        """Return the answers with others."""
        return Answers(self.id, {**self.texts, **texts})


def sent(here: Here, step: str) -> dict[str, str]:
    """Return what a page's form sent, cut to what any field can hold."""
    return {name: here.form[name][:_LONGEST] for name in FIELDS[step]}


class Begun:
    """The answers of one account, sealed in Redis: those of each clinic that it has begun, for a day."""

    def __init__(self, here: Here) -> None:
        self._drafts = Drafts(here.services.cache, Sealer(here.services.settings.event_keys))
        self._email = here.email

    def begin(self, texts: Mapping[str, str]) -> Answers:
        """Keep the first answers; raise Unavailable."""
        answers = Answers(secrets.token_urlsafe(12), texts)
        self.keep(answers)
        return answers

    def keep(self, answers: Answers) -> None:
        """Keep the answers as they are now; raise Unavailable where they cannot be."""
        self._write(answers.id, {"texts": answers.texts})
        names = {each: name for each, name in self.listed() if each != answers.id}
        self._write(_LIST, {"names": dict([*names.items(), (answers.id, answers["name"])][-_MOST_BEGUN:])})

    def open(self, id: str) -> Answers | None:
        """Return the answers under an address; None where there are none (any more)."""
        found = self._read(id)
        return None if found is None else Answers(id, found["texts"])

    def forget(self, id: str) -> None:
        """Keep nothing of a clinic that is made, or is not to be."""
        self._write(id, {"texts": {}, "over": {"yes": "yes"}})
        self._write(_LIST, {"names": {each: name for each, name in self.listed() if each != id}})

    def listed(self) -> list[tuple[str, str]]:
        """Return address and name of each clinic that was begun, the last one last."""
        found = self._read(_LIST)
        return [*found["names"].items()] if found else []

    def _read(self, id: str) -> Parts | None:
        found = self._drafts.open(self._visit(id), self._email)
        return None if found is None or "over" in found else found

    def _write(self, id: str, parts: Parts) -> None:
        if not self._drafts.keep(self._visit(id), self._email, parts, KEPT_SECONDS):
            raise Unavailable.because("What was typed cannot be kept just now.")

    def _visit(self, id: str) -> str:
        return json.dumps(["new clinic", self._email, id])
