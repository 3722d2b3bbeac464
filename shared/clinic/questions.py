"""The clinic's own questions to those who book: the document's `fields` (PRODUCT B5)."""

from collections.abc import Iterable

from shared.clinic.document import Document


def questions_for(fields: Iterable[Document], type: str) -> list[Document]:
    """Return which of the document's fields are asked for a type, in its order; one that names no type is for all."""
    return [field for field in fields if not field["types"] or type in field["types"]]
