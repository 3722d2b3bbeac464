"""The API described for machines (`/openapi.json`, OpenAPI 3.1) and for readers (`/docs`), from its routes."""

import base64
import functools
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup, escape
from marshmallow import Schema
from werkzeug.wrappers import Response

from gateway.api.examples import example_of, request_example, written
from gateway.api.operation import PLACEHOLDER, Operation, operations_in
from gateway.api.schemas import Problem
from gateway.http.answers import answer
from gateway.http.headers import page_policy
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.http.wording import WORDS
from shared.contracts.errors import REFUSALS, Refusal

API_VERSION = "1.0"
_SAME_TO_ALL = {"Cache-Control": "public, max-age=300"}
_FOLDER = Path(__file__).parent / "api_docs"
_ALWAYS = ("malformed", "invalid", "unavailable", "timeout")
_STAFF = ("login_required", "code_required", "forbidden")
_BEARERS = {
    "staff": "The token of `POST /v1/staff/logins`.",
    "patient": "The token of `POST /v1/clinics/{clinic}/logins`, or of `POST /v1/recalls/open` for the recall's need.",
}
_WITH_BODY = {408: "The body came too slowly.", 411: "The body's length is missing.", 413: "The body is too large.",
              415: "The body is of another type."}  # fmt: skip
_WITHOUT_BODY = {202: "It will be done.", 204: "Done."}
_CODES: dict[str, type[Refusal]] = {each.code: each for each in REFUSALS.values()}


class Description:
    """The two descriptions of the API whose `routes` it is given, and of itself."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Describe nothing yet: that is done when it is first asked for."""
        self.routes: tuple[Route, ...] = (
            Operation("GET", "/openapi.json", self.openapi, "Describe this API (OpenAPI 3.1)"),
            Route("GET", "/docs", self.docs),
        )
        self.operations = operations_in([*routes, *self.routes])

    @functools.cached_property
    def specification(self) -> dict[str, Any]:
        """The OpenAPI document, as plain JSON values."""
        return _specification(self.operations)

    def openapi(self, _services: object, _request: Request) -> Response:
        """Return the OpenAPI document."""
        return answer(self.specification, headers=_SAME_TO_ALL)

    def docs(self, _services: object, _request: Request) -> Response:
        """Return the same for readers, as one page without scripts."""
        body, policy = self._page
        headers = {**_SAME_TO_ALL, "Content-Security-Policy": policy}
        return Response(body, mimetype="text/html", headers=headers)

    @functools.cached_property
    def _page(self) -> tuple[bytes, str]:
        """The page and its policy, which takes longer to draw and to compress than all others together."""
        style = (_FOLDER / "style.css").read_text()
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        page = (
            _templates()
            .get_template("page.html")
            .render(
                style=style,
                spec=self.specification,
                groups=_by_tag(self.specification),
                requests={each.name: request_example(each) for each in self.operations},
                codes=_codes(),
            )
        )
        policy = page_policy(styles=(f"'sha256-{digest}'",))
        return page.encode(), policy


def _specification(operations: Iterable[Operation]) -> dict[str, Any]:
    spec = APISpec(
        title="Frontdesk",
        version=API_VERSION,
        openapi_version="3.1.0",
        info={"description": "Online booking for clinics. Errors are problem documents (RFC 9457) with a `code`."},
        plugins=[MarshmallowPlugin(schema_name_resolver=_schema_name)],
    )
    spec.components.schema("Problem", schema=Problem)
    for name, whose in _BEARERS.items():
        spec.components.security_scheme(name, {"type": "http", "scheme": "bearer", "description": whose})
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for operation in operations:
        paths[path_of(operation)][operation.method.lower()] = _described(operation)
    for path, of_path in paths.items():
        spec.path(path, operations=of_path)
    described: dict[str, Any] = spec.to_dict()
    return described


def path_of(operation: Operation) -> str:
    """Return the operation's address as OpenAPI writes it: `/v1/clinics/{clinic}`."""
    return PLACEHOLDER.sub(r"{\1}", operation.url)


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [_tag(operation)],
        "parameters": [*_path_parameters(operation), *_query_parameters(operation), *_header_parameters(operation)],
        "responses": _responses(operation),
    }
    if operation.body is not None:
        media = operation.media if not operation.reads_body else ("application/json",)
        described["requestBody"] = {
            "required": bool(operation.required_names),
            "content": {each: {"schema": operation.body, "example": example_of(operation.body)} for each in media},
        }
    if operation.takes:
        content: dict[str, Any] = {each: {"schema": {"type": "string", "format": "binary"}} for each in operation.takes}
        described["requestBody"] = {"required": True, "content": content}
    if wanted := _security(operation):
        described["security"] = wanted
    return described


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    """Return which tokens open the operation; an empty one among them means that it opens without."""
    if operation.staff:
        return [{"staff": []}]
    without: list[dict[str, list[str]]] = [{}] if operation.patient == "welcome" else []
    return [*without, {"patient": []}] if operation.patient else []


def _tag(operation: Operation) -> str:
    if operation.staff or operation.url.startswith("/v1/staff"):
        return "Staff"
    if operation.url.startswith("/v1/manage"):
        return "Personal links"
    of_patients = operation.url.startswith("/v1/") and not operation.url.startswith("/v1/webhooks/")
    return "Patients" if of_patients else "Operation"


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in PLACEHOLDER.findall(operation.url)
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    language = {"name": "lang", "in": "query", "description": "The language of refusals.", "schema": {"type": "string"}}
    return [*([{"in": "query", "schema": operation.query}] if operation.query else []), language]


def _header_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "header", "description": text, "schema": {"type": "string"}}
        for name, text in operation.headers.items()
    ]


def _responses(operation: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {str(operation.status): _success(operation)}
    if "If-None-Match" in operation.headers:
        responses["304"] = {"description": "It is still so."}
    codes = [*operation.refusals, *_ALWAYS, *(_STAFF if operation.staff else ())]
    if operation.patient == "required":
        codes.append("login_required")
    if PLACEHOLDER.search(operation.url):
        codes.append("not_found")
    for status, names in _by_status(codes).items():
        responses[str(status)] = _problem(", ".join(f"`{name}`" for name in names))
    if operation.body is not None or operation.takes:
        responses |= {str(status): _problem(f"`malformed`: {sentence}") for status, sentence in _WITH_BODY.items()}
    responses["500"] = _problem("`internal_error`")
    for status, schema in operation.also.items():
        responses[str(status)] = {"description": _first_line(schema), "content": _content(operation, schema)}
    return responses


def _by_status(codes: Iterable[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for code in dict.fromkeys(codes):
        found[_CODES[code].status].append(code)
    return dict(sorted(found.items()))


def _success(operation: Operation) -> dict[str, Any]:
    if operation.status in _WITHOUT_BODY:
        return {"description": _WITHOUT_BODY[operation.status]}
    description = _first_line(operation.answer) if operation.answer else operation.summary
    return {"description": description, "content": _content(operation, operation.answer)}


def _content(operation: Operation, schema: type[Schema] | None) -> dict[str, Any]:
    if schema is not None:
        return {media: {"schema": schema, "example": example_of(schema)} for media in operation.media}
    return {
        media: {"schema": {"type": "object" if media == "application/json" else "string"}} for media in operation.media
    }


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": "Problem"}}}


def _first_line(schema: type[Schema]) -> str:
    return (schema.__doc__ or schema.__name__).strip().splitlines()[0]


def _schema_name(schema: Any) -> str:
    return schema.__name__ if isinstance(schema, type) else type(schema).__name__


@functools.cache
def _templates() -> Environment:
    environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=select_autoescape(), trim_blocks=True)
    environment.filters["shape"] = _shape
    environment.filters["prose"] = _prose
    environment.filters["written"] = written
    return environment


def _by_tag(specification: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    groups: dict[str, list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
    for path, operations in specification["paths"].items():
        for method, operation in operations.items():
            groups[operation["tags"][0]].append((method.upper(), path, operation))
    return dict(groups)


def _codes() -> list[tuple[str, int, str, str]]:
    """Return (code, status, title, meaning) of every code that a problem document may carry."""
    return [
        (code, _CODES[code].status if code in _CODES else 500, words.title, words.sentence)
        for code, words in WORDS.items()
    ]


def _prose(text: str) -> Markup:
    """Return a description as HTML: what stands between backticks is code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _shape(schema: dict[str, Any]) -> str:
    """Return a schema in a few words: `list of Booking`, `text or null`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return " or ".join(_shape(each) for each in schema[choice])
    kinds = schema.get("type", "anything")
    words = [_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return " or ".join(words)


def _kind(kind: str, schema: dict[str, Any]) -> str:
    if kind == "array":
        return f"list of {_shape(schema.get('items', {}))}"
    if "enum" in schema and kind == "string":
        return ", ".join(str(value) for value in schema["enum"] if value is not None)
    return {"string": str(schema.get("format", "text")), "integer": "whole number", "boolean": "true or false"}.get(
        kind, kind
    )
