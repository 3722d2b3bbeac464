"""The written document: YAML or JSON text (`shared.texts.document_text` writes it).

YAML is read by the rules that people expect of it: `08:00`, `no`, `995.00` and `2026-12-24` are the texts that
stand there, only true, false, null and whole numbers are anything else. A key that stands twice is refused, and
aliases may repeat a part but not blow the document up.
"""

import json
import re
from typing import Any

import yaml

from services.availability.document.problems import Problem

LONGEST_TEXT = 2_000_000
"""Characters of a document; the demo clinics have some 5,000."""

MOST_VALUES = 200_000
DEEPEST = 20


class Unreadable(ValueError):
    """The text is neither YAML nor JSON; `problem` says where and why."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(path, message)


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return which bare words are not texts, by their first sign."""
    rules = (
        ("tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), "tTfF"),
        ("tag:yaml.org,2002:null", re.compile(r"~|null|Null|NULL|"), "~nN"),
        ("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]*)"), "-0123456789"),
    )
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {"": [("tag:yaml.org,2002:null", re.compile(""))]}
    for tag, words, signs in rules:
        for sign in signs:
            found.setdefault(sign, []).append((tag, re.compile(f"(?:{words.pattern})\\Z")))
    return found


class _Loader(yaml.CSafeLoader):
    """YAML with the fewest surprises."""

    yaml_implicit_resolvers = _resolvers()

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the section; refuse keys that are no single words and keys that stand twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            line = f"line {key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                raise Unreadable(line, "A key must be a single word.")
            if key.value in seen:
                raise Unreadable(line, f'"{key.value[:60]}" stands twice in one section; remove one.')
            seen.add(key.value)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def read(text: str) -> Any:
    """Return the plain values that `text` writes; raise Unreadable where it cannot be read."""
    if len(text) > LONGEST_TEXT:
        raise Unreadable("", f"The text has {len(text)} characters; shorten it to at most {LONGEST_TEXT}.")
    try:
        if text.lstrip().startswith("{"):
            return _read_json(text)
    except json.JSONDecodeError:
        pass  # YAML can start like this too, and its reader tells what is wrong
    except (ValueError, RecursionError) as odd:
        raise _unreadable(odd) from None
    try:
        return _read_yaml(text)
    except (yaml.YAMLError, ValueError) as broken:
        raise _unreadable(broken) from None


def _read_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_without_twins, parse_float=str, parse_constant=str)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise Unreadable(twin[:60], "This key stands twice in one section; remove one.")
    return found


def _read_yaml(text: str) -> Any:
    _refuse_depth_and_tags(text)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise Unreadable("", "The document is empty; write at least the required keys.")
        _refuse_bombs(node)
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _refuse_depth_and_tags(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        line = f"line {event.start_mark.line + 1}" if event.start_mark else ""
        if tag := getattr(event, "tag", None):
            raise Unreadable(line, f"Write plain values, without the tag {tag[:60]}.")
        if depth > DEEPEST:
            raise Unreadable(line, f"More than {DEEPEST} levels; no document is so deep.")


def _refuse_bombs(root: yaml.Node) -> None:
    """Count the values with every alias written out, without writing them out."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node) -> int:
        if id(node) in open_nodes:
            raise Unreadable(f"line {node.start_mark.line + 1}", "A part contains itself by an alias; write it out.")
        if id(node) not in sizes:
            open_nodes.add(id(node))
            parts = node.value if isinstance(node, yaml.CollectionNode) else []
            pairs = isinstance(node, yaml.MappingNode)
            sizes[id(node)] = 1 + sum(size(part[0]) + size(part[1]) if pairs else size(part) for part in parts)
            open_nodes.remove(id(node))
        return sizes[id(node)]

    if size(root) > MOST_VALUES:
        raise Unreadable("", f"With its aliases written out the document has more than {MOST_VALUES} values.")


def _unreadable(broken: Exception) -> Exception:
    """Return the finding with the place where reading stopped."""
    if isinstance(broken, Unreadable):
        return broken
    mark = getattr(broken, "problem_mark", None)
    place = f"line {mark.line + 1}" if mark else ""
    reason = getattr(broken, "problem", None) or getattr(broken, "reason", None) or str(broken)
    return Unreadable(place, f"This is neither YAML nor JSON: {str(reason)[:200]}.")
