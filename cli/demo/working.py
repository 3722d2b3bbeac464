"""Whether the demo clinics get people and a day's work, and by which password one comes in."""

import ipaddress
import json
import secrets
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import eventlet

from cli.demo.days import days
from cli.demo.living import Living
from cli.demo.losing import lose
from cli.demo.staff_api import StaffApi
from shared.clinic_documents import ClinicDocuments
from shared.clock import SystemClock
from shared.settings import Settings
from shared.storage.private_files import write_privately

FILE = "demo.json"
"""In the data folder: the password of those who work at the demo clinics, made once."""

_PATIENCE = 120.0
_PAUSE = 0.05


def may_be_tried(settings: Settings) -> bool:
    """Tell whether nobody else can come in, and no message can leave the machine: made-up people are for that alone."""
    hosts = (settings.host, urlsplit(settings.public_url).hostname or "")
    return all(map(_is_this_machine, hosts)) and settings.twilio is None and settings.sendgrid is None


def has_made_up_people(data_dir: Path) -> bool:
    """Tell whether a data folder has held a demo's people."""
    return (data_dir / FILE).exists()


def password_of(data_dir: Path) -> str:
    """Return the password of those who work at the demo clinics, made first where there is none."""
    path = data_dir / FILE
    if not path.exists():
        write_privately(path, json.dumps({"password": secrets.token_urlsafe(9)}))
    password: str = json.loads(path.read_text())["password"]
    return password


def who_works_there() -> dict[str, list[str]]:
    """Return the addresses of the staff of each demo clinic."""
    return {clinic: [account["email"] for account in day.staff] for clinic, day in days().items()}


def let_them_work(settings: Settings, clinics: Sequence[str], documents: ClinicDocuments) -> None:
    """Give each of those demo clinics its day; what breaks off as the process ends is not gone on with."""
    if not clinics:
        return
    clock, api = SystemClock(), StaffApi(settings.host, settings.port)
    password = password_of(settings.data_dir)
    try:
        api.log_in(settings.admin_email, settings.admin_password)
        at_work = Living(api, clock.now(), _eventually, partial(lose, settings, documents, clock), password)
        for clinic in clinics:
            at_work.fill(clinic, days()[clinic])
    finally:
        api.close()


def _eventually(ask: Callable[[], Any]) -> Any:
    end = time.monotonic() + _PATIENCE
    while (found := ask()) is None:
        if time.monotonic() > end:
            raise TimeoutError("what the demo's day waits for did not come")
        eventlet.sleep(_PAUSE)
    return found


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
