"""The language in which clinics write their own messages, and what a message may name (CONTRACTS 1, `messages`).

Notification writes messages by it; availability checks by it what a clinic saves, so that a mistake is found then
and not when the message is due (PRODUCT N4).

A template may show variables, choose between texts by `if`, and use a few filters. It has no loops, no variables of
its own, no arithmetic and calls nothing, so what it makes is never much longer than itself and what it names.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shared.clinic.message_keys import CANCELLED, CHOOSE_AGAIN, LOGIN_CODE, MOVED, RECALL, to_practitioner

VARIABLES = frozenset(
    {
        "patient.first_name", "patient.last_name",
        "booking.type", "booking.practitioner", "booking.start", "booking.end", "booking.date", "booking.time",
        "booking.length", "booking.reference", "booking.message",
        "clinic.name", "clinic.phone", "clinic.address", "clinic.website",
        "texts.confirmation", "link", "code", "old.start", "comment",
    }
)  # fmt: skip
"""What messages may name; what one has not for the moment (a message, a comment) is empty text."""

_ONLY_IN: Mapping[str, frozenset[str]] = {
    "code": frozenset({RECALL, LOGIN_CODE}),
    "old.start": frozenset({MOVED, to_practitioner(MOVED)}),
    "comment": frozenset({CANCELLED, to_practitioner(CANCELLED), CHOOSE_AGAIN}),
}
"""Which messages alone have a variable, by the keys of the document's `messages`."""

_ABOUT_NOBODY = ("clinic.", "texts.", "code")
"""How the variables begin that a login code has: it is of no booking, and whose it is nobody knows yet."""

_WITH_PARTS = {name.partition(".")[0] for name in VARIABLES if "." in name}

SAMPLES: Mapping[str, str] = {
    "patient.first_name": "Alexandra", "patient.last_name": "Lindström-Berg", "booking.type": "Examination",
    "booking.practitioner": "Dr. Johanna Berg", "booking.start": "Tuesday 1 December 2026 at 14:00",
    "booking.end": "Tuesday 1 December 2026 at 14:45", "booking.date": "Tuesday 1 December 2026",
    "booking.time": "14:00", "booking.length": "45 min", "booking.reference": "7K3M9QX2VT",
    "booking.message": "", "clinic.name": "The Clinic",
    "clinic.phone": "+46 8 123 45 67", "clinic.address": "1 Main Street", "clinic.website": "https://clinic.example",
    "texts.confirmation": "", "link": "https://booking.example/m/" + "x" * 34, "code": "7K3M-9QX2",
    "old.start": "Monday 30 November 2026 at 14:00", "comment": "",
}  # fmt: skip
"""What a message may say, by way of example."""

FILTERS = ("capitalize", "default", "d", "e", "escape", "first", "last", "length", "lower", "replace", "title",
           "trim", "truncate", "upper")  # fmt: skip

LONGEST_SMS = 1600
"""What Twilio takes as one SMS, however many parts it has."""

LONGEST_TEXT = 200_000
"""The longest text or HTML of an email that a template may make."""

_LONGEST_REPLACED = 20_000
"""The longest text that one `replace` may make: a template may have hundreds, and nobody writes as much."""

_USELESS_WITHOUT: Mapping[str, tuple[frozenset[str], str]] = {
    "choose_again": (frozenset({"link"}), "Nobody can choose another time by a message without {{ link }}."),
    "recall": (frozenset({"link", "code"}), "A recall needs {{ link }} or {{ code }}, or nobody can book by it."),
    "login_code": (frozenset({"code"}), "Nobody can log in by a message without {{ code }}."),
}

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Slice,
    nodes.Const, nodes.If, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Concat, nodes.List, nodes.Tuple, nodes.Keyword,
)  # fmt: skip

_MANNERS: Mapping[type[nodes.Node], str] = {
    nodes.For: "A message has no loops; write what it says once.",
    nodes.Call: "A message calls nothing; where a filter does it, write {{ name | upper }}.",
    nodes.BinExpr: "A message does not calculate; join texts by ~.",
    nodes.Assign: "A message makes no variables of its own; write the text where it belongs.",
    nodes.Include: "A message stands alone; it cannot take in other templates.",
    nodes.Extends: "A message stands alone; it cannot take in other templates.",
    nodes.Import: "A message stands alone; it cannot take in other templates.",
    nodes.FromImport: "A message stands alone; it cannot take in other templates.",
}
_ELSE = "A message may show variables and choose by if, nothing else."


class TooLong(TemplateError):
    """What a template makes is longer than a message may be."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a template, in one sentence, and in which line; `unknown` is a name that it may not name."""

    line: int
    sentence: str
    unknown: str | None = None


class OwnTemplates(ImmutableSandboxedEnvironment):
    """Where clinics' templates run: no globals, few filters, an unknown name is an error.

    Nothing is worked out while a template is only read.
    """

    def __init__(self, *, autoescape: bool) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=autoescape, optimized=False)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.filters["replace"] = _bounded(self.filters["replace"])


def text_of(source: str, variables: Mapping[str, Any], longest: int, *, autoescape: bool) -> str:
    """Return what the template `source` makes, without space around it.

    Raises ValueError where it is no template of a message, TooLong at more than `longest` characters, and whatever
    Jinja raises where it cannot be rendered.
    """
    parts, length = [], 0
    for part in _compiled(source, autoescape).generate(variables):
        parts.append(part)
        length += len(part)
        if length > longest:
            raise TooLong(f"It makes more than {longest} characters.")
    return "".join(parts).strip()


@lru_cache(maxsize=500)
def _compiled(source: str, autoescape: bool) -> Template:
    if wrong := next(mistakes(source), None):
        raise ValueError(wrong.sentence)
    return OwnTemplates(autoescape=autoescape).from_string(source)


def mistakes(source: str) -> Iterator[Mistake]:
    """Yield what is wrong with the template `source` without rendering it."""
    environment = OwnTemplates(autoescape=False)
    try:
        tree = environment.parse(source)
        forbidden = next(_forbidden(tree), None)
        if forbidden is None:
            environment.compile(tree)  # finds filters that do not exist
    except TemplateSyntaxError as broken:
        yield Mistake(broken.lineno, f"Line {broken.lineno} is no template: {broken.message}")
        return
    except (RecursionError, SyntaxError, MemoryError, ValueError):
        yield Mistake(1, "The template has too many levels; write it simpler.")
        return
    if forbidden is not None:
        yield forbidden
    for line, name in sorted(set(_named(environment.parse(source)))):
        if name not in VARIABLES:
            yield Mistake(line, f'Line {line} names "{name}", which messages have not.', name)


def variables_of(event: str) -> frozenset[str]:
    """Return what a message of this key of the document's `messages` may name."""
    had = frozenset(name for name in VARIABLES if event in _ONLY_IN.get(name, {event}))
    return frozenset(filter(_is_about_nobody, had)) if event == LOGIN_CODE else had


def _is_about_nobody(name: str) -> bool:
    return name.startswith(_ABOUT_NOBODY)


def problems(event: str, part: str, source: str) -> list[Mistake]:
    """Return why `source` cannot be saved as `part` (`sms`, `subject`, `text`, `html`) of the messages about `event`.

    All mistakes in what is written; where there are none, the first thing that shows when it is filled in.
    """
    found = list(mistakes(source)) or list(_of_other_messages(event, source))
    if found:
        return found
    broken = fails(source, longest_of(part), autoescape=part == "html")
    return [Mistake(1, sentence) for sentence in (broken, part != "subject" and _useless(event, source)) if sentence][
        :1
    ]


def _of_other_messages(event: str, source: str) -> Iterator[Mistake]:
    """Yield what a template without mistakes names that only other messages have."""
    for line, name in sorted(set(_named(OwnTemplates(autoescape=False).parse(source)))):
        if name not in variables_of(event):
            yield Mistake(line, f'Line {line} names "{name}", which this message never has.', name)


def longest_of(part: str) -> int:
    """Return how many characters a template of that part may make."""
    return LONGEST_SMS if part == "sms" else LONGEST_TEXT


def _useless(event: str, source: str) -> str | None:
    needed, sentence = _USELESS_WITHOUT.get(event, (frozenset[str](), ""))
    return sentence if needed and not needed & names_in(source) else None


def fails(source: str, longest: int, *, autoescape: bool) -> str | None:
    """Return why a template without mistakes makes no message of at most `longest` characters; None where it does.

    It must with every variable filled, and with those empty that not every message has.
    """
    for texts in (SAMPLES, dict.fromkeys(SAMPLES, "")):
        if broken := fails_with(source, variables_by_name(texts), longest, autoescape=autoescape):
            return broken
    return None


def fails_with(source: str, variables: Mapping[str, Any], longest: int, *, autoescape: bool) -> str | None:
    """Return why a template makes no message of these very variables; None where it does."""
    try:
        text_of(source, variables, longest, autoescape=autoescape)
    except TooLong as too_long:
        return str(too_long)
    except Exception as broken:  # noqa: BLE001 - a template can fail in any way, and every way is a mistake in it
        return f"It cannot be filled in: {broken}"
    return None


def names_in(source: str) -> set[str]:
    """Return what a template without mistakes names: `link`, `patient.first_name` …"""
    return {name for _, name in _named(OwnTemplates(autoescape=False).parse(source))}


def variables_by_name(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return variables for rendering from texts by their whole names (`patient.first_name`)."""
    found: dict[str, Any] = {}
    for name, text in texts.items():
        head, _, part = name.partition(".")
        if part:
            found.setdefault(head, {})[part] = text
        else:
            found[head] = text
    return found


def _forbidden(tree: nodes.Template) -> Iterator[Mistake]:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            words = next((text for kind, text in _MANNERS.items() if isinstance(node, kind)), _ELSE)
            line = node.lineno or 1
            yield Mistake(line, f"Line {line}: {words}")


def _named(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Yield line and name of what the template does not make itself: `link`, and with its part `patient.mobile`.

    Also of what a text would have as a part (`link.upper`): Jinja finds Python's own attributes there.
    """
    with_part = set()
    accesses: list[nodes.Getattr | nodes.Getitem] = [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]
    for access in accesses:
        part, of = _part_of(access), access.node
        if part is None:
            continue
        if isinstance(of, nodes.Name) and of.name in _WITH_PARTS:
            with_part.add(id(of))
            yield access.lineno, f"{of.name}.{part}"
        elif (text := _name_of(of)) is None or text in VARIABLES:
            yield access.lineno, f"{text or '…'}.{part}"
    for name in tree.find_all(nodes.Name):
        if id(name) not in with_part:
            yield name.lineno, name.name


def _name_of(node: nodes.Node) -> str | None:
    """Return the name that a node stands for: `link`, `patient.first_name`; None for what is worked out."""
    if isinstance(node, nodes.Name):
        return str(node.name)
    if not isinstance(node, nodes.Getattr | nodes.Getitem):
        return None
    of, part = _name_of(node.node), _part_of(node)
    return None if of is None or part is None else f"{of}.{part}"


def _part_of(access: nodes.Getattr | nodes.Getitem) -> str | None:
    """Return the part that an access names: `x.part` and `x["part"]` alike; None where it is another."""
    if isinstance(access, nodes.Getattr):
        return access.attr
    given = access.arg
    return given.value if isinstance(given, nodes.Const) and isinstance(given.value, str) else None


def _bounded(replace: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter `replace` so that several of them in a row cannot grow a text without limit."""

    def bounded(context: Any, text: Any, old: Any, new: Any, count: int | None = None) -> Any:
        if len(str(text)) * max(1, len(str(new))) > _LONGEST_REPLACED:
            raise TooLong(f"A replace makes more than {_LONGEST_REPLACED} characters.")
        return replace(context, text, old, new, count)

    bounded.jinja_pass_arg = replace.jinja_pass_arg  # type: ignore[attr-defined]  # how Jinja marks what it passes
    return bounded
