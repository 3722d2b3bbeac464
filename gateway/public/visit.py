"""A patient's visit: what they typed and proved lies with us between its pages, which then have addresses (ADR 29).

A cookie opens it, and only from our own pages. Where the cookie does not come back, as in some browsers' frames, or
Redis is away, the pages carry everything in hidden fields.
"""

import re
import secrets
from dataclasses import replace

from werkzeug.wrappers import Response

from gateway.access.browser.own_pages import is_sent_by_us
from gateway.access.drafts import Drafts
from gateway.access.patient_sessions import LIFETIME_SECONDS as LOGIN_SECONDS
from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.public.draft import Draft
from shared.sealed import Sealer

COOKIE = "__Host-visit"
_SECRET = re.compile("[A-Za-z0-9_-]{43}")


def new_visit() -> str:
    """Return the mark of a visit, which says nothing of the visitor."""
    return secrets.token_urlsafe(9)


class Visit:
    """The visit to a clinic that a request belongs to; another clinic's pages know nothing of it."""

    def __init__(self, services: Services, request: Request, clinic: str) -> None:
        self._request = request
        self._clinic = clinic
        self._clock = services.clock
        self._drafts = Drafts(services.cache, Sealer(services.settings.event_keys))
        given = request.cookies.get(COOKIE, "")
        self._secret = given if _SECRET.fullmatch(given) else ""
        is_ours = request.method != "POST" or is_sent_by_us(request, services.settings.public_url)
        self._opens = bool(self._secret) and is_ours

    def draft(self) -> Draft:
        """Return what the request carries, with what is kept of its visit."""
        draft = Draft.read(self._request)
        if not (self._opens and draft["visit"]):
            return draft
        parts = self._drafts.open(self._mark(draft), self._secret)
        return draft if parts is None else draft.with_kept(parts, self._request.form)

    def kept(self, draft: Draft) -> Draft:
        """Return the draft, kept where it can be: its pages then carry choices alone.

        It lies with us for as long as its time is held, with a login or a recall's link for as long as a login lasts,
        and for 15 minutes at least.
        """
        if not self._opens:
            return replace(draft, is_kept=False)
        if not (draft.is_kept or draft.is_private):
            return draft
        if not draft["visit"]:
            draft = draft.with_choices(visit=new_visit())
        held = draft.held_until
        of_hold = int((held - self._clock.now()).total_seconds()) if held else 0
        seconds = max(of_hold, LOGIN_SECONDS if draft.proof else 0)
        return replace(draft, is_kept=self._drafts.keep(self._mark(draft), self._secret, draft.parts, seconds))

    def _mark(self, draft: Draft) -> str:
        return f"{self._clinic} {draft['visit']}"

    def with_cookie(self, response: Response) -> Response:
        """Return the response with the cookie that opens what will be kept, where the browser has none."""
        if not self._secret:
            response.set_cookie(
                COOKIE,
                secrets.token_urlsafe(32),
                secure=True,
                httponly=True,
                samesite="None",
                partitioned=True,
            )
        return response
