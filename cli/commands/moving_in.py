"""`frontdesk import`: what a clinic's former system has saved."""

from pathlib import Path

import click

from cli.remote import installation
from shared.moving_in.encodings import ENCODINGS
from shared.moving_in.fields import KINDS, ORDERS


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--clinic", required=True, help="Which clinic moves in.")
@click.option("--columns", multiple=True, help="Which column is what: first_name=Förnamn,note= (note is no column).")
@click.option("--name", "names", multiple=True, help="What a name stands for: type:Kontroll=exam; =- leaves it out.")
@click.option("--always", multiple=True, help="What holds for all lines: practitioner=anna, type=exam.")
@click.option("--decide", multiple=True, help="Of a doubtful line: 12=new, 12=leave, 12=read, 12=ID of the patient.")
@click.option("--dates", type=click.Choice(ORDERS), help="In which order days, months and years stand.")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="Else it is told by the letters.")
@click.option("--delimiter", help="Else it is told by the lines.")
@click.option("--dry-run", is_flag=True, help="Only tell what would come of it.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def take_over(
    kind: str,
    file: Path,
    clinic: str,
    columns: tuple[str, ...],
    names: tuple[str, ...],
    always: tuple[str, ...],
    decide: tuple[str, ...],
    dates: str | None,
    encoding: str | None,
    delimiter: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take patients, needs or appointments of a clinic's former system over, from a CSV or an iCalendar.

    Patients first: needs and appointments are of patients who are there. Nobody is told anything. A file that is
    taken over a second time changes nothing, so that one that was stopped is simply taken over again. What is left,
    wrong, doubtful or colliding, stands in FILE.left.csv with why; the exit code is 1 then.
    """
    from cli.moving_in.taking import Wanted
    from cli.moving_in.taking import take_over as taken_over

    wanted = Wanted(
        kind,
        file,
        clinic,
        columns,
        names,
        always,
        decide,
        dates,
        encoding,
        delimiter,
        is_trial=dry_run,
        as_json=as_json,
    )
    taken_over(installation(), wanted)
