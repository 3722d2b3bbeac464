"""The API that staff use (CONTRACTS 2): each group of calls is a class in its own module."""

from gateway.staff_bookings import StaffAbsences, StaffBookings
from gateway.staff_documents import StaffDocuments
from gateway.staff_logins import StaffLogins
from gateway.staff_needs import StaffNeeds
from gateway.staff_patients import StaffPatients


class StaffApi(StaffLogins, StaffDocuments, StaffBookings, StaffAbsences, StaffPatients, StaffNeeds):
    """All of it."""
