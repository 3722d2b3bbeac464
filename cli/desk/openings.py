"""Who has opened whose record, from the command line (PRODUCT A3)."""

from collections.abc import Mapping

from cli.faces.asking import day_at, listed, services, zone_of
from cli.faces.options import Day, Paging
from cli.faces.printing import Column, column, moments, show_json, show_rows


def show_openings(
    clinic: str, first: Day | None, last: Day | None, paging: Paging, of: Mapping[str, str | None], *, as_json: bool
) -> None:
    """Print a list of openings."""
    with services() as client:
        zone = zone_of(client, clinic)
        days = {"from": day_at(first, zone), "to": day_at(last, zone)}
        found = listed(client, "patient", "access_log", clinic, "access_log", paging, **days, **of)
    if as_json:
        show_json(found)
        return
    columns = (
        moments("when", "at"), Column("who", lambda row: " ".join(filter(None, row["actor"].values()))),
        column("what"), column("patient"), column("booking"),
    )  # fmt: skip
    show_rows(columns, found["access_log"], nothing="Nobody has opened such a record.", more=found["next"] is not None)
