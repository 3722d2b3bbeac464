"""The API that staff use (CONTRACTS 2): each group of calls stands in a module of its own."""

from gateway.staff import (
    absences,
    accounts,
    bookings,
    calendar,
    cards,
    documents,
    logins,
    messages,
    needs,
    passwords,
    patients,
    recalls,
    times,
    two_step,
)
from gateway.staff.feeds import fetching as fetched_feeds
from gateway.staff.feeds import keeping as kept_feeds
from gateway.staff.reports import online

ROUTES = (
    *logins.ROUTES,
    *passwords.ROUTES,
    *two_step.ROUTES,
    *accounts.ROUTES,
    *documents.ROUTES,
    *bookings.ROUTES,
    *calendar.ROUTES,
    *kept_feeds.ROUTES,
    *fetched_feeds.ROUTES,
    *times.ROUTES,
    *absences.ROUTES,
    *patients.ROUTES,
    *messages.ROUTES,
    *cards.ROUTES,
    *needs.ROUTES,
    *recalls.ROUTES,
    *online.ROUTES,
)
