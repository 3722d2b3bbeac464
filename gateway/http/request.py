"""One HTTP request, read strictly: whatever is odd in query, body or headers ends here as a refusal, never as a 500."""

import io
import itertools
import re
from collections.abc import Collection, Iterable, Mapping
from typing import IO, Any
from urllib.parse import parse_qsl

import orjson
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser, MultiPartParser
from werkzeug.wrappers import Request as WerkzeugRequest

from gateway.http.bounds import BODY_LIMIT, BODY_VALUES, FORM_FIELDS, MOVING_IN_FORM_LIMIT
from shared.contracts.errors import Invalid, Malformed

_DEPTH_LIMIT = 32
_QUERY_LIMIT = 50
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBERS = ("limit", "minutes", "since")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class _InOnePiece(FormDataParser):
    """Reads a form of several parts in one piece, since its body lies in memory already.

    Where the pieces meet that it is read in otherwise, Werkzeug (3.1.9; pallets/werkzeug#3285) adds bytes to files and
    fields, and loses empty fields.
    """

    def _parse_multipart(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        boundary = options.get("boundary", "").encode("ascii")
        if not boundary:
            raise ValueError("The boundary is missing.")
        body = stream.read()
        parser = MultiPartParser(
            stream_factory=self.stream_factory,
            max_form_memory_size=self.max_form_memory_size,
            max_form_parts=self.max_form_parts,
            cls=self.cls,
            buffer_size=len(body) + 1,
        )
        form, files = parser.parse(io.BytesIO(body), boundary, content_length)
        return stream, form, files


class Request(WerkzeugRequest):
    """A request as routes get it. `id` is the correlation id, `address` the client's behind trusted proxies.

    Before an operation's function runs, `asked` holds its query parameters and `sent` its body's fields. `who` is what
    shows who acts, put here by whoever has settled it (`gateway.access.actors`). Of what `may_be_framed`, other sites
    may show the refusals too. `in_doubt` is its route's. Where it `is_announced`, it is the head alone of a large body
    that is still to come: only who sends it is settled (`head`).
    """

    form_data_parser_class = _InOnePiece
    max_content_length = MOVING_IN_FORM_LIMIT
    max_form_memory_size = BODY_LIMIT  # where its route says nothing else
    max_form_parts = FORM_FIELDS

    id: str = ""
    address: str = ""
    path_values: Mapping[str, Any] = {}
    asked: Mapping[str, Any] = {}
    sent: Mapping[str, Any] = {}
    who: object | None = None
    may_be_framed: bool = False
    in_doubt: str = ""
    is_announced: bool = False

    def head(self) -> "Request":
        """Return the request as it is before its body has come, which nobody can read by it."""
        found = Request({**self.environ, "CONTENT_LENGTH": "0", "wsgi.input": io.BytesIO()})
        found.id, found.address, found.path_values = self.id, self.address, self.path_values
        found.may_be_framed, found.is_announced = self.may_be_framed, True
        return found

    def _get_file_stream(self, *_of_the_file: Any, **_and_its_size: Any) -> io.BytesIO:
        """Return where a form's file is put (Werkzeug asks): in memory, where the whole body lies already."""
        return io.BytesIO()

    def query(self, *names: str) -> dict[str, Any]:
        """Return the parameters among `names` that are given and not empty; numbers (`_NUMBERS`) as such.

        `lang` is allowed everywhere and left out. Raise Malformed for broken escapes, bytes that are not UTF-8
        and repeated parameters; Invalid for unknown names and control characters.
        """
        given = self.parameters()
        unknown = [name for name in given if name not in names and name != "lang"]
        if unknown:
            raise _unknown(unknown, names)
        found = {name: value for name, value in given.items() if name in names and value != ""}
        refuse_odd_values(found)
        numbers = {name: int(found[name]) for name in _NUMBERS if _WHOLE_NUMBER.fullmatch(found.get(name, ""))}
        return {**found, **numbers}

    def parameters(self) -> dict[str, str]:
        """Return all of the query string; raise Malformed where it cannot be read in one way only."""
        try:
            raw = self.query_string.decode()
            if _BROKEN_ESCAPE.search(raw):
                raise Malformed.because("A % in the query must be followed by two hexadecimal digits.")
            pairs = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=_QUERY_LIMIT)
        except ValueError as broken:
            raise Malformed.because("The query is not UTF-8, or has too many parameters.") from broken
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Malformed.because("A query parameter may be given once only.")
        return found

    def fields(
        self, names: Collection[str], required: Collection[str] = (), most_values: int = BODY_VALUES
    ) -> dict[str, Any]:
        """Return the JSON body's fields; `required` ones that are left out come as None, for the service to name.

        Raise Malformed where the body is not a JSON object, Invalid for fields that are not among `names`.
        An empty body is an empty object.
        """
        body = self.json_body(most_values)
        if not isinstance(body, dict):
            raise Malformed.because("The body must be a JSON object.")
        unknown = [name for name in body if name not in names]
        if unknown:
            raise _unknown(unknown, names)
        return {**dict.fromkeys(required), **body}

    def json_body(self, most_values: int = BODY_VALUES) -> Any:
        """Return the body's JSON value ({} for no body); raise Malformed, or Invalid for control characters."""
        body = self.get_data()
        if not body:
            return {}
        if self.mimetype != "application/json":
            raise Malformed.because("Send the body as JSON, with Content-Type: application/json.", status=415)
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as broken:
            raise Malformed.because(f"The body is not JSON: {broken}.") from broken
        refuse_odd_values(value, most_values)
        return value

    def idempotency_key(self) -> str | None:
        """Return the Idempotency-Key header; raise Malformed unless it is 1 to 200 visible ASCII characters."""
        key: str | None = self.headers.get("Idempotency-Key")
        if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
            raise Malformed.because("Idempotency-Key must be 1 to 200 visible ASCII characters.")
        return key

    def bearer(self) -> str | None:
        """Return the token of `Authorization: Bearer …`, or None."""
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() or None if kind.lower() == "bearer" else None

    def wanted_id(self) -> str | None:
        """Return the caller's X-Request-Id where it is fit for logs: up to 64 letters, digits, dots and dashes."""
        given: str = self.headers.get("X-Request-Id", "")
        return given if _REQUEST_ID.fullmatch(given) else None


def refuse_odd_values(value: Any, most_values: int = BODY_VALUES) -> None:
    """Refuse what is well formed and yet fits no store: control characters, bottomless nesting, endless aliases.

    Raise Invalid with the field's path for control characters (line breaks and tabs are allowed), Malformed for
    more than 32 levels or `most_values` values. Works without recursion, since the input decides the depth; where
    something stands is worked out only once something is wrong, since that costs far more than to look.
    """
    left, level = most_values, [value]
    for _ in range(_DEPTH_LIMIT + 1):
        left -= len(level)
        if left < 0:
            break
        if any(isinstance(item, str) and _CONTROL.search(item) for item in level):
            raise _control_characters(_path_of_control(value))
        level = [inner for item in level for inner in _within(item)]
        if not level:
            return
    raise Malformed.because("The body is nested too deeply or has too many values.")


def _within(item: Any) -> Iterable[Any]:
    """Return what a value holds: a list's items, an object's names and values."""
    if isinstance(item, dict):
        return itertools.chain(item, item.values())
    return item if isinstance(item, list) else ()


def _path_of_control(value: Any) -> str:
    """Return where a text with a control character stands, `answers.fear[2]`; of a name, where its object does."""
    pending: list[tuple[str, Any]] = [("", value)]
    while pending:
        path, item = pending.pop()
        if isinstance(item, str) and _CONTROL.search(item):
            break
        if isinstance(item, dict):
            pending += [(path, name) for name in item]
            pending += [(f"{path}.{name}" if path else str(name), inner) for name, inner in item.items()]
        elif isinstance(item, list):
            pending += [(f"{path}[{index}]", inner) for index, inner in enumerate(item)]
    return path


def _unknown(unknown: Collection[str], names: Collection[str]) -> Exception:
    allowed = ", ".join(sorted(names)) or "none"
    return Invalid.because(
        f"Unknown fields; allowed here: {allowed}.",
        errors={name[:100]: ["Unknown field."] for name in sorted(unknown)[:20]},
    )


def _control_characters(path: str) -> Exception:
    return Invalid.because(
        "Control characters are not allowed.", errors={path[:200]: ["Control characters are not allowed."]}
    )
