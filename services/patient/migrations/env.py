"""Alembic's entry to the migrations of patient."""

from services.patient.store import metadata
from shared.storage.migrations import run

run(metadata)
