"""The gateway as a Nameko service: the public and staff API, the pages and the probes over one set of collaborators."""

from gateway.api.description import Description
from gateway.clients.providers import Calling, Door, Searching
from gateway.operators.health import Health
from gateway.operators.webhooks import Webhooks
from gateway.public.api.bookings import PublicApi
from gateway.public.api.patients import PatientApi
from gateway.public.pages.routes import Pages
from gateway.staff.api import StaffApi
from shared.bus.rpc import ServiceClient
from shared.given import Cache, Configuration, Documents, Time


class Gateway(PublicApi, PatientApi, StaffApi, Health, Description, Webhooks, Pages):
    """All that is reachable over HTTP. Each group of routes is a class in its own module."""

    name = "gateway"

    availability = ServiceClient("availability", timeout=3.0)
    booking = ServiceClient("booking", timeout=5.0)
    patient = ServiceClient("patient", timeout=3.0)
    notification = ServiceClient("notification", timeout=3.0)
    settings = Configuration()
    cache = Cache()
    documents = Documents()
    search = Searching()
    clock = Time()
    door = Door()
    caller = Calling()
