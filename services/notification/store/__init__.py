"""Notification's own database: its tables and its queries."""

from services.notification.store.call_rows import CallRows
from services.notification.store.comparing_rows import ComparingRows
from services.notification.store.erasing_rows import ErasingRows
from services.notification.store.message_rows import Added, News
from services.notification.store.old_rows import OldRows
from services.notification.store.sending_rows import Claim, SendingRows
from services.notification.store.tables import inbox, messages, metadata, outbox, retention_runs


class NotificationStore(ComparingRows, SendingRows, CallRows, ErasingRows, OldRows):
    """All queries of the service, over one transaction."""

    outbox = outbox
    inbox = inbox
    runs = retention_runs


__all__ = ["Added", "Claim", "News", "NotificationStore", "messages", "metadata"]
