"""Sees to it that the clinics' day lists lie ready for the day on which nothing else works (PRODUCT C15)."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.clients.days import bookings_of_day
from gateway.clients.services import Services
from gateway.pdf.day_files import path_of, remove_before, write_list
from shared.contracts.errors import Refusal
from shared.environment.day_lists import DayLists

_log = logging.getLogger(__name__)


def see_to_day_lists(services: Services) -> None:
    """Write each list that is due and not there, and remove those whose time is over.

    What cannot be written now, since somebody does not answer, is found missing the next time; what was missed while
    nothing ran, at the next start.
    """
    lists = services.settings.day_lists
    if lists is None:
        return
    now = services.clock.now()
    try:
        lists.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in services.availability.in_own_name().clinics()["clinics"]:
            _see_to_one(services, lists, each["clinic"], now)
        remove_before(lists.folder, (now - lists.kept).date())
    except OSError as trouble:
        _log.error("day lists cannot be kept in %s: %s", lists.folder, trouble.strerror)
    except Refusal as refused:
        _log.warning("day lists wait: %s", refused.code)


def _see_to_one(services: Services, lists: DayLists, clinic: str, now: datetime) -> None:
    try:
        document = services.documents.get(clinic).document
        here = now.astimezone(ZoneInfo(document["time_zone"]))
        day = lists.due(here)
        if not path_of(lists.folder, clinic, day).exists():
            found = bookings_of_day(services.booking.in_own_name().find, clinic, day)
            write_list(lists.folder, found, document, day, here)
    except Refusal as refused:
        _log.warning("the day list of %s waits: %s", clinic, refused.code)
