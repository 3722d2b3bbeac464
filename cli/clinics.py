"""Clinics' documents from the command line: list, export, check, apply."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from cli.faces.endings import fail
from cli.faces.printing import Column, column, show_fields, show_json, show_rows
from cli.remote import Client, connect
from shared.contracts.errors import Refusal
from shared.settings import Settings
from shared.texts.document_text import to_yaml


def show_list(settings: Settings, *, as_json: bool) -> None:
    """Print all clinics."""
    with connect(settings) as client:
        found = client.call("availability", "clinics")
    if as_json:
        show_json(found)
        return
    columns = (column("clinic"), column("name"), Column("online booking", _whether_on))
    show_rows(columns, found["clinics"], nothing="There is no clinic yet; `frontdesk clinics apply` makes one.")


def show_one(settings: Settings, name: str, *, as_json: bool) -> None:
    """Print what of a clinic's document other commands need: its keys, its zone, where its page is."""
    with connect(settings) as client:
        found, links = client.call("availability", "document", name), client.call("availability", "links", name)
    if as_json:
        show_json({**found, **links})
        return
    document = found["document"]
    said = ("name", "country", "time_zone", "languages", "currency", "identity")
    own = ((each.replace("_", " "), document[each]) for each in said)
    show_fields([("clinic", name), *own, ("revision", found["revision"]), ("booking page", links["page"]["url"])])
    for heading, rows in (("types", document["types"]), ("practitioners", document["practitioners"])):
        click.echo()
        show_rows((column(heading, "key"), column("", "name")), rows, nothing=f"No {heading}.")


def _whether_on(clinic: Mapping[str, Any]) -> str:
    return "on" if clinic["active"] else "off"


def export(settings: Settings, name: str) -> None:
    """Print the document of the clinic `name` as YAML; applying it again changes nothing."""
    try:
        found = connect(settings).call("availability", "document", name)
    except Refusal as refusal:
        fail(f"{name}: {refusal.detail}")
    click.echo(to_yaml(found["document"]), nl=False)


def check(settings: Settings, path: Path) -> None:
    """Print a document's mistakes, or what applying it would change; exit code 1 where there are mistakes."""
    clinic, text = _read(path)
    answer = connect(settings).call("availability", "check_document", clinic, document=text)
    if answer["errors"]:
        _show_errors(path, answer["errors"])
        fail(f"{path}: {len(answer['errors'])} mistake(s); nothing was applied.")
    _show_changes(path, answer["changes"])
    _show_collisions(path, answer)


def apply(settings: Settings, paths: Sequence[Path]) -> None:
    """Apply each document, and print what it changed; stop at the first that is refused."""
    client = connect(settings)
    for path in paths:
        _apply_one(client, path)


def put_pictures(settings: Settings, name: str, files: Sequence[Path]) -> None:
    """Put each file's picture under its name, and print where it is seen; stop at the first that is refused."""
    client = connect(settings)
    for path in files:
        content = b64encode(path.read_bytes()).decode()
        try:
            put = client.call("availability", "put_picture", name, path.stem, content=content, timeout=30.0)
        except Refusal as refusal:
            fail(f"{path}: {refusal.detail}")
        click.echo(f"{path}: {put['url']}")


def _apply_one(client: Client, path: Path) -> None:
    clinic, text = _read(path)
    try:
        answer = client.call("availability", "apply_document", clinic, document=text, timeout=30.0)
    except Refusal as refusal:
        _show_errors(path, refusal.extra.get("errors", {}))
        fail(f"{path}: {refusal.detail}")
    click.echo(f"{path}: {clinic} is at revision {answer['revision']}")
    _show_collisions(path, answer)


def _read(path: Path) -> tuple[str, str]:
    text = path.read_text(encoding="utf-8")
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as broken:
        fail(f"{path} is not YAML or JSON: {broken}")
    if not isinstance(document, dict) or not isinstance(document.get("clinic"), str):
        fail(f"{path} names no clinic; its first line should be such as `clinic: solna`.")
    return document["clinic"], text


def _show_errors(path: Path, errors: Any) -> None:
    found = errors.items() if isinstance(errors, dict) else [(e["path"], [e["message"]]) for e in errors]
    for where, sentences in found:
        for sentence in sentences:
            click.echo(f"{path}: {where}: {sentence}", err=True)


def _show_changes(path: Path, changes: Sequence[dict[str, Any]]) -> None:
    if not changes:
        click.echo(f"{path}: changes nothing")
    for change in changes:
        before, after = (json.dumps(change[key], ensure_ascii=False) for key in ("before", "after"))
        click.echo(f"{path}: {change['path']}: {before} -> {after}")


def _show_collisions(path: Path, answer: dict[str, Any]) -> None:
    """Print which bookings new absences meet; a service of version 0.1.0 does not tell."""
    if count := answer.get("collision_count"):
        references = " ".join(each["reference"] for each in answer["collisions"])
        click.echo(f"{path}: its absences meet {count} booking(s), by start: {references}")
