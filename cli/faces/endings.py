"""How commands end: one sentence on standard error, and an exit code that programs can go by."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import click

from shared.bus.calls.wire import RemoteFault
from shared.contracts.errors import Busy, RateLimited, Refusal, Timeout, Unavailable

REFUSED = 1
"""It was refused, or something was found that is not as it should be."""
WRONG_USE = 2
"""The command or a setting is written wrongly; nothing was asked."""
AWAY = 3
"""Who would do it does not answer, or not now: the same command may go well later."""
BROKEN = 4
"""A defect in a service; its log says more."""

STOPPED = 130
"""By Ctrl-C, as shells tell it."""

_SEE_FIELDS = "; see errors."
"""Said to programs, for which fields stand under `errors`; here they stand below."""
_LATER = (Unavailable, Timeout, Busy, RateLimited)
_AS_JSON = "cli.faces.as_json"


def fail(sentence: str, code: int = REFUSED) -> NoReturn:
    """End the program with a sentence."""
    click.echo(f"frontdesk: {sentence}", err=True)
    sys.exit(code)


def speak_json() -> None:
    """Have what ends the command that runs be told as JSON."""
    click.get_current_context().meta[_AS_JSON] = True


def end_refused(ctx: click.Context, refusal: Refusal) -> NoReturn:
    """End the program with what a service says, and what is wrong of which field; to programs with its code."""
    if ctx.meta.get(_AS_JSON):
        told = {"code": refusal.code, "detail": refusal.detail, **refusal.extra}
        click.echo(json.dumps(told, ensure_ascii=False), err=True)
    else:
        say_refused("frontdesk", refusal)
        for start in (each.get("start") for each in refusal.extra.get("alternatives", ())):
            click.echo(f"  free instead: {start}", err=True)
    sys.exit(AWAY if isinstance(refusal, _LATER) else REFUSED)


def say_refused(of: str, refusal: Refusal) -> None:
    """Say what a service refuses, in its words, and what is wrong of which field."""
    wrong = [*_wrong_fields(refusal.extra.get("errors"), but=refusal.detail)]
    sentence = refusal.detail.removesuffix(_SEE_FIELDS) if wrong else refusal.detail
    click.echo(f"{of}: {sentence.removesuffix('.') + '.' if sentence else 'It was refused.'}", err=True)
    for field, each in wrong:
        click.echo(f"  {field}: {each}", err=True)


def end_broken(fault: RemoteFault) -> NoReturn:
    """End the program after a defect of a service."""
    fail(f"{fault}. The service's log says more.", BROKEN)


def _wrong_fields(errors: Any, but: str) -> Iterator[tuple[str, str]]:
    """Yield which field is wrong, and why; not what was said already."""
    if not isinstance(errors, Mapping):
        return
    for field, sentences in errors.items():
        if isinstance(sentences, Mapping):
            yield from ((f"{field}.{inner}", text) for inner, text in _wrong_fields(sentences, but))
            continue
        for sentence in sentences if isinstance(sentences, list) else [sentences]:
            if str(sentence) != but:
                yield str(field), str(sentence)
