"""How a demo comes to a message that failed: as a provider reports one that never arrived, for it has none itself."""

from uuid import uuid4

from services.notification.channels import Report
from services.notification.handlers.desk import Desk
from services.notification.handlers.hearing import hear_reports
from services.notification.model.delivery import BOUNCED, UNDELIVERED
from services.notification.model.messages import FAILED
from services.notification.store import NotificationStore
from shared.actor import Actor
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clinic.message_keys import SMS
from shared.clinic_documents import ClinicDocuments
from shared.clock import Clock
from shared.desk import Keys
from shared.settings import Settings
from shared.storage.database import Database


def lose(settings: Settings, documents: ClinicDocuments, clock: Clock, message: str, channel: str) -> None:
    """Let a message that was sent have failed; the service's own relay tells of it."""
    database = Database(settings.database_url("notification"), settings.database_limits)
    try:
        desk = Desk(
            actor=Actor(kind="service", id="demo"),
            correlation_id=uuid4().hex,
            now=clock.now(),
            work=UnitOfWork(database, NotificationStore),
            documents=documents,
            keys=Keys.from_settings(settings),
        )
        hear_reports(desk, [Report(message, FAILED, reason=UNDELIVERED if channel == SMS else BOUNCED)])
    finally:
        database.close()
