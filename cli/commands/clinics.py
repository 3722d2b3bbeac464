"""`frontdesk clinics`: the clinics and their documents."""

from pathlib import Path

import click

from cli.faces.options import as_json, clinic
from cli.remote import installation


@click.group()
def clinics() -> None:
    """Look at clinics and set them up by their documents.

    \b
      frontdesk clinics list
      frontdesk clinics show frenda                    # its keys: types, practitioners
      frontdesk clinics export frenda > frenda.yaml    # change it, then:
      frontdesk clinics check frenda.yaml
      frontdesk clinics apply frenda.yaml
    """


@clinics.command("list")
@as_json
def clinic_list(*, as_json: bool) -> None:
    """List all clinics."""
    from cli.clinics import show_list

    show_list(installation(), as_json=as_json)


@clinics.command("show")
@clinic
@as_json
def clinic_show(clinic: str, *, as_json: bool) -> None:
    """Show how a clinic is set up, in short, with the keys that other commands take."""
    from cli.clinics import show_one

    show_one(installation(), clinic, as_json=as_json)


@clinics.command("export")
@click.argument("name")
def clinic_export(name: str) -> None:
    """Print a clinic's whole document as YAML."""
    from cli.clinics import export

    export(installation(), name)


@clinics.command("check")
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def clinic_check(document: Path) -> None:
    """Check a document, and show what applying it would change."""
    from cli.clinics import check

    check(installation(), document)


@clinics.command("apply")
@click.argument("documents", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def clinic_apply(documents: tuple[Path, ...]) -> None:
    """Apply documents: each all or nothing."""
    from cli.clinics import apply

    apply(installation(), documents)


@clinics.command("pictures")
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def clinic_pictures(name: str, files: tuple[Path, ...]) -> None:
    """Put pictures (PNG, JPEG, WebP) of a clinic, each called as its file is: anna.jpg is anna."""
    from cli.clinics import put_pictures

    put_pictures(installation(), name, files)
