"""Who is signed in, where they are and what they ask: all that a page of the console is given."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.access.sessions import Session
from gateway.clients.counts import Counts, counts_of
from gateway.clients.last_known import Known, LastKnown
from gateway.clients.services import Services
from gateway.console.frame import speaking
from gateway.console.frame.drawing import PANEL, draw, wanted_part
from gateway.console.frame.names import Names
from gateway.console.frame.typed import Typed
from gateway.http.request import Request, refuse_odd_values
from shared.actor import Actor
from shared.contracts.errors import Refusal
from shared.sealed import Sealer


@dataclass(frozen=True)
class Here:
    """A request of somebody who is signed in, at a `clinic`; "" where it is about none."""

    services: Services
    request: Request
    clinic: str
    session: Session

    @cached_property
    def language(self) -> str:
        """The language that the reader wants."""
        return speaking.language_of(self.request)

    def speaking(self, language: str) -> "Here":
        """Return the same for a page that is not the reader's, but for somebody who reads this language."""
        other = replace(self)
        vars(other)["language"] = language
        return other

    @property
    def email(self) -> str:
        """Whose account it is."""
        return self.session.account.email

    @property
    def is_administrator(self) -> bool:
        """Whether everything of the clinic is theirs to see and change."""
        return self._place().role == "administrator"

    @property
    def practitioner(self) -> str | None:
        """The key of the calendar that is all they see; None for administrators, who see all."""
        place = self._place()
        return None if place.role == "administrator" else place.practitioner

    @property
    def is_installer(self) -> bool:
        """Whether they administer the installation, with all its clinics."""
        return self.session.account.places is None

    @property
    def has_several_clinics(self) -> bool:
        """Whether they work at more than one clinic, or at all."""
        places = self.session.account.places
        return places is None or len(places) > 1

    def _place(self) -> Actor:
        return self.session.actor(self.clinic or None, "")

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The clinic's document in normal form, as it is in force."""
        return self.services.documents.get(self.clinic).document

    @cached_property
    def names(self) -> Names:
        """What the clinic calls its types, people, rooms and questions."""
        return Names(self.document, self.language)

    @property
    def people(self) -> list[tuple[str, str]]:
        """Key and name of those whose calendars are theirs to change: of all, or a therapist's own (C1)."""
        return [(key, name) for key, name in self.names.pairs("practitioners") if self.practitioner in {None, key}]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.document["time_zone"])

    @property
    def now(self) -> datetime:
        """The moment, by the clinic's clocks."""
        return self.services.clock.now().astimezone(self.zone)

    @property
    def today(self) -> date:
        """The clinic's day."""
        return self.now.date()

    @property
    def url(self) -> str:
        """Where the clinic's console begins."""
        return f"/staff/{self.clinic or '-'}"

    @cached_property
    def form(self) -> Typed:
        """What was posted."""
        return Typed.of(self.request)

    def asked(self, *names: str) -> dict[str, str]:
        """Return those of the address's parameters that are given; raise Malformed, Invalid for odd ones."""
        given = self.request.parameters()
        found = {name: given[name] for name in names if given.get(name)}
        refuse_odd_values(found)
        return found

    def done(self, texts: Mapping[str, str], name: str = "done", **values: object) -> str | None:
        """Return the text of what was done just now, in the reader's language: the address tells which of `texts`."""
        text = texts.get(self.asked(name).get(name, ""))
        return self.say(text, **values) if text else None

    @property
    def wants_panel(self) -> bool:
        """Whether the answer is put into the panel of a page that is there already."""
        return self.wants_part(PANEL)

    def wants_part(self, name: str) -> bool:
        """Tell whether the answer is put into the element of this id, on a page that is there already."""
        return wanted_part(self.request) == name

    def say(self, text: str, **values: object) -> str:
        """Return a text of ours in the reader's language."""
        return speaking.say_in(self.language, text, **values)

    def told(self, refused: Refusal, also: tuple[type[Refusal], ...] = ()) -> dict[str, Any]:
        """Return how the form is shown again that was refused (`speaking.told`)."""
        return speaking.told(refused, self.language, self.form, also)

    def remember(self, name: str, value: Any) -> None:
        """Keep what is shown for the hour in which nobody can be asked (C15), for who may see the same."""
        self._last_known().keep(self._own(name), value)

    def remembered(self, name: str) -> Known | None:
        """Return what was remembered last under a name, with its moment; None for nothing."""
        return self._last_known().find(self._own(name))

    def counts(self) -> Counts:
        """Return the numbers that stand in the navigation."""
        whose = "" if self.is_administrator else f"of {self.practitioner or ''}"
        return counts_of(self.services, self.clinic, whose)

    def _own(self, name: str) -> str:
        return f"{self.clinic}:{self.practitioner or ''}:{self._place().role}:{name}"

    def _last_known(self) -> LastKnown:
        services = self.services
        return LastKnown(services.cache, Sealer(services.settings.event_keys), services.clock)

    def show(
        self,
        template: str,
        *,
        section: str | None = None,
        status: int = 200,
        typed: Typed | None = None,
        errors: Mapping[str, str] | None = None,
        beside: str | None = None,
        **context: Any,
    ) -> Response:
        """Return a page, or the panel alone where that is wanted.

        `section` is its place in the navigation; a panel that is loaded as a page gets what stands at the path `beside`
        it below the clinic.
        """
        given = {"section": section, "beside": beside and f"{self.url}{beside}", "here": self, **context}
        return draw(self, template, given, status=status, typed=typed, errors=errors)

    def go(self, path: str, **query: object) -> Response:
        """Return the way to another page, by a path below the clinic."""
        asked = urlencode({name: value for name, value in query.items() if value is not None})
        return redirect(f"{self.url}{path}{'?' if asked else ''}{asked}", 303)
