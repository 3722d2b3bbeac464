"""The gateway as a Nameko service: one method that answers every request, by the tables of routes of all wings."""

from nameko.timer import timer
from werkzeug.wrappers import Response

from gateway.api.answering import answered
from gateway.api.description import Description
from gateway.clients.providers import Calling, Door, KeptPictures, Searching
from gateway.clients.reporting.sending import send_tally
from gateway.clients.services import Services
from gateway.console.absences import dealing, editing
from gateway.console.account import own as own_account
from gateway.console.accounts import access_log, audit, people
from gateway.console.bookings import acting, cancelling, moving
from gateway.console.bookings import panel as booking_panel
from gateway.console.calendar import page as calendar
from gateway.console.day_lists import paper
from gateway.console.entering import clinics as choice_of_clinics
from gateway.console.entering import lost as lost_in_console
from gateway.console.entering import passwords, signing_in
from gateway.console.feeds import pages as feeds
from gateway.console.frame import live
from gateway.console.links import pages as links_to_copy
from gateway.console.messages import pages as messages
from gateway.console.moving_in import pages as moving_in
from gateway.console.new_booking import holding, panel
from gateway.console.new_clinic import pages as first_set_up
from gateway.console.patients import finding, record, writing
from gateway.console.recalls import giving, sending
from gateway.console.recalls import listing as recall_lists
from gateway.console.report import pages as report
from gateway.console.rights import erasing, held
from gateway.console.set_up import message_previews, pictures, two_weeks
from gateway.console.set_up import pages as set_up_forms
from gateway.console.set_up import whole as whole_set_up
from gateway.console.set_up.history import pages as set_up_history
from gateway.console.watch_list import listing as watch_list
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.http.server import http
from gateway.operators import health, outbox, webhooks
from gateway.operators.day_lists import see_to_day_lists
from gateway.public.api import bookings, links, next_times, patients
from gateway.public.booking import page as booking
from gateway.public.pages import clinics, look, lost, manage, my, recall
from gateway.staff import routes as staff_calls
from gateway.views import static_files
from gateway.views.error_page import error_page
from shared.bus.rpc import ServiceClient
from shared.contracts.errors import Refusal
from shared.given import Cache, Changes, Configuration, Documents, Time

_DAY_LISTS_SECONDS = 60
_TALLY_SECONDS = 5

_PUBLIC = (bookings, next_times, links, patients, clinics, booking, manage, my, recall, look, lost)
_CONSOLE = (
    signing_in, passwords, choice_of_clinics, first_set_up, live, own_account, feeds, people, calendar, messages,
    links_to_copy, set_up_forms, message_previews, whole_set_up, set_up_history, access_log, audit, pictures,
    moving_in, dealing, editing, giving, sending, recall_lists, watch_list, finding, writing, record, held, erasing,
    panel, holding, paper, two_weeks, booking_panel, acting, moving, cancelling,
    report, lost_in_console,
)  # fmt: skip
_OPERATORS = (outbox, health, webhooks)
_TABLE = tuple(route for each in (*_PUBLIC, *_CONSOLE, staff_calls, *_OPERATORS, static_files) for route in each.ROUTES)

DESCRIPTION = Description(_TABLE)
ROUTES = (*_TABLE, *DESCRIPTION.routes)
"""Everything that is reachable over HTTP."""


class Gateway(Services):
    """All that is reachable over HTTP, with what its functions are given."""

    name = "gateway"

    availability = ServiceClient("availability", timeout=3.0)
    booking = ServiceClient("booking", timeout=5.0)
    patient = ServiceClient("patient", timeout=3.0)
    notification = ServiceClient("notification", timeout=3.0)
    staff = ServiceClient("staff", timeout=3.0)
    settings = Configuration()
    cache = Cache()
    pulse = Changes()
    documents = Documents()
    search = Searching()
    pictures = KeptPictures()
    clock = Time()
    door = Door()
    caller = Calling()

    @http(ROUTES, error_page)
    def answer(self, route: Route, request: Request) -> Response | Refusal:
        """Return what the route's function answers, or refuses."""
        return answered(self, route, request)

    @timer(interval=_TALLY_SECONDS)
    def send_tally(self) -> None:
        """Let booking count visits and refusals for the report."""
        send_tally(self)

    @timer(interval=_DAY_LISTS_SECONDS, eager=True)
    def keep_day_lists(self) -> None:
        """Have the clinics' day lists ready, also those that were missed while nothing ran."""
        see_to_day_lists(self)
