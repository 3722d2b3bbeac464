"""What each key is still needed for: counted, shown, and asked before one is taken out."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click
from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table

from cli.dead_letters import known_letters
from cli.faces.endings import fail
from cli.keys.commands import SEALS
from cli.keys.databases import opened, sealed_in
from shared.sealed import read_keys
from shared.settings import Settings
from shared.storage.redis_store import connect
from shared.storage.resealing import Found, names_in

COVERED = "histories of before, which are covered as they stand"
_LETTERS = "dead letters"
_REDIS = "Redis, where it goes by itself within three days"
_AT_ONCE = 500


@dataclass
class Key:
    """One key of a setting, and by place how many texts are sealed with it."""

    setting: str
    name: str
    is_newest: bool
    needed: Counter[str] = field(default_factory=Counter)

    @property
    def may_go(self) -> bool:
        """Whether nothing needs it: the newest is needed always."""
        return not self.is_newest and not self.needed

    def as_json(self) -> str:
        """Return it as a line for programs."""
        told = {"setting": self.setting, "key": self.name, "newest": self.is_newest, "may_go": self.may_go}
        return json.dumps({**told, "needed": dict(self.needed)})


def show_status(settings: Settings, *, as_json: bool) -> None:
    """Print of each key what is sealed with it; exit code 1 where an older one is still needed."""
    found = counted(settings)
    if as_json:
        for key in found:
            click.echo(key.as_json())
    else:
        _show(found)
    if any(key.needed for key in found if not key.is_newest):
        sys.exit(1)


def retire(settings: Settings, name: str) -> None:
    """Say that the key of this name may be taken out; end the program with exit code 1 where it may not."""
    same = [key for key in counted(settings) if key.name == name]
    if not same:
        fail(f"no key is called {name} in {' or '.join(SEALS)}; `frontdesk keys status` lists them.")
    for key in same:
        if key.is_newest:
            fail(f"{name} is the first of {key.setting}: everything is sealed with it. Put a newer one in front of it.")
        if key.needed:
            places = ", ".join(f"{count} in {place}" for place, count in sorted(key.needed.items()))
            fail(f"{name} of {key.setting} is still needed: {places}. `frontdesk keys reseal` seals anew what it can.")
        click.echo(f"{name}: nothing is sealed with it. Take it out of {key.setting} everywhere, and keep it with the "
                   "back-ups of until now.")  # fmt: skip


def counted(settings: Settings) -> list[Key]:
    """Return all keys of both settings, and what needs them."""
    found = [key for setting in SEALS for key in _keys(settings, setting)]
    with opened(settings) as databases:
        for setting in SEALS:
            of_it = {key.name: key for key in found if key.setting == setting}
            for service, database in databases.items():
                for sealed in sealed_in(service, setting):
                    sums = Found()
                    for page in sealed.pages(database):
                        sums.add(sealed.found(page, of_it))
                    _note(of_it, f"{service}.{sealed.table.name}", sums)
    _note_in_flight(settings, {key.name: key for key in found if key.setting == "EVENT_KEYS"})
    return found


def _keys(settings: Settings, setting: str) -> Iterator[Key]:
    names = list(read_keys(getattr(settings, setting.lower())))
    return (Key(setting, name, name == names[0]) for name in names)


def _note(keys: dict[str, Key], place: str, found: Found) -> None:
    for name, key in keys.items():
        key.needed.update({place: found.sealed[name]} if found.sealed[name] else {})
        key.needed.update({COVERED: found.covered[name]} if found.covered[name] else {})


def _note_in_flight(settings: Settings, keys: dict[str, Key]) -> None:
    """Note what Redis and dead letters hold; what only goes through a queue is opened within seconds."""
    for place, texts in ((_REDIS, _values(settings)), (_LETTERS, _bodies(settings))):
        sums = sum((names_in(text) for text in texts), Counter[str]())
        for name, key in keys.items():
            key.needed.update({place: sums[name]} if sums[name] else {})


def _bodies(settings: Settings) -> Iterator[str]:
    return (letter.body for letter in known_letters(settings))


def _values(settings: Settings) -> Iterator[str]:
    """Yield what Redis holds as text and in maps; one inside the process ends with it."""
    if settings.redis_url.startswith("memory:"):
        return
    client: Any = connect(settings.redis_url, decoded=False)
    try:
        for key in client.scan_iter("*", count=_AT_ONCE, _type="string"):
            yield (client.get(key) or b"").decode(errors="ignore")
        for key in client.scan_iter("*", count=_AT_ONCE, _type="hash"):
            yield from (value.decode(errors="ignore") for value in client.hvals(key))
    except RedisError as trouble:
        fail(f"Redis cannot be asked what it holds: {trouble}.")
    finally:
        client.close()


def _show(found: list[Key]) -> None:
    table = Table("setting", "key", "is needed for", "texts", box=None)
    for key in found:
        rows = sorted(key.needed.items()) or [("nothing", 0)]
        for number, (place, count) in enumerate(rows):
            named = (key.setting, f"{key.name} (newest)" if key.is_newest else key.name) if number == 0 else ("", "")
            table.add_row(*named, place, str(count))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
    for key in found:
        if key.may_go:
            click.echo(f"{key.name} of {key.setting} may be taken out.")
        elif not key.is_newest:
            click.echo(f"{key.name} of {key.setting} is still needed.")
