"""Notification's own database: its tables and its queries."""

from services.notification.store.reminder_rows import ReminderRows
from services.notification.store.tables import inbox, messages, metadata, outbox


class NotificationStore(ReminderRows):
    """All queries of the service, over one transaction."""

    outbox = outbox
    inbox = inbox


__all__ = ["NotificationStore", "messages", "metadata"]
