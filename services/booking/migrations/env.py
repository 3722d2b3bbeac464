"""Alembic's entry to the migrations of booking."""

from services.booking.store import metadata
from shared.storage.migrations import run

run(metadata)
