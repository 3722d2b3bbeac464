"""The clinics' day lists as files (PRODUCT C15)."""

import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cli import day_lists
from cli.faces.options import Day
from services.availability.document import check
from shared.contracts.errors import Unavailable
from shared.settings import from_environment
from tests.builders.commands import ZONE, frontdesk
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.clinics import DOCUMENT
from tests.builders.gateway.paper import pages_of, words_on

DAY = date(2026, 12, 1)


class FakeClient:
    """Two clinics, of which one cannot be asked for its bookings."""

    def call(self, service: str, method: str, *args: Any, **fields: Any) -> dict[str, Any]:
        """Answer as services do."""
        if method == "clinics":
            return {"clinics": [{"clinic": "lund"}, {"clinic": "solna"}]}
        if method == "document":
            return {"document": check({**DOCUMENT, "clinic": args[0]}).document}
        if args == ("lund",):
            raise Unavailable.because("Nobody answers.")
        assert fields["from"] == fields["to"]
        return {"bookings": [a_booking()], "next": None}


@pytest.fixture(autouse=True)
def services(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command reach the fake clinics."""
    monkeypatch.setattr(day_lists, "connect", lambda _settings: FakeClient())


def test_each_clinic_has_a_file_that_its_owner_alone_reads_and_who_fails_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "lists"
    with pytest.raises(SystemExit) as ended:
        day_lists.write(SimpleNamespace(), folder, (), Day(DAY))  # type: ignore[arg-type]
    assert ended.value.code == 1
    assert "lund: Nobody answers." in capsys.readouterr().err
    (made,) = folder.iterdir()
    assert made.name == "solna-2026-12-01.pdf"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert "Maja Ek" in words_on(pages_of(made.read_bytes())[0])


@pytest.mark.parametrize(("said", "days"), [((), 1), (("--date", "tomorrow"), 1), (("--date", "+7"), 7)])
def test_one_clinic_can_be_named_and_tomorrow_is_meant_where_no_day_is(
    tmp_path: Path, said: tuple[str, ...], days: int
) -> None:
    def on() -> date:
        return datetime.now(UTC).astimezone(ZoneInfo(ZONE)).date() + timedelta(days=days)

    before = on()
    from_environment({"DATA_DIR": str(tmp_path)})  # makes its keys, as an installation that has run
    done = frontdesk("day-lists", str(tmp_path / "lists"), "--clinic", "solna", *said, DATA_DIR=str(tmp_path))
    assert done.exit_code == 0, done.stderr
    (made,) = (tmp_path / "lists").iterdir()
    assert date.fromisoformat(made.stem.removeprefix("solna-")) in {before, on()}, "unless midnight has struck"


def test_a_day_is_named_as_everywhere(tmp_path: Path) -> None:
    wrong = frontdesk("day-lists", str(tmp_path), "--date", "soon")
    assert (wrong.exit_code, "write 2026-12-24, today" in wrong.stderr) == (2, True)
    assert "%Y" not in frontdesk("day-lists", "--help").stdout
    assert "%Y" not in frontdesk("bookings", "book", "--help").stdout
