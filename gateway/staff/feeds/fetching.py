"""A practitioner's calendar, as calendar programs fetch it by its secret address (PRODUCT C16).

Staff are asked each time whether the address opens still, which is one row: what was revoked is over at once, and it is
known when each was last fetched. Who knows the calendar as it is hears only that, and booking is not asked.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from eventlet import tpool
from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.http.wording import N_
from gateway.staff.feeds.entries import entries_of, feed_shown, window_around
from shared.contracts.errors import Gone, NotFound
from shared.links import feed_of
from shared.texts.calendar_feed import calendar_feed

_NO_SUCH = N_("There is no such calendar address; it may have been revoked.")
_WHOLE_EVERY_SECONDS = 3600
"""After so long it is answered whole though nobody has told of news: some may be lost."""


def calendar_file(services: Services, request: Request, token: str) -> Response:
    """Return the calendar of an address; raise NotFound for none, Gone for one that is over.

    Wrong addresses are counted by where they come from (ADR 17), right ones never: nobody is shut out by others.
    """
    if feed_of(services.settings.link_keys, token) is None:
        services.door.guesses.wrong_feed(request.address)
        raise NotFound.because(_NO_SUCH)
    opened = services.staff.in_own_name().open_calendar_feed(token)
    known = services.documents.get(opened["clinic"])
    document = known.document
    if opened["practitioner"] not in {each["key"] for each in document["practitioners"]}:
        raise Gone.because(_NO_SUCH)
    now = services.clock.now().astimezone(ZoneInfo(document["time_zone"]))
    tag = _tag(services.pulse.mark(opened["clinic"]), known.revision, opened, now)
    if tag is not None and tag in request.if_none_match.as_set(include_weak=True):
        response = Response(status=304)
    else:
        response = _answered(services, opened, document, now)
    if tag is not None:
        response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answered(services: Services, opened: Mapping[str, Any], document: Mapping[str, Any], now: datetime) -> Response:
    first, last = window_around(now.date())
    found = services.booking.in_own_name().calendar_feed(
        opened["clinic"],
        **{"from": first.isoformat(), "to": last.isoformat()},
        practitioner=opened["practitioner"],
        names=opened["names"],
    )
    entries = entries_of(found["bookings"], document, opened, first, last)
    content = tpool.execute(calendar_feed, feed_shown(document, opened), entries, now)
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{document["clinic"]}-{opened["practitioner"]}.ics"'
    return response


def _tag(mark: str | None, revision: int, opened: Mapping[str, Any], now: datetime) -> str | None:
    """Return the ETag of a feed at a clinic's `mark`; None where nobody knows whether anything has changed.

    `revision` is that of the document which was read: the mark may be of one that came a moment later.
    """
    if mark is None:
        return None
    told = repr((mark, revision, now.date(), int(now.timestamp()) // _WHOLE_EVERY_SECONDS, sorted(opened.items())))
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


ROUTES = (Route("GET", "/calendar/<token>.ics", calendar_file),)
