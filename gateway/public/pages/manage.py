"""The page behind a personal link: one booking, to move or to cancel (M1, M4, M5, M6)."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.http.wording import N_
from gateway.public import changing
from gateway.public.deadlines import deadlines
from gateway.public.draft import Draft, Target
from gateway.public.own_calendar import Entry, entry_of
from gateway.public.pages.calendar_file import calendar_file
from gateway.public.pages.lost import nothing_at
from gateway.public.pages.need import NeedPage
from gateway.public.refusals import changed_often_page, refused_page
from gateway.public.reminding import Reminded, reminded
from gateway.public.times.shown import free_times
from gateway.public.times.sources import OfBooking
from gateway.views.clinic_view import ClinicView, PractitionerView, clinic_view
from gateway.views.rendering import moment, page
from shared.contracts.errors import ChangedMeanwhile, Gone, NotFound, RateLimited, Refusal
from shared.links import need_of
from shared.texts.language import LANGUAGES, choose_language

MOVE, CANCEL = "move", "cancel"
_LONGEST_COMMENT = 1000
_VERSION = re.compile("[0-9]{1,9}")

REASONS: Mapping[str, str] = {
    "too_late": N_("It is too late to do this online."),
    "function_off": N_("The clinic does not offer this online."),
    "booking_off": N_("Online booking at this clinic is closed at the moment."),
    "not_changeable": N_("This appointment was not booked online, so it cannot be changed here."),
    "already_cancelled": N_("This appointment is cancelled."),
}
_NO_OTHER_TIMES = N_("The clinic no longer offers other times for this appointment online.")
"""Why a booking that patients may change cannot be moved all the same: whom it is with is no longer online (M4)."""
_NO_REASON = N_("This cannot be done online.")
_LOST: Mapping[tuple[str, ...], str] = {
    ("rebook", "cancel"): N_("Once moved to this time, your appointment can no longer be moved or cancelled online."),
    ("rebook",): N_("Once moved to this time, your appointment can no longer be moved online."),
    ("cancel",): N_("Once moved to this time, your appointment can no longer be cancelled online."),
}
"""What a move costs, by what can no longer be done after it (M6)."""
_CHANGED = N_("Your appointment has changed since you opened this page, so nothing was done. This is how it looks now.")
_REPLACED = N_("This link has been replaced. Open the one in our latest message, or call us.")
_DONE: Mapping[str, str] = {
    "moved": N_("Your appointment has been moved."),
    "cancelled": N_("Your appointment has been cancelled."),
}


class ManagePage:
    """Answers one request for `/m/{token}`."""

    def __init__(self, services: Services, request: Request, token: str) -> None:
        """Raise NotFound or Gone for a token that opens nothing (any more)."""
        self._services = services
        self._request = request
        self._token = token
        self._now = services.clock.now()
        self.draft = Draft.read(request)
        found = services.documents.get(self._look_up())
        document = found.document
        self.clinic: ClinicView = clinic_view(document, self._language(document), found.pictures)
        self._is_changeable = self._booking["origin"] in document["booking"]["changeable"]

    def answer(self) -> Response:
        """Return the booking, or the step of moving or cancelling that the request asks for."""
        try:
            return self._change() if self._request.method == "POST" else self._look()
        except ChangedMeanwhile:
            self._look_up()
            self.draft = self.draft.without(("start", "date", "month", "week"))
            return self._as_it_stands(ChangedMeanwhile.status, changed=_CHANGED)
        except RateLimited as limited:
            return changed_often_page(limited, self.clinic, self.show)
        except Refusal as refusal:
            return refused_page(refusal, self.clinic, self._request, self.show)

    def calendar_file(self) -> Response:
        """Return the booking as a file for calendars."""
        return calendar_file(self._booking, self.clinic, self._link, self._services.settings.public_url, self._now)

    @property
    def _link(self) -> str | None:
        """The personal link, where something may be changed by it (M1)."""
        changeable = any(self._may[name]["allowed"] for name in ("rebook", "cancel"))
        return f"{self._services.settings.public_url}{self._path}" if changeable else None

    def _entry(self) -> Entry | None:
        """Return the booking as calendars show it; of a cancelled one there is nothing to show."""
        booking, zone = self._booking, self.clinic.zone
        if booking["status"] == "cancelled":
            return None
        start, end = moment(booking["start"], zone), moment(booking["end"], zone)
        return entry_of(self.clinic, booking["type"], booking["practitioner"], start, end)

    def show(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """Return a page of this booking; it is never framed (B16)."""
        booking = self._booking
        moving = (("go", MOVE), *self.draft.hidden(start=None, date=None, month=None, week=None))
        shared = {
            "calendar": Target("get", "", moving),
            "choose": Target("get", "start", moving),
            "clinic": self.clinic,
            "draft": self.draft,
            "path": self._path,
            "booking": booking,
            "may": self._may,
            "is_invited": self._is_invited,
            "reasons": self._reasons(),
            "type_name": self.clinic.aliases.get(booking["type"], booking["type"]),
            "practitioner": self.clinic.practitioners.get(booking["practitioner"]),
            "start": moment(booking["start"], self.clinic.zone),
            "end": moment(booking["end"], self.clinic.zone),
            "type": self.clinic.type(booking["type"]),
            "entry": self._entry(),
            "file": None if booking["status"] == "cancelled" else f"{self._path}/calendar.ics",
            "deadlines": deadlines(self._may_until, self.clinic),
            "reminders": self._reminders(),
        }
        return page(template, self.clinic.language, {**shared, **context}, status=status)

    @property
    def _is_recall(self) -> bool:
        """Whether the clinic has chosen the time: it calls the patient in around it (R1)."""
        return bool(self._booking["origin"] == "recall")

    @property
    def _is_invited(self) -> bool:
        """Whether the clinic has asked for another time, with whoever takes the type (C12)."""
        return bool(self._booking.get("invited"))

    @property
    def _may_until(self) -> Mapping[str, Any]:
        """What may be done until a deadline: who was asked for another time is told of none."""
        return {**self._may, "rebook": {"allowed": False}} if self._is_invited else self._may

    def _reminders(self) -> list[Reminded]:
        """Return the reminders to come of a booking that stands; its SMS may be switched off (N3)."""
        booking = self._booking
        if booking["status"] != "booked" or self._is_invited:
            return []
        told = [way for way in self._reached_by if way != "sms" or booking["sms_reminder"]]
        return reminded(self.clinic, moment(booking["start"], self.clinic.zone), self._now, told)

    @property
    def _path(self) -> str:
        return f"/m/{self._token}"

    def _look_up(self) -> str:
        """Read the booking as it is now; return its clinic."""
        opened = self._services.booking.open_link(self._token)
        self._booking: Mapping[str, Any] = opened["booking"]
        self._may: Mapping[str, Any] = opened["may"]
        self._reached_by: Collection[str] = opened.get("reached_by", ())  # the version before does not say it
        return str(opened["clinic"])

    def _look(self) -> Response:
        asked = self._request.args.get("go")
        if asked == MOVE and self._may["rebook"]["allowed"]:
            if self.draft.start:
                return self._review(self.draft.start.astimezone(self.clinic.zone))
            search = OfBooking(self._services.booking, self.clinic, self._token)
            opens = moment(self._booking["start"], self.clinic.zone).date() if self._is_recall else None
            shown = free_times(search, self.clinic, self.draft, self._now, opens)
            return self.show("public/move.html", shown=shown)
        if asked == CANCEL and self._may["cancel"]["allowed"]:
            return self.show("public/cancel.html")
        return self._as_it_stands(done=_DONE.get(self._request.args.get("done", "")))

    def _as_it_stands(self, status: int = 200, *, done: str | None = None, changed: str | None = None) -> Response:
        """Return the booking with what may be done with it, and what was done just now, or why nothing was."""
        return self.show("public/manage.html", status=status, done=done, changed=changed)

    def _review(self, start: datetime) -> Response:
        """Return both times beside each other, with what cannot be undone after the move (M6)."""
        day = start.date().isoformat()
        found = self._services.booking.slots_for(self._token, **{"from": day, "to": day})["slots"]
        slot = next((each for each in found if moment(each["start"], self.clinic.zone) == start), None)
        then = None if slot is None else slot.get("then")
        lost = [name for name in ("rebook", "cancel") if self._may[name]["allowed"] and name not in (then or ())]
        warning = None if then is None else _LOST.get(tuple(lost))
        return self.show("public/move_review.html", new_start=start, warning=warning, whom=self._whom(slot))

    def _whom(self, slot: Mapping[str, Any] | None) -> list[PractitionerView]:
        """Return with whom who was asked for another time may have it, whom they had before first (C12)."""
        able = slot["practitioners"] if slot is not None and self._is_invited else ()
        known = [self.clinic.practitioners[key] for key in able if key in self.clinic.practitioners]
        return sorted(known, key=lambda each: each.key != self._booking["practitioner"])

    def _reasons(self) -> Mapping[str, str]:
        known = {**REASONS, "not_changeable": _NO_OTHER_TIMES} if self._is_changeable else REASONS
        return defaultdict(lambda: _NO_REASON, known)

    def _change(self) -> Response:
        asked = self._request.form.get("go")
        if asked == MOVE and self.draft.start:
            changing.rebook(self._services, self._request.address, self._token, self._shown(), **self._wanted())
            return self._done("moved")
        if asked == CANCEL:
            comment = self._request.form.get("comment", "").strip()[:_LONGEST_COMMENT]
            changing.cancel(self._services, self._token, self._shown(), comment=comment or None)
            return self._done("cancelled")
        return self._look()

    def _wanted(self) -> dict[str, str]:
        """Return the time that was chosen and, from who was asked to choose, with whom."""
        practitioner = self._request.form.get("practitioner") if self._is_invited else None
        return {"start": self.draft["start"], **({"practitioner": practitioner} if practitioner else {})}

    def _shown(self) -> int | None:
        """Return the version of the booking that the page with the button showed, if it said so."""
        text = self._request.form.get("version", "")
        return int(text) if _VERSION.fullmatch(text) else None

    def _done(self, what: str) -> Response:
        return redirect(self.draft.address(self._path, start=None, date=None, month=None, week=None, done=what), 303)

    def _language(self, document: Mapping[str, Any]) -> str:
        """Return the language asked for, else the one that the patient booked in."""
        booked = self._booking.get("language")
        wanted = self.draft["lang"] if self.draft["lang"] in LANGUAGES else booked
        return choose_language(self._request.headers.get("Accept-Language"), wanted, document["languages"])


def link_page(services: Services, request: Request, token: str) -> Response:
    """Show the booking behind a personal link, or what there is to book behind a recall's; or whose link it was."""
    if need_of(services.settings.link_keys, token):
        return NeedPage(services, request, token).answer()
    try:
        page_of_booking = ManagePage(services, request, token)
    except (Gone, NotFound) as over:
        if not (clinic := over.extra.get("clinic")):
            raise
        why = _REPLACED if over.code == NotFound.code else None
        return nothing_at(services, request, clinic, over, f"/m/{token}", why)
    return page_of_booking.answer()


def link_file(services: Services, request: Request, token: str) -> Response:
    """Send the booking behind a personal link as a calendar file."""
    return ManagePage(services, request, token).calendar_file()


ROUTES = (
    Route("GET", "/m/<token>", link_page),
    Route("POST", "/m/<token>", link_page),
    Route("GET", "/m/<token>/calendar.ics", link_file),
)
