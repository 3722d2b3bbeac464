"""What services hold, compared with what booking says, and put right (ADR 21).

Booking tells its bookings as they are now, each as the event that its newest change would be today. A service looks in
its own tables for what it should have of that, and where it is asked to, takes that event in as if it had never come.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol, Self

from shared.contracts.envelope import Event

AT_ONCE = 200
"""How many bookings are looked at in one call."""

NOT_THERE = "booking that is not there"

PATIENCE = 10.0
"""Seconds that a service waits for one page."""

Asked = Mapping[str, Any]
"""Which are looked at: `since` (a start) and `cursor`, or `references`; and whether to `repair`."""


class Bookings(Protocol):
    """The booking service, as far as others compare themselves with it."""

    def states(self, clinic: str, **which: Any) -> dict[str, Any]:
        """Return a page of bookings told again: `{bookings, next}`."""
        ...


@dataclass(frozen=True)
class Retold:
    """A booking told again.

    `news` is its newest version of which people are told, `link` the one from which on it has its link, 0 where that is
    its first one; `patient` is whose it is, None where nobody has told that.
    `published` are the ids of the events that have told of it, each with its type, as far as they can still come.
    """

    event: Event
    news: int
    link: int
    patient: str | None
    published: Mapping[str, str]

    @property
    def reference(self) -> str:
        """The booking's name."""
        return self.event.subject

    def events(self, *types: str) -> list[Event]:
        """Return this event under the ids of those of `types` that have told of it."""
        return [replace(self.event, id=id) for id, type in self.published.items() if type in types]

    def to_json(self) -> dict[str, Any]:
        """Return the form in which it travels."""
        return {**vars(self), "event": self.event.to_json()}

    @classmethod
    def read(cls, sent: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(Event.from_json(sent["event"]), sent["news"], sent["link"], sent["patient"], sent["published"])


class Difference(NamedTuple):
    """What is not as it should be, in words, and the version of what is held instead; None where nothing is."""

    what: tuple[str, ...]
    held: int | None = None


def reconciled(
    bookings: Bookings,
    clinic: str,
    asked: Asked,
    differing: Callable[[list[Retold]], Mapping[str, Difference]],
    mend: Callable[[Retold, Difference], None],
) -> dict[str, Any]:
    """Return which of a page of bookings a service holds otherwise, and `mend` them where that is asked for.

    `differing` returns differences by reference. Mended is only what differs in the same way from what booking says a
    second time, so that nothing is undone that has come in between.
    """
    which = {name: asked[name] for name in ("since", "cursor", "references") if asked.get(name) is not None}
    page = bookings.states(clinic, **which)
    told = _read(page)
    found = differing(told)
    if asked["repair"] and found:
        anew = _read(bookings.states(clinic, references=sorted(found)))
        again = differing(anew)
        for each in anew:
            if again.get(each.reference) == found[each.reference]:
                mend(each, found[each.reference])
    return answer(len(told), found, page["next"])


def unknown(
    bookings: Bookings,
    clinic: str,
    asked: Asked,
    held: Callable[[str | None, list[str] | None], list[str]],
    drop: Callable[[str], None],
) -> dict[str, Any]:
    """Return of which bookings a service holds what stands, though booking does not have them; `drop` it where asked.

    So it is where booking was restored from an older back-up than others. `held` returns the next `AT_ONCE` references
    behind one, or those of the named that are held, in order. What was heard of came from booking, so that nothing new
    can be among them.
    """
    references = held(asked["cursor"], asked["references"])
    known = {each.reference for each in _read(bookings.states(clinic, references=references))} if references else set()
    found = {each: Difference((NOT_THERE,)) for each in references if each not in known}
    if asked["repair"]:
        for reference in found:
            drop(reference)
    is_full = asked["references"] is None and len(references) == AT_ONCE
    return answer(len(references), found, references[-1] if is_full else None)


def answer(count: int, found: Mapping[str, Difference], cursor: str | None) -> dict[str, Any]:
    """Return what a service answers: how many it has looked at, which differ, the cursor of the next page."""
    differs = [{"subject": subject, "what": list(each.what)} for subject, each in found.items()]
    return {"looked_at": count, "differs": differs, "next": cursor}


def as_differences(found: Iterable[tuple[str, Difference]]) -> dict[str, Difference]:
    """Return those of which anything differs, by what they are called."""
    return {subject: each for subject, each in found if each.what}


def _read(page: Mapping[str, Any]) -> list[Retold]:
    return [Retold.read(each) for each in page["bookings"]]
