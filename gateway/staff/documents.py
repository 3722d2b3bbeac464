"""A clinic's whole set-up as one document, in JSON or YAML (C3), its pictures (B21), and links (B15)."""

import base64
import re
from typing import Any

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.document_words import DocumentWords
from gateway.clients.services import Services
from gateway.http.answers import answer, no_content
from gateway.http.bounds import DOCUMENT_LIMIT, DOCUMENT_VALUES, LONG_CALL_SECONDS, PICTURE_LIMIT
from gateway.http.request import Request
from gateway.http.wording import reader_language
from shared.contracts.errors import ChangedMeanwhile, Malformed, NotFound
from shared.texts.document_text import to_yaml

_DOCUMENT = "/v1/staff/clinics/<clinic>/document"
_PICTURE = "/v1/staff/clinics/<clinic>/pictures/<name>"
_PICTURES = ("image/png", "image/jpeg", "image/webp")
_YAML = "application/yaml"
_MEDIA = ("application/json", _YAML)
_YAML_NAMES = frozenset({_YAML, "application/x-yaml", "text/yaml", "text/x-yaml"})
_NUMBER = re.compile(r"[0-9]{1,9}")
_NEVER = -1
"""A revision that no document has."""


def document(services: Services, request: Request, clinic: str) -> Response:
    """Return the document in force, as YAML where `Accept` prefers that."""
    found = services.availability.document(clinic)
    return _written(request, found["document"], found["revision"])


def apply_document(services: Services, request: Request, clinic: str) -> Response:
    """Apply all of the document or nothing, and return it as it is in force now.

    Its body is the document and nothing else, so the bookings that meet its new absences stand in the headers.
    """
    document = _read(request)
    found = services.availability.with_timeout(LONG_CALL_SECONDS).apply_document(
        clinic, document=document, if_revision=_expected_revision(services, request, clinic)
    )
    response = _written(request, found["document"], found["revision"])
    if found.get("collision_count"):
        response.headers["Collision-Count"] = str(found["collision_count"])
        response.headers["Collisions"] = ", ".join(each["reference"] for each in found["collisions"])
    if found.get("absences_unchecked"):
        response.headers["Absences-Unchecked"] = str(found["absences_unchecked"])
    return response


def check_document(services: Services, request: Request, clinic: str) -> Response:
    """Return mistakes and differences; nothing is applied."""
    return answer(services.availability.with_timeout(LONG_CALL_SECONDS).check_document(clinic, document=_read(request)))


def preview_document(services: Services, request: Request, clinic: str) -> Response:
    """Return which times patients would see; nothing is applied or kept."""
    return answer(services.availability.with_timeout(LONG_CALL_SECONDS).preview_document(clinic, **request.sent))


def document_shape(services: Services, request: Request, clinic: str) -> Response:
    """Return what each key of a document takes, with what its people call it in the reader's language."""
    told = services.availability.document_shape(clinic)["shape"]
    language = reader_language(request.headers.get("Accept-Language"), request.args.get("lang"))
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return answer({"keys": DocumentWords(language).told(told)["keys"]}, headers=headers)


def document_history(services: Services, request: Request, clinic: str) -> Response:
    """Return a page of what was changed, the newest first."""
    return answer(services.availability.document_history(clinic, **request.asked))


def document_state(services: Services, request: Request, clinic: str, revision: str) -> Response:
    """Return what a revision changed, and the document of then; raise NotFound for what is no revision's number."""
    if not _NUMBER.fullmatch(revision):
        raise NotFound.because("There is no entry of this revision in the history.")
    return answer(services.availability.document_state(clinic, revision=int(revision)))


def links(services: Services, request: Request, clinic: str) -> Response:
    """Return a link for each practitioner and each of their types and week templates."""
    return answer(services.availability.links(clinic))


def put_picture(services: Services, request: Request, clinic: str, name: str) -> Response:
    """Keep what the body shows, drawn anew, and return how it is kept; its bytes say what it is, not its type."""
    content = base64.b64encode(request.get_data()).decode()
    availability = services.availability.with_timeout(LONG_CALL_SECONDS)
    return answer(availability.put_picture(clinic, name, content=content))


def remove_picture(services: Services, request: Request, clinic: str, name: str) -> Response:
    """Remove a picture; what names it in the document shows none from now on."""
    services.availability.remove_picture(clinic, name)
    return no_content()


def _expected_revision(services: Services, request: Request, clinic: str) -> int | None:
    """Return the revision that If-Match asks for, None for no condition; `*` asks that there be any."""
    tags = request.if_match
    if "If-Match" not in request.headers:
        return None
    if tags.star_tag:
        try:
            return int(services.availability.document(clinic)["revision"])
        except NotFound as absent:
            raise ChangedMeanwhile.because("There is no document of this clinic yet.") from absent
    numbers = [int(tag) for tag in tags.as_set() if tag.isascii() and tag.isdigit() and len(tag) < 10]
    return numbers[0] if numbers else _NEVER


def _read(request: Request) -> Any:
    """Return the body: YAML as its text, which availability reads; raise Malformed where it is neither."""
    if not request.get_data():
        raise Malformed.because("Send the clinic's document as JSON or YAML.")
    if request.mimetype in _YAML_NAMES:
        try:
            return request.get_data().decode()
        except UnicodeDecodeError as broken:
            raise Malformed.because("The document is not UTF-8.") from broken
    document = request.json_body(DOCUMENT_VALUES)
    if not isinstance(document, dict):
        raise Malformed.because("The document must be a JSON object or YAML mapping.")
    return document


def _written(request: Request, document: dict[str, Any], revision: int) -> Response:
    headers = {"ETag": f'"{revision}"', "Vary": "Accept"}
    if request.accept_mimetypes.best_match(_MEDIA, default="application/json") == _YAML:
        return Response(to_yaml(document), headers=headers, content_type=f"{_YAML}; charset=utf-8")
    return answer(document, headers=headers)


ROUTES = (
    Operation(
        "GET", _DOCUMENT, document, "Export the clinic's document", schemas.ClinicDocument,
        refusals=("not_found",), staff=True, media=_MEDIA,
    ),
    Operation(
        "PUT", _DOCUMENT, apply_document, "Apply a document; a new clinic is created", schemas.ClinicDocument,
        body=schemas.ClinicDocument, reads_body=False, body_limit=DOCUMENT_LIMIT, media=_MEDIA,
        headers={"If-Match": "The ETag that was read; another one in force is refused."},
        refusals=("not_found", "invalid", "changed_meanwhile"), staff=True,
    ),
    Operation(
        "POST", f"{_DOCUMENT}/check", check_document, "Show a document's mistakes and what it would change",
        schemas.DocumentCheck, body=schemas.ClinicDocument, reads_body=False, body_limit=DOCUMENT_LIMIT, staff=True,
    ),
    Operation(
        "POST", f"{_DOCUMENT}/preview", preview_document, "Show which times patients would see by a document",
        schemas.DocumentPreview, body=schemas.DocumentPreviewBody, body_limit=DOCUMENT_LIMIT,
        body_values=DOCUMENT_VALUES, refusals=("not_found", "invalid"), staff=True,
    ),
    Operation(
        "GET", f"{_DOCUMENT}/shape", document_shape, "Tell what each key of a document takes, and what it is called",
        schemas.DocumentShape, staff=True,
    ),
    Operation(
        "GET", f"{_DOCUMENT}/history", document_history, "List what was changed of the document, and by whom",
        schemas.DocumentHistory, query=schemas.DocumentHistoryQuery, refusals=("not_found", "invalid"), staff=True,
    ),
    Operation(
        "GET", f"{_DOCUMENT}/history/<revision>", document_state, "Show one change, and the document of then",
        schemas.DocumentState, refusals=("not_found", "gone"), staff=True,
    ),
    Operation(
        "GET", "/v1/staff/clinics/<clinic>/links", links, "List links to the booking page", schemas.Links,
        refusals=("not_found",), staff=True,
    ),
    Operation(
        "PUT", _PICTURE, put_picture, "Put a picture: a logo, a practitioner's face", schemas.PutPicture,
        takes=_PICTURES, body_limit=PICTURE_LIMIT, refusals=("not_found", "invalid"), staff=True,
    ),
    Operation(
        "DELETE", _PICTURE, remove_picture, "Remove a picture", status=204,
        refusals=("not_found", "invalid"), staff=True,
    ),
)  # fmt: skip
