"""Everything in one process: what `make run` starts. The same services, the same code paths, embedded parts."""

import fcntl
import json
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

import click

from cli.demo.clinics import READY_KEY, demo_documents, demo_loader
from cli.demo.working import FILE, has_made_up_people, let_them_work, may_be_tried, password_of, who_works_there
from cli.faces.endings import fail
from cli.local.server import LocalSocket
from cli.open_files import FOR_GATEWAY, allow_open_files
from cli.serve import CLASSES, service_class
from shared.bus.runner import run
from shared.settings import SERVICES, Settings
from shared.storage.migrations import upgrade
from shared.storage.private_files import write_privately
from shared.storage.redis_store import connect
from shared.telemetry import log_to_stderr


def run_everything(settings: Settings, *, demo: bool, demo_day: bool) -> None:
    """Run all services and the gateway until SIGTERM or Ctrl-C; end with one sentence where that cannot be.

    With `demo` the demo clinics are there, with `demo_day` those that are new are at work.
    """
    log_to_stderr(settings.log_level)
    allow_open_files(FOR_GATEWAY)
    started = time.monotonic()
    _require_free_port(settings.host, settings.port)
    with _locked(settings.data_dir):
        settings = _with_password(settings)
        _refuse_to_write_to_made_up_people(settings)
        click.echo(f"Data is kept in {settings.data_dir}.")
        for service in SERVICES:
            upgrade(service, settings.database_url(service))
        click.echo("Databases are up to date; starting the services …")
        connect(settings.redis_url).set(READY_KEY, "loading")
        works = demo and demo_day and may_be_tried(settings)
        loader = demo_loader(
            demo_documents() if demo else {},
            loaded=lambda clinic: click.echo(f"Loaded the demo clinic {clinic}."),
            done=lambda new: _welcome(settings, time.monotonic() - started, works=works and bool(new)),
            afterwards=partial(let_them_work, settings) if works else lambda *_: None,
        )
        run([*map(service_class, CLASSES), loader, LocalSocket], settings, stopping=_say_stopping)
    click.echo("Stopped. Everything is kept; the next start goes on from here.")


def _welcome(settings: Settings, seconds: float, *, works: bool) -> None:
    address = settings.public_url
    lines = [
        "",
        f"Frontdesk is ready after {seconds:.0f} s:  {address}",
        "",
        *(f"  Book a time          {address}/{clinic}" for clinic in demo_documents()),
        f"  Read the messages    {address}/outbox",
        f"  The HTTP API         {address}/docs",
        f"  Staff login          {settings.admin_email}   password: {settings.admin_password}",
        *(_who_comes_in(settings) if works or has_made_up_people(settings.data_dir) else ()),
        "",
        "Ctrl-C stops it.",
    ]
    click.echo("\n".join(lines))


def _who_comes_in(settings: Settings) -> Iterator[str]:
    """Yield how one comes in as somebody who works at a demo clinic."""
    yield ""
    yield f"  Work at a clinic     {settings.public_url}/staff   password of all: {password_of(settings.data_dir)}"
    for clinic, emails in who_works_there().items():
        yield f"    {clinic:<19}{', '.join(emails)}"


def _refuse_to_write_to_made_up_people(settings: Settings) -> None:
    if has_made_up_people(settings.data_dir) and (settings.twilio or settings.sendgrid):
        fail(
            f"The data folder {settings.data_dir} holds the made-up patients of the demo clinics ({FILE}), whose "
            "numbers may be somebody's: nothing may be sent to them. Set DATA_DIR to another folder."
        )


def _say_stopping() -> None:
    click.echo("\nStopping; what has begun is finished first …")


def _require_free_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            fail(
                f"{host}:{port} cannot be listened on ({refused.strerror}). End the program that uses it, "
                "or choose another port, for example PORT=8080."
            )


def _locked(folder: Path) -> IO[str]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+")
    except OSError as refused:
        fail(f"The data folder {folder} cannot be written ({refused.strerror}); set DATA_DIR to one that can.")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        fail(f"Another Frontdesk already runs on the data folder {folder}; stop it, or set DATA_DIR to another.")
    return lock


def _with_password(settings: Settings) -> Settings:
    if settings.admin_password:
        return settings
    path = settings.data_dir / "admin.json"
    if not path.exists():
        write_privately(path, json.dumps({"password": secrets.token_urlsafe(9)}))
    return replace(settings, admin_password=json.loads(path.read_text())["password"])
