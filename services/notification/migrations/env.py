"""Alembic's entry to the migrations of notification."""

from services.notification.store import metadata
from shared.migrations import run

run(metadata)
