"""What each key is still needed for: counted, shown, and asked before one is taken out."""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import click
from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table

from cli.dead_letters import known_letters
from cli.faces.endings import fail
from cli.keys.commands import SEALS
from cli.keys.databases import opened, sealed_in
from cli.keys.key import Key
from cli.keys.lookups import (
    FORMER_LOOKUP_KEYS,
    HISTORIES,
    LOOKUP_KEY,
    accepted,
    former,
    found_by,
    linked_by,
    untold,
)
from cli.keys.metrics import exposition
from shared.sealed import read_keys
from shared.settings import Settings
from shared.storage.database import Database
from shared.storage.keys.rehashing import NOBODYS
from shared.storage.keys.resealing import Found, names_in
from shared.storage.redis_store import connect

COVERED = "histories of before, which are covered as they stand"
_LETTERS = "dead letters"
_REDIS = "Redis, where it goes by itself within three days"
_AT_ONCE = 500


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


def show_metrics(settings: Settings) -> None:
    """Print the same as gauges, in Prometheus' text format; who watches them needs no exit code."""
    click.echo(exposition(counted(settings)), nl=False)


def retire(settings: Settings, name: str) -> None:
    """Say that the key of this name may be taken out; end the program with exit code 1 where it may not.

    `LOOKUP_KEY` stands for all of its keys but the first.
    """
    found = counted(settings)
    same = [key for key in found if key.name == name]
    if name == LOOKUP_KEY:
        same = [key for key in found if key.setting == name and not key.is_newest]
        if not same:
            fail("LOOKUP_KEY holds one key; put the new one behind it first.")
    if not same:
        fail(f"no key is called {name} in {', '.join(SEALS)} or LOOKUP_KEY; `frontdesk keys status` lists them.")
    for key in same:
        if key.is_newest:
            fail(
                f"{name} is the first of {key.setting}: everything is written with it. Put a newer one in front of it."
            )
        if key.needed:
            what = f"{key.name} of {key.setting} is still needed: {_places(key.needed)}."
            fail(f"{what} `frontdesk keys reseal` does anew what it can.")
        if key.setting == FORMER_LOOKUP_KEYS and key.kept:
            fail(f"{key.name} of {key.setting} stays: by it are known {_places(key.kept)}.")
        click.echo(_where_to(key))


def _where_to(key: Key) -> str:
    if key.kept:
        return (
            f"{key.name}: nothing is found by it that can be hashed anew. Move it from {key.setting} to "
            f"{FORMER_LOOKUP_KEYS} everywhere; by it are still known {_places(key.kept)}."
        )
    return (
        f"{key.name}: nothing needs it. Take it out of {key.setting} everywhere, and keep it with back-ups of before."
    )


def _places(counts: Counter[str]) -> str:
    return ", ".join(f"{count} in {place}" for place, count in sorted(counts.items()))


def counted(settings: Settings) -> list[Key]:
    """Return all keys of what is sealed and of lookups, and what needs them."""
    lookups = [*_lookup_keys(settings)]
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
        if len(lookups) > 1:
            _note_lookups(settings, databases, lookups)
    _note_in_flight(settings, {key.name: key for key in found if key.setting == "EVENT_KEYS"})
    return found + lookups


def _lookup_keys(settings: Settings) -> Iterator[Key]:
    for number, name in enumerate(accepted(settings)):
        yield Key(LOOKUP_KEY, name, number == 0)
    yield from (Key(FORMER_LOOKUP_KEYS, name, False) for name in former(settings))


def _note_lookups(settings: Settings, databases: dict[str, Database], keys: list[Key]) -> None:
    """Note what is found by each key, and of the older ones what will stay so."""
    linked, hidden = linked_by(databases["booking"], settings), Counter[str]()
    for service, database in databases.items():
        hidden += untold(service, database)
        for place, found in found_by(service, database, settings).items():
            for key in keys:
                lost = 0 if key.is_newest or key.setting == FORMER_LOOKUP_KEYS else found[NOBODYS]
                key.needed.update({place: found[key.name]} if found[key.name] else {})
                key.needed.update({f"{place}, found by {NOBODYS}": lost} if lost else {})
    for key in keys:
        key.kept.update({HISTORIES: linked[key.name]} if linked[key.name] and not key.is_newest else {})
        key.kept.update({} if key.is_newest else hidden)


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
        rows = sorted((key.needed + key.kept).items()) or [("nothing", 0)]
        for number, (place, count) in enumerate(rows):
            named = (key.setting, f"{key.name} (newest)" if key.is_newest else key.name) if number == 0 else ("", "")
            table.add_row(*named, place, str(count))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
    for key in found:
        if key.may_go:
            where = f", to stay in {FORMER_LOOKUP_KEYS}" if key.kept else ""
            click.echo(f"{key.name} of {key.setting} may be taken out{where}.")
        elif key.setting == FORMER_LOOKUP_KEYS:
            click.echo(f"{key.name} of {key.setting} stays.")
        elif not key.is_newest:
            click.echo(f"{key.name} of {key.setting} is still needed.")
