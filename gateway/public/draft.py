"""What a patient has chosen and typed so far.

Choices may stand in addresses, so that steps can be linked to and reloaded. What was typed is personal, and what
proves who somebody is opens things: both are read from bodies only (DESIGN rule 9). Between two pages they are kept
with us (`gateway.public.visit`), or travel in hidden fields where they cannot be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, date, datetime
from urllib.parse import urlencode

from werkzeug.wrappers import Request

ANY = "any"
"""The choice of whichever practitioner is free (S13)."""

_CHOICES = (
    "lang", "embed", "template", "visit", "type", "been", "practitioner", "week", "month", "date", "start",
    "hold", "held_by", "held_until",
)  # fmt: skip
_KEPT = ("lang", "embed", "template", "visit")
_TYPED_PREFIXES = ("patient.", "answers.", "message", "recall.")
SESSION, RECALL, NEED = "session", "recall", "need"
"""The fields of a login's session, of the token of a recall's link, and of the need that is to be booked."""

LOGIN_MOBILE, LOGIN_NUMBER, LOGIN_SENT = "login.mobile", "login.national_id", "login.sent"
"""The fields of a login on its way: for whom the code is, and that one was sent."""

PERSON = "person"
"""The field of whom a login books for: one of its people, or `SOMEBODY_ELSE`."""

SOMEBODY_ELSE = "else"

_CARRIED = (SESSION, RECALL, NEED, PERSON, LOGIN_MOBILE, LOGIN_NUMBER, LOGIN_SENT)
_LONGEST = 5000


@dataclass(frozen=True)
class Target:
    """Where a form of buttons goes: its method, the name that its buttons carry, the fields that travel along."""

    method: str
    name: str
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Draft:
    """The choices by name, the typed details by the name of their field in the API (`patient.mobile`), the proof.

    `proof` is what shows who the patient is, or is about to: a session, a recall's token, a login on its way.
    `receipt` is what was booked just now. What `is_kept` lies with us and need not travel.
    """

    choices: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    proof: Mapping[str, str] = field(default_factory=dict)
    receipt: Mapping[str, str] = field(default_factory=dict)
    is_kept: bool = False

    @classmethod
    def read(cls, request: Request) -> "Draft":
        """Return what the request carries; unknown names are left out and long values cut."""
        given = {**request.args.to_dict(), **request.form.to_dict()}
        return cls(
            choices={name: given[name][:200] for name in _CHOICES if given.get(name)},
            typed={
                name: value[:_LONGEST]
                for name, value in request.form.to_dict().items()
                if name.startswith(_TYPED_PREFIXES) and value.strip()
            },
            proof={name: request.form[name][:200] for name in _CARRIED if request.form.get(name)},
        )

    def __getitem__(self, name: str) -> str:
        return self.choices.get(name, "")

    def with_kept(self, parts: Mapping[str, Mapping[str, str]], form: Mapping[str, str]) -> "Draft":
        """Return the draft with what is kept of it; a form about the patient that was sent takes its place whole."""
        is_typed_anew = any(name.startswith(_TYPED_PREFIXES) for name in form)
        return replace(
            self,
            typed=self.typed if is_typed_anew else parts["typed"],
            proof={**parts["proof"], **self.proof},
            receipt=parts["receipt"],
            is_kept=True,
        )

    @property
    def parts(self) -> Mapping[str, Mapping[str, str]]:
        """What is kept of it: all but the choices, which stand in addresses."""
        return {"typed": self.typed, "proof": self.proof, "receipt": self.receipt}

    def with_choices(self, **changes: str | None) -> "Draft":
        """Return a draft with these choices changed; None takes one back."""
        changed = {**self.choices, **changes}
        return replace(self, choices={name: value for name, value in changed.items() if value})

    def with_proof(self, changes: Mapping[str, str | None]) -> "Draft":
        """Return a draft with this part of its proof changed; None takes one back."""
        changed = {**self.proof, **changes}
        return replace(self, proof={name: value for name, value in changed.items() if value})

    def with_receipt(self, receipt: Mapping[str, str]) -> "Draft":
        """Return the draft of a visit that has booked: what was chosen and typed for it is done with."""
        return replace(self.only(*_KEPT), proof=self._login, receipt=receipt, is_kept=self.is_kept)

    def without(self, names: Sequence[str]) -> "Draft":
        """Return a draft with these choices taken back."""
        return self.with_choices(**dict.fromkeys(names))

    def without_hold(self) -> "Draft":
        """Return the draft as it was before a time was chosen."""
        return self.without(("start", "hold", "held_by", "held_until"))

    @property
    def start(self) -> datetime | None:
        """The chosen time, aware; None where none is chosen or it cannot be read."""
        return _moment(self["start"])

    @property
    def held_until(self) -> datetime | None:
        """When the hold on the time ends, aware."""
        return _moment(self["held_until"])

    @property
    def day(self) -> date | None:
        """The chosen day."""
        return _day(self["date"])

    @property
    def week(self) -> date | None:
        """The day that the week begins with whose times are to be shown."""
        return _day(self["week"])

    @property
    def month(self) -> date | None:
        """Any day of the month that the calendar is to show."""
        return _day(self["month"])

    @property
    def is_private(self) -> bool:
        """Whether its pages carry what must not stand in an address, so that its steps are forms and no links."""
        return not self.is_kept and bool(self.typed or self.proof or self.receipt)

    def value(self, name: str) -> str:
        """Return what stands in a field of the page's forms; a number given at the login is not asked for twice."""
        given = self.typed.get(name) or self.proof.get(name, "")
        return given or (self.proof.get(LOGIN_NUMBER, "") if name == "patient.national_id" else "")

    def hidden(self, **changes: str | None) -> list[tuple[str, str]]:
        """Return the fields that carry the draft through a form, choices changed; what is kept stays where it is."""
        choices = self.with_choices(**changes).choices.items()
        return [*choices] if self.is_kept else [*choices, *self.typed.items(), *self.proof.items()]

    def own_page(self) -> list[tuple[str, str]]:
        """Return the fields that lead to the patient's own page, still logged in."""
        return self.only("lang", "embed").with_proof(self._login).hidden()

    @property
    def _login(self) -> dict[str, str]:
        return {name: self.proof[name] for name in (SESSION, LOGIN_MOBILE, LOGIN_NUMBER) if name in self.proof}

    def hidden_beside(self, shown: Sequence[str]) -> list[tuple[str, str]]:
        """Return the fields that carry the draft through a form that shows those of these names, and groups of them."""
        return [(name, value) for name, value in self.hidden() if not name.startswith(tuple(shown))]

    def anew(self, path: str, **more: str) -> str:
        """Return the link to another booking of the same visit, in the same language, frame and selection."""
        return self.only(*_KEPT).address(path, **more)

    def only(self, *names: str) -> "Draft":
        """Return a draft of nothing but these choices."""
        return Draft({name: self[name] for name in names if self[name]})

    def address(self, path: str, **changes: str | None) -> str:
        """Return the link to a step: choices only, with changes and what else a page reads, never what was typed."""
        query = urlencode(self.with_choices(**changes).choices)
        return f"{path}?{query}" if query else path


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """Return the aware moment that stands there, None for anything else and for what overflows in some time zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and MINYEAR < moment.year < MAXYEAR else None
