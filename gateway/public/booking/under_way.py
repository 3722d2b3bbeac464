"""A booking on its way: what a request has brought, what is known by it, and the page of a step."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.online_tally import Wish
from gateway.http.request import Request
from gateway.public.booking.about import About
from gateway.public.booking.chosen import Chosen
from gateway.public.booking.held_time import HeldTime
from gateway.public.booking.people import chosen_person
from gateway.public.booking.preselection import with_what_is_settled
from gateway.public.booking.progress import DETAILS, WHAT, WHEN, progress_of
from gateway.public.booking.soonest import Soonest
from gateway.public.booking.tracking import Tracking, origin_of
from gateway.public.booking.whom import Whom
from gateway.public.draft import ANY, PERSON, SOMEBODY_ELSE, Target
from gateway.public.known_patient import NOBODY, KnownPatient, known_patient
from gateway.public.login_step import Asked, LoginStep
from gateway.public.needs import NeedView
from gateway.public.visit import Visit, new_visit
from gateway.views.clinic_view import ClinicView, clinic_view
from gateway.views.rendering import page
from shared.clinic.document import item
from shared.texts.language import choose_language

TAKEN_BACK: Mapping[str, tuple[str, ...]] = {
    "type": ("type", "been", "practitioner", "date", "month", "week"),
    "been": ("been", "practitioner", "date", "month", "week"),
    "practitioner": ("practitioner", "date", "month", "week"),
    WHEN: (),
}
"""Which choices are taken back by going back to a step; the hold is released as well."""


class UnderWay:
    """What one request for `/{clinic}` has to do with; its steps change the draft and what is known."""

    def __init__(self, services: Services, request: Request, clinic: str) -> None:
        """Raise NotFound for an unknown clinic, Unavailable or Timeout where its document cannot be had."""
        self.services = services
        self.request = request
        self.now: datetime = services.clock.now()
        self.visit = Visit(services, request, clinic)
        draft = self.visit.draft()
        found = services.documents.get(clinic)
        self.document: Mapping[str, Any] = found.document
        language = choose_language(request.headers.get("Accept-Language"), draft["lang"], self.document["languages"])
        self.clinic: ClinicView = clinic_view(self.document, language, found.pictures).within(draft["template"])
        self.draft = with_what_is_settled(draft, self.clinic)
        self.known: KnownPatient = NOBODY
        self.whom = Whom(services, self.clinic, NOBODY, self.draft["been"])
        self.need: NeedView | None = None
        self.has_no_need = False
        self.held = HeldTime(services, self.clinic, request.address)
        self.login = LoginStep(services, request, self.clinic)
        self.tracking = Tracking(self.document["booking"]["tracking"], services.cache)

    def recognize(self) -> None:
        """Settle who the patient is, as far as the draft proves it."""
        self.known = known_patient(self.services, self.request, self.clinic.key, self.draft)
        self.whom = Whom(self.services, self.clinic, self.known, self.draft["been"])

    @property
    def path(self) -> str:
        """The address of the booking page."""
        return f"/{self.clinic.key}"

    @property
    def chosen(self) -> Chosen:
        """What is chosen as yet."""
        return Chosen(self.clinic, self.draft, self.whom, self.need, self.has_no_need)

    @property
    def soonest(self) -> Soonest:
        """Who finds the first free times of what is chosen."""
        return Soonest(self.services, self.chosen, self.now)

    @property
    def about(self) -> About:
        """What is known and asked of the patient."""
        return About(self.services, self.chosen, self.now)

    @property
    def wanted(self) -> tuple[str, str]:
        """The keys of the type and the practitioner that are chosen, of those that the clinic has; "" for none."""
        chosen = (("types", self.draft["type"]), ("practitioners", self.draft["practitioner"]))
        type, practitioner = (key if item(self.document, section, key) else "" for section, key in chosen)
        return type, practitioner

    def refused(self, code: str) -> None:
        """Note that a search or attempt ended without a booking, and what was wanted (A2)."""
        start = self.draft.start and self.draft.start.astimezone(self.clinic.zone)
        day = start or self.draft.day
        weekday, hour = day.isoweekday() if day else None, start.hour if start else None
        self.services.door.tally.refused(Wish(self.clinic.key, code, *self.wanted, weekday, hour))

    def begun(self) -> Response | None:
        """Begin the visit, with the first search for times; return the way to its address where it is tracked (B17)."""
        if self.draft["visit"]:
            return None
        self.draft = self.draft.with_choices(visit=new_visit())
        self.services.door.tally.visited(self.clinic.key, *self.wanted)
        if self.tracking.wants("visit") and not self.draft.is_private:
            return redirect(self.draft.address(self.path), 303)
        return None

    def show(
        self, template: str, *, status: int = 200, step: str | None = None, tracked: str | None = None, **context: Any
    ) -> Response:
        """Return a page of this booking; `tracked` is the address that it loads as an image."""
        self.draft = self.visit.kept(self.draft)
        shared = self._shared(step) | {"tracked": tracked}
        return page(
            template,
            self.clinic.language,
            {**shared, **context},
            status=status,
            frame_ancestors=self.clinic.frame_ancestors,
            images=[origin_of(tracked)] if tracked else (),
        )

    def _shared(self, step: str | None) -> dict[str, Any]:
        """Return what the pages of all steps show."""
        chosen, open_draft = self.chosen, self.draft.without_hold()
        method = "post" if self.draft.is_private else "get"
        return {
            "calendar": Target(method, "", open_draft.hidden(date=None, month=None, week=None)),
            "choose": Target("post", "choose", open_draft.hidden()),
            "clinic": self.clinic,
            "draft": self.draft,
            "path": self.path,
            "type": chosen.type,
            "need": self.need,
            "practitioner": chosen.shown_practitioner,
            "any_practitioner": self.draft["practitioner"] == ANY and not self.draft["held_by"],
            "start": self.draft.start.astimezone(self.clinic.zone) if self.draft.start else None,
            "step": step,
            "taken_back": TAKEN_BACK,
            "may_be_called": not self.known.opens_needs,
            "progress": progress_of(step, self.clinic) if step else None,
        }

    def show_details(self, errors: Mapping[str, str] | None = None) -> Response:
        """Return the form about the patient, with what is wrong in it.

        Of whom the clinic does not have what it wants, they are asked as somebody whom it does not know.
        """
        fields = replace(self.about, refused=errors or ()).fields
        if chosen_person(self.draft) and set(errors or ()) - {each.name for each in fields}:
            self.draft = self.draft.with_proof({PERSON: SOMEBODY_ELSE})
            fields = self.about.fields
        return self.show(
            "public/details.html",
            status=422 if errors else 200,
            step=DETAILS,
            fields=fields,
            errors=errors or {},
            **self.held.left(self.draft),
        )

    def show_login(self, asked: Asked) -> Response:
        """Return a question of the login."""
        return asked.shown_by(self.show, step=WHAT)
