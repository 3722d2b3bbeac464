"""Where something is set up, found by what it is called here or in the manual of another system (CONSOLE, Set-up)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gateway.clients.document_words import DocumentWords
from gateway.console.set_up.parts import parts_of
from gateway.http.wording import N_

_OTHER_PAGES = (
    ("absences", "/absences", N_("Absences"), N_("Leave, illness, closed days, blocked times")),
    ("pictures", "/set-up/pictures", N_("Pictures"), N_("Logo and faces on the booking page")),
    (
        "moving_in",
        "/set-up/moving-in",
        N_("Moving in"),
        N_("Patients, needs and appointments of the former system"),
    ),
    ("links", "/links", N_("Links to online booking"), N_("Links and code for your own site")),
    ("document", "/set-up/document", N_("The whole set-up as a text"), ""),
)
"""Pages that have no keys of the document: what they are known by, their address, their title, what they are about."""
_NOBODY_TYPES = ("key", "id")


class Setting(NamedTuple):
    """Something that can be set up: what it is called, inside what, what is known of it, and where it stands."""

    called: str
    inside: Sequence[str]
    hint: str
    elsewhere: str
    address: str


def settings_called(text: str, told: Mapping[str, Any], words: DocumentWords) -> list[Setting]:
    """Return what answers to a text, first what is called so: every word of it must be in its names or its hint."""
    wanted = [word for word in map(_plain, text.split()) if word]
    if not wanted:
        return []
    answering = [each for each in _settings(told, words) if _answers(each, wanted)]
    return sorted(answering, key=lambda each: not _is_called(each, wanted))


def _answers(setting: Setting, wanted: Sequence[str]) -> bool:
    own = _plain(f"{setting.called} {setting.elsewhere} {setting.hint}")
    around = _plain(" ".join(setting.inside))
    return any(word in own for word in wanted) and all(word in own + around for word in wanted)


def _is_called(setting: Setting, wanted: Sequence[str]) -> bool:
    names = _plain(f"{setting.called} {setting.elsewhere}")
    return all(word in names for word in wanted)


def _plain(text: str) -> str:
    """Return a text in which `Online booking`, `onlinebooking` and `online-booking` are one."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _settings(told: Mapping[str, Any], words: DocumentWords) -> Iterator[Setting]:
    untold = {key["name"]: key for key in told["keys"]}
    for part in parts_of(told):
        title, address = words.say(part.title), f"/set-up/{part.address}"
        yield Setting(title, (), words.say(part.about) if part.about else "", words.elsewhere(part.keys[0]), address)
        for name in part.keys:
            if name in untold:
                anchor = "" if part.has_items else f"#{name}"
                yield from _in(untold.pop(name), name, (title,), address + anchor, words)
    for key, address, title, about in _OTHER_PAGES:
        yield Setting(words.say(title), (), words.say(about) if about else "", words.elsewhere(key), address)


def _in(
    key: Mapping[str, Any], path: str, inside: tuple[str, ...], address: str, words: DocumentWords
) -> Iterator[Setting]:
    """Yield a key and all that is in it; a form has a field of its own for what is in no list."""
    called = words.label(path)
    if called != inside[-1]:
        yield Setting(called, inside, words.hint(path), words.elsewhere(path), address)
        inside = (*inside, called)
    for each in key.get("keys", ()):
        further = f"-{each['name']}" if "#" in address else ""
        yield from _in(each, f"{path}.{each['name']}", inside, address + further, words)
    for several in ("item", "value"):
        for each in key.get(several, {}).get("keys", ()):
            if each["name"] not in _NOBODY_TYPES:
                yield from _in(each, f"{path}.{each['name']}", inside, address, words)
