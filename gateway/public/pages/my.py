"""A patient's own page at a clinic: after a code their bookings and what they are called to (M7, B9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.public import login_step
from gateway.public.draft import LOGIN_MOBILE, LOGIN_NUMBER, LOGIN_SENT, NEED, SESSION
from gateway.public.known_patient import KnownPatient, known_patient
from gateway.public.login_step import Asked, LoginStep
from gateway.public.needs import NeedView, open_needs
from gateway.public.pages.manage import CANCEL, MOVE
from gateway.public.refusals import refused_page
from gateway.public.visit import Visit
from gateway.views.clinic_view import ClinicView, PractitionerView, clinic_view
from gateway.views.rendering import moment, page
from shared.contracts.errors import BookingOff, LoginRequired, Refusal
from shared.texts.language import choose_language

_LOG_OUT = "log_out"
_MOST_SHOWN = 200


@dataclass(frozen=True)
class OwnBooking:
    """One booking as its patient sees it; `name` is whose it is, for people who share a telephone."""

    name: str
    type: str
    practitioner: PractitionerView | None
    start: datetime
    end: datetime
    is_cancelled: bool
    link: str
    move_link: str | None
    cancel_link: str | None


class MyPage:
    """Answers one request for `/{clinic}/my`."""

    def __init__(self, services: Services, request: Request, clinic: str) -> None:
        """Raise NotFound for an unknown clinic, Unavailable or Timeout where its document cannot be had."""
        self._services = services
        self._request = request
        self._now = services.clock.now()
        self._visit = Visit(services, request, clinic)
        draft = self._visit.draft()
        found = services.documents.get(clinic)
        document = found.document
        language = choose_language(request.headers.get("Accept-Language"), draft["lang"], document["languages"])
        self.clinic: ClinicView = clinic_view(document, language, found.pictures)
        self._is_active = bool(document["booking"]["active"])
        self._draft = draft
        self._login = LoginStep(services, request, self.clinic)

    def answer(self) -> Response:
        """Return the login, the list, or the goodbye; every refusal becomes a page that says how to go on."""
        return self._visit.with_cookie(self._answered())

    def _answered(self) -> Response:
        try:
            return self._act()
        except LoginRequired:
            notice = login_step.ENDED_HERE if self._draft.value(SESSION) else None
            return self._ask(self._login.first(notice))
        except Refusal as refusal:
            return refused_page(refusal, self.clinic, self._request, self._show)

    def _act(self) -> Response:
        if not self._is_active:
            raise BookingOff.because("Online booking of this clinic is switched off.")
        if self._request.method != "POST":
            return self._step(self._request.args.get("go", ""))
        step = self._request.form.get("go", "")
        if step == _LOG_OUT:
            return self._log_out()
        if step in login_step.STEPS:
            self._draft, asked = self._login.act(self._draft, step)
            if asked:
                return self._onward(asked.leads_to) if asked.leads_to else self._ask(asked)
        return self._onward()

    def _onward(self, step: str = "") -> Response:
        """Return the way to a step: its address, or where the page has to carry the login, the step itself."""
        self._draft = self._visit.kept(self._draft)
        if not self._draft.is_private:
            return redirect(self._draft.address(f"/{self.clinic.key}/my", go=step), 303)
        return self._step(step)

    def _step(self, step: str) -> Response:
        """Return what an address asks for: a question of the login, or the list."""
        if step in login_step.SHOWN:
            self._draft, asked = self._login.act(self._draft, step)
            if asked:
                return self._ask(asked)
        known = known_patient(self._services, self._request, self.clinic.key, self._draft)
        if known.mobile is None:
            raise LoginRequired.because("Whose bookings are shown, a login says.")
        return self._list(known)

    def _list(self, known: KnownPatient) -> Response:
        found = self._services.booking.my_bookings(self.clinic.key, limit=_MOST_SHOWN)["bookings"]
        own = [self._own(row) for row in found]
        needs = open_needs(self._services, self.clinic) if self.clinic.functions["new"] else []
        return self._show(
            "public/my.html",
            mobile=known.mobile,
            coming=[each for each in own if each.end > self._now],
            past=[each for each in reversed(own) if each.end <= self._now],
            needs=[(need, self._to_book(need)) for need in needs],
            anew=self._draft.own_page(),
        )

    def _own(self, row: Mapping[str, Any]) -> OwnBooking:
        patient, clinic, may = row["patient"], self.clinic, row["may"]
        lead, path = self._draft.only("lang").address, f"/m/{row['manage_token']}"
        names = (patient["first_name"], patient["last_name"])
        return OwnBooking(
            name=" ".join(name for name in names if name),
            type=clinic.aliases.get(row["type"], row["type"]),
            practitioner=clinic.practitioners.get(row["practitioner"]),
            start=moment(row["start"], clinic.zone),
            end=moment(row["end"], clinic.zone),
            is_cancelled=row["status"] == "cancelled",
            link=lead(path),
            move_link=lead(path, go=MOVE) if may["rebook"]["allowed"] else None,
            cancel_link=lead(path, go=CANCEL) if may["cancel"]["allowed"] else None,
        )

    def _to_book(self, need: NeedView) -> list[tuple[str, str]]:
        return [*self._draft.own_page(), ("type", need.type), (NEED, need.id)]

    def _log_out(self) -> Response:
        if session := self._draft.value(SESSION):
            self._services.door.patients.end(session)
        self._draft = self._draft.with_proof({SESSION: None, LOGIN_MOBILE: None, LOGIN_NUMBER: None, LOGIN_SENT: None})
        self._visit.kept(self._draft)
        self._draft = self._draft.only("lang", "embed")
        return self._show("public/logged_out.html")

    def _ask(self, asked: Asked) -> Response:
        self._draft = self._draft.with_proof({SESSION: None})
        return asked.shown_by(self._show, type=None, need=None, progress=None, step=None)

    def _show(self, template: str, *, status: int = 200, **context: Any) -> Response:
        self._draft = self._visit.kept(self._draft)
        shared = {"clinic": self.clinic, "draft": self._draft, "path": f"/{self.clinic.key}/my"}
        return page(template, self.clinic.language, {**shared, **context}, status=status)


def my_page(services: Services, request: Request, clinic: str) -> Response:
    """Show a patient's own bookings and needs, after a login."""
    return MyPage(services, request, clinic).answer()


ROUTES = (
    Route("GET", "/<clinic>/my", my_page),
    Route("POST", "/<clinic>/my", my_page),
)
