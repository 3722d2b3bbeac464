"""A key for somebody outside who is to read persons in events, and how it stands in settings (ADR 57)."""

import base64
import os
from collections.abc import Collection

import click

from cli.faces.endings import fail
from shared.environment.event_readers import KEY_BYTES, readers_from


def make_reader_key(name: str, clinics: Collection[str], events: Collection[str], fields: Collection[str]) -> None:
    """Print a fresh key as it stands in READER_KEYS; end the program with one sentence where the limits are none."""
    key = base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode().rstrip("=")
    entry = ":".join([name, key, *("+".join(each) for each in (clinics, events, fields))])
    try:
        readers_from(entry)
    except ValueError as wrong:
        fail(str(wrong))
    click.echo(f"READER_KEYS={entry}")
    click.echo(f"The key is what stands behind {name}: give it to whoever runs that program, and to nobody else. Where "
               "READER_KEYS has others, this goes behind them, with a comma.", err=True)  # fmt: skip
