"""The clinic's document as a file that is kept, carried elsewhere, or compared."""

from typing import Any

from werkzeug.wrappers import Response

from shared.texts.document_text import to_yaml


def as_file(document: dict[str, Any], name: str) -> Response:
    """Return a document as a file of this name."""
    response = Response(to_yaml(document), content_type="application/yaml; charset=utf-8")
    response.headers.add("Content-Disposition", "attachment", filename=name)
    return response
