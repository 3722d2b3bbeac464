"""Services and the gateway, each as a process of its own, or several in one."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from cli.open_files import FOR_GATEWAY, allow_open_files
from shared.bus.runner import run
from shared.settings import SERVICES, Settings
from shared.storage.migrations import require_current
from shared.telemetry import log_to_stderr

CLASSES = {
    "availability": "services.availability.service:AvailabilityService",
    "booking": "services.booking.service:BookingService",
    "patient": "services.patient.service:PatientService",
    "notification": "services.notification.service:NotificationService",
    "staff": "services.staff.service:StaffService",
    "gateway": "gateway.service:Gateway",
}

GATEWAY_WORKERS = 200
"""Requests that a gateway process handles at once; they mostly wait for services."""


def service_class(process: str) -> Any:
    """Return the Nameko class of `process`."""
    module, _, name = CLASSES[process].partition(":")
    return getattr(import_module(module), name)


def house() -> list[Any]:
    """Return the classes of all services, whose queues have to be there before anything is published."""
    return [service_class(service) for service in SERVICES]


def run_together(processes: Sequence[str], settings: Settings) -> None:
    """Run services, or the gateway, in this process until SIGTERM, and drain; they call each other directly.

    Raises SettingsError where the database of one is not set.
    """
    for process in processes:
        if process in SERVICES:
            settings.database_url(process)
    log_to_stderr(settings.log_level)
    allow_open_files(FOR_GATEWAY if "gateway" in processes else 0)
    more = {"require_tables": require_current, "workers_of": {"gateway": GATEWAY_WORKERS}}
    run([service_class(process) for process in processes], settings, house=house(), extra_config=more)
