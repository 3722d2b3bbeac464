"""Alembic's entry to the migrations of staff."""

from services.staff.store import metadata
from shared.storage.migrations import run

run(metadata)
