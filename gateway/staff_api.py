"""The API that staff use (CONTRACTS 2): each group of calls is a class in its own module."""

from gateway.staff_bookings import StaffAbsences, StaffBookings
from gateway.staff_cards import StaffCards
from gateway.staff_documents import StaffDocuments
from gateway.staff_logins import StaffLogins
from gateway.staff_messages import StaffMessages
from gateway.staff_needs import StaffNeeds
from gateway.staff_patients import StaffPatients
from gateway.staff_recalls import StaffRecalls


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
