"""`frontdesk patients`: the records of clinics' patients (PRODUCT C8, A3)."""

from pathlib import Path

import click

from cli.faces.options import Paging, as_json, clinic, listing

id = click.argument("id", metavar="PATIENT")


@click.group()
def patients() -> None:
    """Find and show patients, hand out all that is held of one, and erase one.

    Whoever opens a record is written down in the clinic's access log: here the tool `frontdesk`.

    \b
      frontdesk patients find frenda wallin
      frontdesk patients find frenda +46701740609
      frontdesk patients show frenda 0f4e…
      frontdesk patients export frenda 0f4e… --output held.json
    """


@patients.command("find")
@clinic
@click.argument("words", metavar="[WORDS]...", nargs=-1)
@listing
def find(clinic: str, words: tuple[str, ...], paging: Paging, *, as_json: bool) -> None:
    """List patients by a part of their name, their number, telephone or email address; without WORDS, all."""
    from cli.faces.asking import listed, services
    from cli.faces.printing import column, show_json, show_rows

    with services() as client:
        found = listed(client, "patient", "find", clinic, "patients", paging, q=" ".join(words))
    if as_json:
        show_json(found)
        return
    columns = (
        column("id"), column("last name", "last_name"), column("first name", "first_name"),
        column("born", "birth_date"), column("mobile"), column("email"),
    )  # fmt: skip
    show_rows(columns, found["patients"], nothing="No patient matches.", more=found["next"] is not None)


@patients.command("show")
@clinic
@id
@as_json
def show(clinic: str, id: str, *, as_json: bool) -> None:
    """Show a patient's record; that you did is written down."""
    from cli.desk.patients import show_patient

    show_patient(clinic, id, as_json=as_json)


@patients.command("export")
@clinic
@id
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file only you can read; else shown.")
def export(clinic: str, id: str, output: Path | None) -> None:
    """Hand out all that any service holds of a patient, as one JSON document; that you did is written down."""
    from cli.desk.patients import export

    export(clinic, id, output)


@patients.command("erase")
@clinic
@id
@click.option("--confirm", metavar="NAME", help="The patient's name as the record has it; else you are asked for it.")
@as_json
def erase(clinic: str, id: str, confirm: str | None, *, as_json: bool) -> None:
    """Erase a patient in every service. It cannot be taken back.

    Of bookings their time and type is left. While one is to come it is refused: cancel that first, by `frontdesk
    bookings cancel`. Exit code 3 where some service has not done so within half a minute: it will, and `frontdesk
    patients erasure` tells when it has.
    """
    from cli.desk.patients import erase

    erase(clinic, id, confirm, as_json=as_json)


@patients.command("erasure")
@clinic
@id
@as_json
def erasure(clinic: str, id: str, *, as_json: bool) -> None:
    """Show how far the erasure of a patient is."""
    from cli.desk.patients import show_erasure
    from cli.faces.asking import services

    with services() as client:
        found = client.call("patient", "erasure", clinic, id)
    show_erasure(found, as_json=as_json)
