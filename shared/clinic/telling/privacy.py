"""What of patients the clinic lets messages say (`privacy` in its document; PRODUCT N1)."""

from typing import Final

from shared.clinic.document import Document

FULL: Final = "full"
BRIEF: Final = "brief"


def tells_details(document: Document) -> bool:
    """Tell whether messages to practitioners, and to the clinic's mailbox, say who comes for what."""
    return bool(_privacy(document).get("practitioner", FULL) == FULL)


def names_type_in_sms(document: Document) -> bool:
    """Tell whether an SMS says for what somebody comes."""
    return bool(_privacy(document).get("sms_type", True))


def _privacy(document: Document) -> Document:
    """Return what the document says; nothing where it was stored before the key was there."""
    return document.get("privacy") or {}
