"""Alembic's entry to the migrations of availability."""

from services.availability.store import metadata
from shared.storage.migrations import run

run(metadata)
