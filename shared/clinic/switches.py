"""What a clinic offers on the web at all: one switch over everything, and one for each function (PRODUCT B1)."""

from shared.clinic.document import Document

FUNCTIONS = ("new", "rebook", "cancel")
"""A new booking, another time for one, its cancellation."""


def is_active(document: Document) -> bool:
    """Tell whether the clinic's online booking is on at all."""
    return bool(document["booking"]["active"])


def is_on(document: Document, function: str) -> bool:
    """Tell whether patients can do `function`, one of FUNCTIONS, on the web."""
    return is_active(document) and bool(document["booking"][function])


def functions_on(document: Document) -> dict[str, bool]:
    """Return for each of FUNCTIONS whether patients can do it on the web."""
    return {function: is_on(document, function) for function in FUNCTIONS}
