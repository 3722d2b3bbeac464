"""`frontdesk import`: what it sends, what it says, where it stops and how it goes on (PRODUCT C14)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.main import main
from shared.contracts.errors import NotFound, Unavailable
from shared.settings import from_environment

DOCUMENT = {
    "country": "SE",
    "identity": "se.personnummer",
    "time_zone": "Europe/Stockholm",
    "types": [{"key": "exam", "name": "Undersökning", "alias": None}],
    "practitioners": [{"key": "anna", "name": "Anna Berg"}],
}
PATIENTS = "Personnr;Förnamn;Efternamn\n19121212-1212;Tolvan;Tolvansson\n;Ek;Bo\n;Ek;Cai\n"


class Services:
    """Take every line in as new but those of the family Cai, whom they doubt; `fails` of the first calls are lost."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Mapping[str, Any]]] = []
        self.fails: list[BaseException] = []

    def __enter__(self) -> "Services":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def call(self, service: str, method: str, clinic: str, *, timeout: float = 10.0, **sent: Any) -> dict[str, Any]:
        if clinic != "solna":
            raise NotFound
        if method == "document":
            return {"document": DOCUMENT}
        if self.fails:
            raise self.fails.pop(0)
        self.calls.append((service, method, sent))
        return {"lines": [self._answer(line) for line in sent["lines"]]}

    def _answer(self, line: Mapping[str, Any]) -> dict[str, Any]:
        if line.get("last_name") == "Cai" and "decided" not in line:
            return {"line": line["line"], "outcome": "doubtful", "candidates": ["0" * 32], "errors": {}}
        return {"line": line["line"], "outcome": "new", "errors": {}}


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    found = Services()
    monkeypatch.setattr("cli.moving_in.taking.connect", lambda _settings: found)
    monkeypatch.setattr("cli.moving_in.taking._PAUSE", 0.0)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "patients.csv"
    path.write_bytes(PATIENTS.encode("windows-1252"))
    return path


def run(tmp_path: Path, *arguments: str) -> Result:
    from_environment({"DATA_DIR": str(tmp_path)})  # makes its keys, as an installation that has run
    return CliRunner().invoke(main, ["import", *arguments, "--clinic", "solna"], env={"DATA_DIR": str(tmp_path)})


def test_c14_a_file_is_taken_over_and_what_is_left_stands_beside_it(services: Services, file: Path) -> None:
    done = run(file.parent, "patients", str(file))
    ((service, method, sent),) = services.calls
    assert (service, method, sent["dry_run"]) == ("patient", "import_patients", False)
    assert sent["lines"][0] == {
        "line": 2, "national_id": "191212121212", "first_name": "Tolvan", "last_name": "Tolvansson",
    }  # fmt: skip
    assert done.exit_code == 1, "somebody has to look at what is left"
    assert "2      new" in done.output
    left = file.with_name("patients.left.csv").read_text(encoding="utf-8-sig").splitlines()
    assert left == ["Personnr;Förnamn;Efternamn;why not", f";Ek;Cai;doubtful (line 4). could be {'0' * 32}"]


def test_c14_what_is_decided_goes_along_and_nothing_is_left(services: Services, file: Path) -> None:
    assert run(file.parent, "patients", str(file)).exit_code == 1
    assert run(file.parent, "patients", str(file), "--decide", "4=new").exit_code == 0
    assert services.calls[-1][2]["lines"][2]["decided"] == "new"
    assert not file.with_name("patients.left.csv").exists()


def test_c14_a_trial_writes_nothing_and_programs_read_json(services: Services, file: Path) -> None:
    done = run(file.parent, "patients", str(file), "--dry-run", "--json")
    assert services.calls[0][2]["dry_run"] is True
    assert json.loads(done.stdout) == {
        "clinic": "solna", "kind": "patients", "dry_run": True, "lines": 3, "counts": {"new": 2, "doubtful": 1},
        "left": [{"line": 4, "outcome": "doubtful", "candidates": ["0" * 32]}],
    }  # fmt: skip


def test_c14_columns_and_names_are_as_they_are_said(services: Services, file: Path) -> None:
    file.write_text("Vem;Datum;Tid;Vad\nAnna Ek;2026-12-01;10:00;Kontroll\n", encoding="utf-8")
    said = ("--columns", "name=Vem,type=Vad", "--name", "type:Kontroll=exam", "--always", "practitioner=anna")
    assert run(file.parent, "appointments", str(file), *said).exit_code == 0
    assert services.calls[0][2]["lines"] == [{
        "line": 2, "patient": {"first_name": "Anna", "last_name": "Ek"}, "type": "exam", "practitioner": "anna",
        "start": "2026-12-01T10:00:00",
    }]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (("--columns", "shoe=Vem"), "shoe is none of"),
        (("--columns", "name=Shoe"), "the file has no column Shoe; it has Personnr, Förnamn, Efternamn."),
        (("--name", "Kontroll=exam"), "write for example"),
        (("--name", "type:Kontroll=shoe"), "the clinic has no type shoe; it has exam."),
        (("--always", "practitioner=shoe"), "the clinic has no practitioner shoe; it has anna."),
        (("--always", "shoe=exam"), "--always takes"),
        (("--decide", "new"), "such as 12=new"),
        (("--encoding", "utf-8"), "Choose another one"),
        (("--clinic", "nowhere"), "There is no clinic nowhere."),
    ],
)
def test_c14_what_cannot_be_is_said_in_a_sentence(
    services: Services, file: Path, said: tuple[str, ...], sentence: str
) -> None:
    arguments = ["import", "patients", str(file), *(() if "--clinic" in said else ("--clinic", "solna")), *said]
    done = CliRunner().invoke(main, arguments, env={"DATA_DIR": str(file.parent)})
    assert (done.exit_code, sentence in done.stderr) == (1, True), done.output
    assert services.calls == []


def test_c14_who_stops_it_is_told_how_it_goes_on(services: Services, file: Path) -> None:
    services.fails = [KeyboardInterrupt()]
    done = run(file.parent, "patients", str(file))
    assert done.exit_code == 130
    assert "Stopped after 0 of 3 lines. Run the same command again" in done.stderr


def test_c14_a_service_that_is_replaced_is_asked_again_and_one_that_stays_away_is_said(
    services: Services, file: Path
) -> None:
    services.fails = [Unavailable(), Unavailable()]
    assert run(file.parent, "patients", str(file), "--decide", "4=leave").exit_code == 0
    services.fails = [Unavailable()] * 4
    done = run(file.parent, "patients", str(file))
    assert (done.exit_code, "Run the same command again" in done.stderr) == (1, True)
