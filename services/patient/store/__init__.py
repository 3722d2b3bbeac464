"""Patient's own database: its tables and its queries."""

from services.patient.store.anchors import AnchorRows
from services.patient.store.erasing import ErasingRows
from services.patient.store.imported import ImportedRows
from services.patient.store.old import OldRows
from services.patient.store.openings import OpeningRows
from services.patient.store.patients import PatientRows
from services.patient.store.tables import inbox, metadata, outbox, retention_runs


class PatientStore(PatientRows, OldRows, ErasingRows, OpeningRows, AnchorRows, ImportedRows):
    """All queries of the service, over one transaction."""

    outbox = outbox
    inbox = inbox
    runs = retention_runs


__all__ = ["PatientStore", "metadata"]
