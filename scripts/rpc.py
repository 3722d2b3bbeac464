"""Writes docs/rpc.md: every RPC method that tools may call, its arguments, answer and refusals (`make contracts`).

Arguments come from the method's signature and the marshmallow schema that it reads its fields by; answers from the
shape of the HTTP call that hands them out as they come, and from what a real installation answered; refusals from the
HTTP calls that ask the method, and from what the functions say that it hands its work to.
"""

import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from inspect import Parameter
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from marshmallow import Schema, fields, validate

from cli.serve import house
from gateway.api.operation import Operation, operations_in
from gateway.service import ROUTES
from scripts.contracts import CONTRACTS
from scripts.rpc_examples import known_examples
from shared.bus.calls.serving import Rpc
from shared.contracts.errors import REFUSALS
from shared.incoming.batches import BatchSchema

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rpc.md"

_LOGGED_IN = "people who are logged in"
FOR_OTHERS = {"house": "the services themselves", "own account": _LOGGED_IN}
"""Of `shared.callers` those who are never a tool."""

_READERS = ("services.", "shared.incoming.batches")
OF_ALL = ("forbidden", "invalid", "busy", "unavailable", "timeout")
"""Codes that any method may give."""
_IDS = re.compile(r" \((?:[A-Z]{1,2}\d+|CONTRACTS|PRODUCT|DESIGN)\b[^)]*\)")
_AN_OBJECT = "Answers an object."
_RAISES = re.compile(r"\b[Rr]aises?\b[^.]*")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT.*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PLAIN: Mapping[Any, str] = {str: "text", int: "number", bool: "true or false", Any: "anything"}

_HEAD = """\
# RPC methods

What tools may call, made from the code by `make contracts`; [for-other-teams.md](for-other-teams.md) says how.
Arguments without a star may be given by position, in this order, or by name; those with one by name alone. What is null
counts as left out. A date is `2026-12-01`, a moment ISO 8601 with its offset; names with a dot stand inside others.

*Who* tells for whom a method is: a tool counts as staff, and as an administrator, of its clinics.

Examples were answered by a real installation to a tool. Of lists they show the first, of long texts the beginning.
Where an answer has no shape of its own, its fields are told as that installation answered them; a test asks it again.

## Refusals
"""


def written() -> str:
    """Return the page."""
    shapes: dict[str, type[Schema]] = {}
    parts = [_HEAD, *_refusals()]
    for service in house():
        parts += _of_service(service, shapes)
    return "\n".join([*parts, *_shapes(shapes)]) + "\n"


def _refusals() -> Iterator[str]:
    yield "| code | means |\n| --- | --- |"
    for refusal in REFUSALS.values():
        yield f"| `{refusal.code}` | {_without_ids(refusal.__doc__ or '')} |"
    codes = ", ".join(f"`{code}`" for code in OF_ALL)
    yield f"\nAny method may give {codes}, besides those that it names.\n"


def _of_service(service: type, shapes: dict[str, type[Schema]]) -> Iterator[str]:
    name = str(getattr(service, "name", ""))
    yield f"## {name}\n"
    contract = next(each for each in CONTRACTS if name == each.SERVICE)
    left_out: dict[str, list[str]] = {}
    for method in contract.METHODS:
        by = callers_of(service, method)
        whom = FOR_OTHERS.get(by) or (None if f"{name}.{method}" in _examples() else _LOGGED_IN)
        if whom:
            left_out.setdefault(whom, []).append(method)
        else:
            yield from _of_method(service, method, by, shapes)
    for whom, methods in left_out.items():
        yield f"For {whom} alone: {', '.join(f'`{each}`' for each in methods)}.\n"


def _of_method(service: type, method: str, by: str, shapes: dict[str, type[Schema]]) -> Iterator[str]:
    name = f"{getattr(service, 'name', '')}.{method}"
    function = getattr(service, method)
    yield f"### `{name}`\n\n{_without_ids(inspect.getdoc(function) or '')} Who: {by}.\n"
    rows = [
        *_positional(function),
        *(f"| `{key}`* | {words} | {rest} |" for key, words, rest in _named(service, method)),
    ]
    if rows:
        yield "\n".join(["| argument | is | |", "| --- | --- | --- |", *rows, ""])
    answer = _answer(name, function, shapes)
    yield f"{answer}{_may_refuse(name, function)}\n"
    if answer == _AN_OBJECT:
        yield from _answered_fields(name)
    yield _example(name)


def callers_of(service: type, method: str) -> str:
    """Return the name of those who may call a method."""
    return next(str(each.by.name) for each in getattr(service, method).nameko_entrypoints if isinstance(each, Rpc))


def _positional(function: Callable[..., Any]) -> Iterator[str]:
    hints = get_type_hints(function)
    for parameter in [*inspect.signature(function).parameters.values()][1:]:
        if parameter.kind is not Parameter.VAR_KEYWORD:
            rest = "required" if parameter.default is Parameter.empty else ""
            yield f"| `{parameter.name}` | {_hint_in_words(hints[parameter.name])} | {rest} |"


def _hint_in_words(hint: Any) -> str:
    if get_origin(hint) in (Union, UnionType):
        return " or ".join("null" if each is type(None) else _hint_in_words(each) for each in get_args(hint))
    return _PLAIN.get(hint, "object")


def _named(service: type, method: str) -> Iterator[tuple[str, str, str]]:
    """Yield the fields that a method takes by name: name, kind, and whether it is needed or what else holds."""
    function = getattr(service, method)
    for name in _taken_out(function):
        if name == "idempotency_key":
            yield name, "text", "The very call again within a day gets the first answer, and changes nothing more."
    for schema in schemas_of(service, method):
        yield from _fields(schema)


def schemas_of(service: type, method: str) -> list[type[Schema]]:
    """Return the schemas by which a method reads its fields, for tools; none where it has no fields.

    Those for patients alone are left out: their fields are among those of staff.
    """
    function = getattr(service, method)
    takes_fields = any(each.kind is Parameter.VAR_KEYWORD for each in inspect.signature(function).parameters.values())
    if not takes_fields:
        return []
    found = {schema: {*schema().fields} for schema in _schemas_in(function)}
    widest = [each for each, names in found.items() if not any(names < other for other in found.values())]
    if widest:
        return [BatchSchema, *(each for each in widest if each is not BatchSchema)] if BatchSchema in widest else widest
    operations = [each for each in _calling(f"{getattr(service, 'name', '')}.{method}") if each.body or each.query]
    return [schema for each in operations[:1] for schema in (each.query, each.body) if schema]


def _schemas_in(function: Callable[..., Any], seen: frozenset[Any] = frozenset()) -> dict[type[Schema], None]:
    """Return the schemas that a function names, or those that it hands its fields to, as keys in order."""
    found: dict[type[Schema], None] = {}
    around = sys.modules[function.__module__].__dict__
    for node in ast.walk(_tree(function)):
        thing = _named_by(node, around)
        if isinstance(thing, Schema):
            thing = type(thing)
        if isinstance(thing, type) and issubclass(thing, Schema):
            found[thing] = None
        elif inspect.isfunction(thing) and thing not in seen and _reads(thing):
            found |= _schemas_in(thing, seen | {thing})
    return found


def _reads(function: Callable[..., Any]) -> bool:
    module = function.__module__
    return module.startswith(_READERS) and ("schemas" in module or module == "shared.incoming.batches")


def _named_by(node: ast.AST, around: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return around.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return getattr(around.get(node.value.id), node.attr, None) if node.value.id == "schemas" else None
    return None


@cache
def _tree(function: Callable[..., Any]) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _taken_out(function: Callable[..., Any]) -> list[str]:
    """Return the names that a method takes out of its fields before they are read."""
    calls = (node for node in ast.walk(_tree(function)) if isinstance(node, ast.Call))
    pops = (each for each in calls if isinstance(each.func, ast.Attribute) and each.func.attr == "pop")
    return [str(each.args[0].value) for each in pops if isinstance(each.args[0], ast.Constant)]


def _fields(schema: type[Schema], above: str = "") -> Iterator[tuple[str, str, str]]:
    for name, field in schema().fields.items():
        path = f"{above}{field.data_key or name}"
        yield path, _in_words(field), _rest(field)
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from _fields(type(inner.schema), f"{path}.")


def _in_words(field: fields.Field[Any]) -> str:
    """Return what a field may hold."""
    if isinstance(field, fields.Nested):
        return "object"
    if isinstance(field, fields.List):
        return f"list of {_in_words(field.inner)}{_limits(field)}"
    if choices := [each.choices for each in field.validators if isinstance(each, validate.OneOf)]:
        return ", ".join(f"`{each}`" for each in choices[0])
    given = field.metadata.get("format")
    kinds = (
        (fields.DateTime, "moment"), (fields.Date, "date"), (fields.Boolean, "true or false"),
        (fields.Integer, "number"), (fields.Float, "number"), (fields.Dict, "object"), (fields.String, "text"),
    )  # fmt: skip
    plain = {"date-time": "moment", "date": "date"}.get(str(given)) or next(
        (words for kind, words in kinds if isinstance(field, kind)), "anything"
    )
    return f"{plain}{_limits(field)}"


def _limits(field: fields.Field[Any]) -> str:
    for each in field.validators:
        if isinstance(each, validate.Length) and each.max is not None:
            return f", at most {each.max}{'' if isinstance(field, fields.List) else ' characters'}"
        if isinstance(each, validate.Range) and None not in (each.min, each.max):
            return f", {each.min} to {each.max}"
    return ""


def _rest(field: fields.Field[Any]) -> str:
    told = _without_ids(str(field.metadata.get("description", "")))
    if field.required:
        return f"required. {told}" if told else "required"
    plain = field.load_default
    if isinstance(plain, (bool, int, str)) and plain != "":
        return f"`{str(plain).lower()}` where left out. {told}".strip()
    return told


def _answer(name: str, function: Callable[..., Any], shapes: dict[str, type[Schema]]) -> str:
    returned = get_type_hints(function).get("return")
    if returned is type(None):
        return "Answers null."
    if returned is str:
        return "Answers text."
    shape = next((each.answer for each in _calling(name) if each.answer and _hands_out(each, name)), None)
    if shape is None:
        return _AN_OBJECT
    shapes[shape.__name__] = shape
    return f"Answers `{shape.__name__}`."


def _answered_fields(name: str) -> Iterator[str]:
    """Yield the fields of an answer that no HTTP operation hands out as it comes, as the recorded one has them."""
    rows = [f"| `{path}` | {words} |" for path, words in _fields_of(_examples()[name].get("answer") or {})]
    if rows:
        yield "\n".join(["| field | is |", "| --- | --- |", *rows, ""])


def _fields_of(value: Any, above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the fields of an object, and of what is inside it, with their kinds."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        path = f"{above}{name}"
        yield path, _kind_of(inner)
        inside = inner[0] if isinstance(inner, list) and inner else inner
        yield from _fields_of(inside, f"{path}.")


def _kind_of(value: Any) -> str:
    """Return what a value of an answer is, in the words that arguments are told by."""
    if isinstance(value, list):
        return f"list of {_kind_of(value[0])}" if value else "list, empty in the example"
    if isinstance(value, str):
        return "moment" if _MOMENT.fullmatch(value) else "date" if _DATE.fullmatch(value) else "text"
    if value is None:
        return "null in the example"
    return {bool: "true or false", int: "number", float: "number"}.get(type(value), "object")


def _example(name: str) -> str:
    """Return a call and what it came to, as recorded; answers fold away."""
    example = _examples()[name]
    call = json.dumps({"args": example["args"], "kwargs": example["fields"]}, ensure_ascii=False)
    if "refused" in example:
        return f"```json\n{call}\n```\n\nwas refused with `{example['refused']}`: {example['detail']}\n"
    answer = json.dumps({"result": example["answer"], "error": None}, ensure_ascii=False, indent=1)
    return f"```json\n{call}\n```\n\n<details><summary>Answer</summary>\n\n```json\n{answer}\n```\n\n</details>\n"


@cache
def _examples() -> dict[str, Any]:
    return known_examples()


def _may_refuse(name: str, function: Callable[..., Any]) -> str:
    """Return the codes that those HTTP operations may give which call a method for staff; for all, where none does.

    With them come those that the functions say of themselves which a method hands its work to.
    """
    operations = [each for each in _calling(name) if each.staff] or _calling(name)
    given = [code for each in operations for code in each.refusals] + [*_said_to_refuse(function)]
    codes = dict.fromkeys(code for code in given if code not in OF_ALL)
    return f" May be refused with {', '.join(f'`{code}`' for code in codes)}." if codes else ""


def _said_to_refuse(function: Callable[..., Any]) -> Iterator[str]:
    """Yield the codes of the refusals that stand behind "raises" in what the functions say that a method calls."""
    around = sys.modules[function.__module__].__dict__
    codes = {each.__name__: each.code for each in REFUSALS.values()}
    for node in ast.walk(_tree(function)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            thing = getattr(around.get(node.value.id), node.attr, None)
            if inspect.isfunction(thing) and thing.__module__.startswith("services."):
                told = " ".join(_RAISES.findall(inspect.getdoc(thing) or ""))
                yield from (codes[word] for word in re.findall(r"[A-Z]\w+", told) if word in codes)


def _shapes(shapes: Mapping[str, type[Schema]]) -> Iterator[str]:
    """Yield the shapes that are named above, and what stands in them, each once."""
    yield "## What is answered\n"
    waiting, seen = [*shapes.values()], set()
    while waiting:
        shape = waiting.pop(0)
        if shape in seen:
            continue
        seen.add(shape)
        rows = []
        for name, field in shape().fields.items():
            inner = field.inner if isinstance(field, fields.List) else field
            words = _in_words(field)
            if isinstance(inner, fields.Nested):
                kind = type(inner.schema)
                waiting.append(kind)
                words = words.replace("object", f"`{kind.__name__}`")
            words += " or null" if field.allow_none else ""
            told = _without_ids(str(field.metadata.get("description", "")))
            rows.append(f"| `{field.data_key or name}` | {words} | {told} |")
        told = _without_ids(inspect.getdoc(shape) or "")
        yield "\n".join([f"**`{shape.__name__}`**: {told}\n", "| field | is | |", "| --- | --- | --- |", *rows, ""])


@cache
def _operations() -> tuple[Operation, ...]:
    return tuple(sorted(operations_in(ROUTES), key=lambda each: not each.staff))


def _calling(name: str) -> list[Operation]:
    """Return the HTTP operations that call a method, those of staff first."""
    return [each for each in _operations() if name in {_called(node) for node in ast.walk(_tree(each.function))}]


def _hands_out(operation: Operation, name: str) -> bool:
    """Tell whether an operation answers what a method does, as it comes."""
    returned = (node.value for node in ast.walk(_tree(operation.function)) if isinstance(node, ast.Return))
    calls = (each for each in returned if isinstance(each, ast.Call) and each.args)
    return any(getattr(each.func, "id", None) == "answer" and _called(each.args[0]) == name for each in calls)


def _called(node: ast.AST) -> str | None:
    """Return the method that an expression names: `services.booking.with_timeout(9).get(…)` is `booking.get`."""
    names: list[str] = []
    inside = node
    while isinstance(inside, (ast.Call, ast.Attribute)):
        if isinstance(inside, ast.Attribute):
            names.append(inside.attr)
        inside = inside.func if isinstance(inside, ast.Call) else inside.value
    is_method = isinstance(inside, ast.Name) and inside.id == "services" and len(names) > 1
    return f"{names[-1]}.{names[0]}" if is_method else None


def _without_ids(text: str) -> str:
    """Return a text on one line, without the ids of requirements, which only the house can look up."""
    words = " ".join(text.split())
    return _IDS.sub("", words)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
