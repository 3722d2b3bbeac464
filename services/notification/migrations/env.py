"""Alembic's entry to the migrations of notification."""

from services.notification.store import metadata
from shared.storage.migrations import run

run(metadata)
