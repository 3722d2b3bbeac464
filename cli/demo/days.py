"""Who works at each demo clinic, who its patients are, and what a day there is like: `demo/days/<clinic>.yaml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Day:
    """A demo clinic at work; all people in it are invented, their national numbers are nobody's.

    `work` says of each practitioner which types of appointment they take, in turns. Who books `on_the_web` says it in
    a message. `messages` and `notes` are what bookings bring along; `needs` name a patient by their place in the list
    and a week by its distance from this one.
    """

    staff: Sequence[Fields]
    people: Sequence[Fields]
    work: Mapping[str, Sequence[str]]
    on_the_web: Sequence[Fields]
    regrets: str
    notes: Sequence[str]
    needs: Sequence[Fields] = ()
    answers: Fields | None = None


def days() -> dict[str, Day]:
    """Return the demo clinics' days by clinic."""
    files = (file for file in resources.files("demo").joinpath("days").iterdir() if file.name.endswith(".yaml"))
    return {file.name.removesuffix(".yaml"): _read(file.read_text(encoding="utf-8")) for file in sorted(files, key=str)}


def _read(text: str) -> Day:
    return Day(**yaml.safe_load(text))
