"""Calls Frontdesk's services over RabbitMQ as an internal tool, and hears their events. Needs nothing but pika."""

from .calls import Frontdesk
from .events import Events
from .notes import Notes, SqliteNotes
from .refusals import Fault, Refused
from .token import make_token

__all__ = ["Events", "Fault", "Frontdesk", "Notes", "Refused", "SqliteNotes", "make_token"]
