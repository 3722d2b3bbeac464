"""The API that staff use (CONTRACTS 2): each group of calls is a class in its own module."""

from gateway.staff.bookings import StaffAbsences, StaffBookings
from gateway.staff.cards import StaffCards
from gateway.staff.documents import StaffDocuments
from gateway.staff.logins import StaffLogins
from gateway.staff.messages import StaffMessages
from gateway.staff.needs import StaffNeeds
from gateway.staff.patients import StaffPatients
from gateway.staff.recalls import StaffRecalls


class StaffApi(
    StaffLogins,
    StaffDocuments,
    StaffBookings,
    StaffAbsences,
    StaffPatients,
    StaffMessages,
    StaffCards,
    StaffNeeds,
    StaffRecalls,
):
    """All of it."""
