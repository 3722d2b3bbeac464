"""The examples of five countries' systems in `demo/moving_in` are read whole by sight (PRODUCT C14)."""

from datetime import date
from pathlib import Path

import pytest

from shared.identity.numbers import check_number
from shared.moving_in.file import read_file
from shared.moving_in.house import House
from shared.moving_in.lines import Reader
from shared.moving_in.mapping import proposal

TODAY = date(2026, 11, 29)
DEMO = Path(__file__).parents[4] / "demo/moving_in"
EXAMPLES = {
    "frenda": ("SE", "se.personnummer", "windows-1252"),
    "norsk": ("NO", "no.fodselsnummer", "utf-8"),
    "aldente": ("DK", "dk.cpr", "utf-16"),
    "optamed": ("CH", "ch.ssn", "macroman"),
    "exir": ("IR", "ir.melli", "windows-1256"),
}


@pytest.mark.parametrize("clinic", EXAMPLES)
def test_c14_the_example_of_each_country_is_read_by_sight(clinic: str) -> None:
    country, scheme, encoding = EXAMPLES[clinic]
    found = read_file((DEMO / f"{clinic}-patients.csv").read_bytes(), TODAY)
    house = House(country, scheme, TODAY, {}, {})
    reading = proposal(found.table, "patients", house)
    assert (found.encoding, len(reading.columns)) == (encoding, len(found.table.columns))
    lines = list(Reader.of(found.table, reading, house).lines(found.table.rows))
    assert [(line.errors, line.doubt) for line in lines] == [({}, "")] * len(lines)
    first = lines[0].sent
    assert first is not None
    assert check_number(scheme, first["national_id"], today=TODAY, test_numbers=True) == first["national_id"]
    assert first["mobile"].startswith("+")


def test_there_is_an_example_of_each_country() -> None:
    assert {path.name for path in DEMO.iterdir()} == {f"{clinic}-patients.csv" for clinic in EXAMPLES}
