"""`frontdesk patients`: records shown, handed out and erased (PRODUCT C8, A3)."""

import json
import stat
from pathlib import Path

import pytest

from cli.desk import patients
from shared.contracts.errors import Invalid
from tests.builders.commands import FakeInstallation, frontdesk
from tests.builders.gateway.patients import EVA, NEEDS, RECORD

GONE = {"patient": EVA, "erased_at": "2026-11-29T11:00:00+01:00", "bookings_at": None, "messages_at": None,
        "everywhere_at": None}  # fmt: skip
GONE_EVERYWHERE = {**GONE, **dict.fromkeys(("bookings_at", "messages_at", "everywhere_at"), GONE["erased_at"])}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once."""
    monkeypatch.setattr(patients, "_LOOK_AGAIN", 0.0)


def test_c8_a_record_is_found_and_shown_whole(installation: FakeInstallation) -> None:
    installation.answers |= {"patient.find": {"patients": [RECORD], "next": None}, "patient.get": RECORD}
    assert EVA in frontdesk("patients", "find", "solna", "eva", "lind").stdout
    assert installation.fields_of("patient.find") == [{"q": "eva lind", "limit": 50}]
    shown = frontdesk("patients", "show", "solna", EVA).stdout
    assert "number            198504121230\n" in shown
    assert "Rings first." in shown
    assert "email ok" not in shown, "nobody was asked"
    assert "unconfirmed" not in shown, "which is for programs of older versions"


def test_a3_all_that_is_held_is_one_document_in_a_file_that_only_its_owner_reads(
    installation: FakeInstallation, tmp_path: Path
) -> None:
    installation.answers |= {
        "patient.export": {"patient": RECORD, "imported_at": None},
        "patient.needs": {"needs": NEEDS, "next": None},
        "patient.access_log": {"access_log": [], "next": None},
        "booking.export": {"bookings": [], "recalls": [], "next": None},
        "notification.export": {"messages": [], "next": None},
    }
    file = tmp_path / "held.json"
    done = frontdesk("patients", "export", "solna", EVA, "--output", str(file))
    assert (done.exit_code, done.stdout) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    held = json.loads(file.read_text())
    assert (held["patient"], held["needs"], held["complete"]) == (RECORD, NEEDS, True)
    assert json.loads(frontdesk("patients", "export", "solna", EVA).stdout)["patient"] == RECORD
    nowhere = frontdesk("patients", "export", "solna", EVA, "--output", str(tmp_path / "none" / "held.json"))
    assert (nowhere.exit_code, "cannot be written" in nowhere.stderr) == (1, True)


def test_a3_the_help_says_that_what_is_to_come_is_cancelled_by_hand() -> None:
    assert "refused: cancel that first" in " ".join(frontdesk("patients", "erase", "--help").stdout.split())


def test_a3_an_erasure_is_confirmed_by_the_name_and_waited_for(installation: FakeInstallation) -> None:
    installation.answers |= {"patient.erase": GONE, "patient.erasure": [GONE, GONE_EVERYWHERE]}
    done = frontdesk("patients", "erase", "solna", EVA, "--confirm", "Eva Lind")
    assert done.exit_code == 0, done.stderr
    assert installation.fields_of("patient.erase") == [{"confirm": "Eva Lind"}]
    assert "everywhere  Sun 2026-11-29 11:00" in done.stdout


def test_a3_nobody_erases_without_typing_whose_record_it_is(installation: FakeInstallation) -> None:
    silent = frontdesk("patients", "erase", "solna", EVA)
    assert (silent.exit_code, installation.calls) == (2, [])
    assert "Say the patient's name by --confirm" in silent.stderr
    installation.answers["patient.erase"] = Invalid.because("Type the patient's name as the record has it, to confirm.")
    assert frontdesk("patients", "erase", "solna", EVA, "--confirm", "Eva").exit_code == 1


def test_a3_what_takes_long_is_told_with_a_code_of_its_own(
    installation: FakeInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patients, "_ERASED_WITHIN", 0.0)
    installation.answers |= {"patient.erase": GONE, "patient.erasure": GONE}
    late = frontdesk("patients", "erase", "solna", EVA, "--confirm", "Eva Lind")
    assert (late.exit_code, "messages    not yet" in late.stdout) == (3, True)
    assert "bookings    not yet" in frontdesk("patients", "erasure", "solna", EVA).stdout


def test_a3_who_opened_a_record_is_listed(installation: FakeInstallation) -> None:
    row = {"at": "2026-11-20T10:00:00+01:00", "actor": {"kind": "tool", "id": "frontdesk"}, "patient": EVA,
           "what": "read", "booking": None}  # fmt: skip
    installation.answers["patient.access_log"] = {"access_log": [row], "next": None}
    shown = frontdesk("audit", "openings", "solna", "--by", "frontdesk", "--from", "2026-11-01")
    assert "Fri 2026-11-20 10:00  tool frontdesk  read" in shown.stdout
    assert installation.fields_of("patient.access_log") == [{"actor": "frontdesk", "from": "2026-11-01", "limit": 50}]
