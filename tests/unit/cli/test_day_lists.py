"""The clinics' day lists as files (PRODUCT C15)."""

import stat
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cli import day_lists
from services.availability.document import check
from shared.contracts.errors import Unavailable
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
        day_lists.write(SimpleNamespace(), folder, (), DAY)  # type: ignore[arg-type]
    assert ended.value.code == 1
    assert "lund: Nobody answers." in capsys.readouterr().err
    (made,) = folder.iterdir()
    assert made.name == "solna-2026-12-01.pdf"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert "Maja Ek" in words_on(pages_of(made.read_bytes())[0])


def test_one_clinic_can_be_named_and_tomorrow_is_meant_where_no_day_is(tmp_path: Path) -> None:
    day_lists.write(SimpleNamespace(), tmp_path, ("solna",), None)  # type: ignore[arg-type]
    (made,) = tmp_path.iterdir()
    assert date.fromisoformat(made.stem.removeprefix("solna-")) > date(2026, 1, 1)
