"""Calls that were made once, made again: what was asked is still understood, what was answered is still answered.

References, codes, tokens and ids are others each time: what a call was answered takes its place in those that follow.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from tests.servers.providers import signed_by_twilio
from tests.system.installation import SLOW_MACHINE
from tests.upgrade.harbour import PUBLIC_URL
from tests.upgrade.wire import WRITES, Wire

Sample = Mapping[str, Any]

CHOICES = {
    "status", "state", "origin", "level", "channel", "event", "audience", "type", "practitioner", "clinic", "code",
    "scheme", "language", "week",
}  # fmt: skip
"""Fields whose texts are words of the contract, or keys that the caller gave: these are told as they were."""

_NARROWER = {"my_bookings": "bookings", "of_login": "patients", "needs": "needs"}
"""Lists in answers, by method, that hold less since for a login: it opens what the clinic has confirmed (ADR 15)."""

_KNOWN_LATER = "patient.id was"
"""A booking's patient is null until an event has made or found them, which may be before or after an answer."""

_OF_A_REFUSAL = 2
"""Arguments: the sentence for the log, and what goes with it as JSON."""

_MADE_UP = re.compile(r"[0-9A-Za-z_-]{8,80}")
"""References, ids, codes and tokens."""


class Replay:
    """Makes calls again, in the order in which they were made."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._now: dict[str, str] = {}

    def repeat(self, sample: Sample) -> list[str]:
        """Make the call, and return a sentence for each thing that is answered otherwise than it was."""
        end = time.monotonic() + SLOW_MACHINE
        while True:
            answer = self._ask(sample)
            told = _as_ruled_since(sample, answer)
            wrong = differences(told, answer, f"{sample['service']}.{sample['method']}")
            if sample["method"] in WRITES:
                wrong = [each for each in wrong if _KNOWN_LATER not in each]
            if not wrong:
                self._learn(told, answer)
            if not wrong or not self._may_ask_again(sample, answer) or time.monotonic() > end:
                return wrong
            time.sleep(0.05)

    def _may_ask_again(self, sample: Sample, answer: Mapping[str, Any]) -> bool:
        """Tell whether an event may be on its way that the answer waits for; what was refused had no effect."""
        return sample["method"] not in WRITES or bool(answer["error"] and not sample["answer"]["error"])

    def _ask(self, sample: Sample) -> dict[str, Any]:
        kwargs = self._today(sample["kwargs"])
        if "signature" in kwargs:
            form = dict(parse_qsl(kwargs["body"], keep_blank_values=True))
            kwargs["signature"] = signed_by_twilio(PUBLIC_URL + kwargs["address"], form)
        claims = self._today(sample["claims"] or {})
        return self._wire.call(
            sample["service"], sample["method"], *self._today(sample["args"]), claims=claims, **kwargs
        )

    def _today(self, value: Any) -> Any:
        """Return a value with what is made up anew in the place of what it was."""
        if isinstance(value, dict):
            return {name: self._today(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._today(part) for part in value]
        if isinstance(value, str):
            return _MADE_UP.sub(lambda found: self._now.get(found[0], found[0]), value)
        return value

    def _learn(self, told: Any, found: Any) -> None:
        for before, now in _pairs(told, found):
            if before != now and _MADE_UP.fullmatch(before):
                self._now.setdefault(before, now)  # who made it up said it first; lists may stand in another order


def _as_ruled_since(sample: Sample, answer: Mapping[str, Any]) -> Any:
    """Return what was answered, without those entries of a list that hold less since which are told no longer."""
    told, listed = sample["answer"], _NARROWER.get(sample["method"])
    by_login = sample["method"] == "of_login" or "login" in (sample["claims"] or {})
    if listed is None or not by_login or told["error"] or answer["error"]:
        return told
    found = answer["result"][listed]
    left = [entry for entry in told["result"][listed] if any(not differences(entry, like, "") for like in found)]
    return {**told, "result": {**told["result"], listed: left}}


def differences(told: Any, found: Any, at: str) -> list[str]:
    """Return a sentence for each field that was told and is gone, or is of another kind, or another word.

    What was null may be something now; each entry of a list has its like, and none is fewer.
    """
    if told is None:
        return []
    if type(told) is not type(found):
        return [f"{at} was {told!r} and is {found!r}"]
    if isinstance(told, dict):
        lost = [f"{at}.{name} is gone" for name in told if name not in found]
        return lost + [each for name in told if name in found for each in _of_field(name, told[name], found[name], at)]
    if isinstance(told, list):
        fewer = [f"{at} had {len(told)} entries and has {len(found)}"] if len(found) < len(told) else []
        return fewer + [each for index, part in enumerate(told) for each in _of_entry(part, found, f"{at}[{index}]")]
    return []


def _of_entry(told: Any, found: list[Any], at: str) -> list[str]:
    wrong = [differences(told, other, at) for other in found]
    return min(wrong, key=len, default=[f"{at} is gone"])


def _of_field(name: str, told: Any, found: Any, at: str) -> list[str]:
    if name == "error" and told is None and found is not None:
        return [f"{at} is refused: {found}"]
    if name == "exc_type" and told != found:
        return [f"{at} was refused by {told} and is by {found}"]
    if name == "exc_args" and len(told) == len(found) == _OF_A_REFUSAL:
        return differences(json.loads(told[1]), json.loads(found[1]), f"{at} is refused, whose extra")
    if name in CHOICES and isinstance(told, str) and told != found and not _MADE_UP.fullmatch(told):
        return [f"{at}.{name} was {told!r} and is {found!r}"]
    return differences(told, found, f"{at}.{name}")


def _pairs(told: Any, found: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts at the same places of two answers."""
    if isinstance(told, dict) and isinstance(found, dict):
        for name in told.keys() & found.keys():
            yield from _pairs(told[name], found[name])
    elif isinstance(told, list) and isinstance(found, list):
        for before, now in zip(told, found, strict=False):
            yield from _pairs(before, now)
    elif isinstance(told, str) and isinstance(found, str):
        yield told, found
