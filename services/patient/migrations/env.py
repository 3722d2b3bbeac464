"""Alembic's entry to the migrations of patient."""

from services.patient.store import metadata
from shared.migrations import run

run(metadata)
