"""The `frontdesk` command as people meet it: it starts, it says what is wrong in one sentence, it keeps what it has."""

import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
import yaml
from click.testing import CliRunner, Result

from cli.main import main
from services.notification.model.delivery import LEASE
from shared.bus.events.dead_letters import DeadLetterFile
from shared.bus.events.waiting import Wait
from shared.settings import from_environment, new_seal_key
from tests.builders.pictures import a_drawing, opened
from tests.servers.ports import free_port
from tests.system.api_client import Client, staff
from tests.system.installation import ADMIN, ROOT, SLOW_MACHINE, Installation, embedded, environment_of, wait_until
from tests.system.people import a_patient
from tests.system.sending_time import let_pass


def frontdesk(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it said."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SLOW_MACHINE,
        check=False,
    )


def said_in_one_sentence(run: subprocess.CompletedProcess[str], words: str) -> None:
    """Check that the program ended with one line that says what is wrong, and no traceback."""
    assert run.returncode != 0
    assert "Traceback" not in run.stdout + run.stderr
    assert words in run.stderr
    assert run.stderr.strip().count("\n") == 0, run.stderr


def test_several_services_that_are_named_run_in_one_process_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr("cli.green_threads.begin", lambda: None)
    monkeypatch.setattr("cli.serve.run_together", lambda processes, _settings: ran.append(processes))
    environment = {"DATA_DIR": str(tmp_path)}
    for names in (["booking"], ["gateway", "booking", "patient", "booking"]):
        assert CliRunner().invoke(main, ["serve", *names], env=environment).exit_code == 0
    assert ran == [["booking"], ["gateway", "booking", "patient"]]
    assert CliRunner().invoke(main, ["serve"], env=environment).exit_code != 0


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said_in_one_sentence(frontdesk("up", PORT=str(port), DATA_DIR=str(tmp_path)), f"127.0.0.1:{port}")


def test_a_data_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.touch()
    said_in_one_sentence(frontdesk("up", DATA_DIR=str(file / "data")), "set DATA_DIR to one that can")


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "abc"), ("PORT", "70000"), ("PUBLIC_URL", "booking.example"), ("LOG_LEVEL", "LOUD")]
)
def test_a_wrong_setting_is_said_in_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    said_in_one_sentence(frontdesk("up", DATA_DIR=str(tmp_path), **{name: value}), name)


def test_c5_where_no_installation_runs_commands_say_how_one_is_found(tmp_path: Path) -> None:
    asked = frontdesk("clinics", "list", DATA_DIR=str(tmp_path))
    said_in_one_sentence(asked, f"No Frontdesk runs on the data folder {tmp_path}")
    assert asked.returncode == 3


@pytest.mark.parametrize(
    ("since", "words"),
    [("2999-12-24T03:00", "still to come"), ("2026-01-01", "the database of availability cannot be changed")],
    ids=["to come", "without tables"],
)
def test_what_cannot_be_published_anew_is_said_in_one_sentence(tmp_path: Path, since: str, words: str) -> None:
    said_in_one_sentence(frontdesk("events", "republish", "--since", since, DATA_DIR=str(tmp_path)), words)


def test_the_keys_it_makes_are_keys_it_accepts(tmp_path: Path) -> None:
    lines = frontdesk("keys").stdout.splitlines()
    made = dict(line.split("=", 1) for line in lines)
    settings = from_environment({**made, "AMQP_URI": "pyamqp://broker.example//", "DATA_DIR": str(tmp_path)})
    assert settings.event_keys == made["EVENT_KEYS"]


def test_a_crash_and_a_second_start_keep_everything_and_repeat_no_message(tmp_path: Path) -> None:
    """B13, N6: what was answered is there after a kill -9, and each message was written once."""
    first = embedded(tmp_path, cold=True)
    try:
        first.wait_ready()
        slot = Client(first.url).slots("norsk", "consultation", datetime.now(UTC).date() + timedelta(days=5))[0]
        person = a_patient("no.fodselsnummer", "NO", 777)
        body = {"type": "consultation", "start": slot["start"], "patient": _without_name(person)}
        booked = Client(first.url).post("/clinics/norsk/bookings", body)
        assert booked.status == 201, booked
        first.kill("up")
        let_pass(first, LEASE)  # one that it had in hand, another takes up after that time

        first.start("up", "up")
        first.wait_ready()
        administrator = staff(first.url, *ADMIN)
        at = "/staff/clinics/norsk"
        assert administrator.get(f"{at}/bookings/{booked['reference']}")["status"] == "booked"
        assert Client(first.url).get(f"/manage/{booked['manage_token']}").status == 200

        def sent() -> list[tuple[str, str]]:
            listed = administrator.get(f"{at}/messages", booking=booked["reference"])["messages"]
            return sorted((m["event"], m["channel"]) for m in listed if m["state"] == "sent")

        practitioner_and_clinic = [("practitioner_booked", "email")] * 2
        expected = [("booked", "email"), ("booked", "sms"), *practitioner_and_clinic]
        wait_until(lambda: len(sent()) >= len(expected), "the messages, although the process died")
        assert sent() == expected
    finally:
        first.stop()


def test_ctrl_c_ends_it_quietly_and_a_second_one_on_the_same_data_is_refused(tmp_path: Path) -> None:
    running = embedded(tmp_path, cold=True)
    try:
        running.wait_ready()
        other = embedded(tmp_path, cold=True)
        wait_until(lambda: other.processes["up"].poll() is not None, "the second one to end")
        assert "already runs on the data folder" in other.logs()
        running.processes["up"].send_signal(signal.SIGINT)
        assert running.processes["up"].wait(SLOW_MACHINE) == 0
        assert "Traceback" not in running.logs()
    finally:
        running.stop()


def test_c3_documents_are_listed_exported_checked_and_applied(
    deployed_installation: Installation, tmp_path: Path
) -> None:
    environment = deployed_installation.environment
    assert "frenda" in frontdesk("clinic", "list", **environment).stdout
    exported = frontdesk("clinic", "export", "norsk", **environment)
    assert exported.returncode == 0, exported.stderr
    document = yaml.safe_load(exported.stdout)
    same = tmp_path / "same.yaml"
    same.write_text(exported.stdout)
    assert "changes nothing" in frontdesk("clinic", "check", str(same), **environment).stdout

    document["types"][0]["length"] = "7m"
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(yaml.safe_dump(document, allow_unicode=True))
    refused = frontdesk("clinic", "apply", str(wrong), **environment)
    assert refused.returncode == 1
    assert "types[0].length" in refused.stderr

    document["clinic"], document["types"][0]["length"] = "by-command", "25m"
    right = tmp_path / "right.yaml"
    right.write_text(yaml.safe_dump(document, allow_unicode=True))
    assert "revision 1" in frontdesk("clinic", "apply", str(right), **environment).stdout
    assert "no such clinic" in frontdesk("clinic", "export", "nowhere", **environment).stderr


def test_b21_pictures_are_put_by_the_names_of_their_files(deployed_installation: Installation, tmp_path: Path) -> None:
    environment = deployed_installation.environment
    face, odd = tmp_path / "ingrid.jpg", tmp_path / "kari.svg"
    face.write_bytes(a_drawing("JPEG"))
    odd.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    put = frontdesk("clinic", "pictures", "norsk", str(face), **environment)
    assert put.returncode == 0, put.stderr
    address = put.stdout.split(": ", 1)[1].strip()
    found = requests.get(deployed_installation.url + address[address.index("/norsk/") :], timeout=20)
    assert (found.status_code, found.headers["Content-Type"]) == (200, "image/webp")
    assert "immutable" in found.headers["Cache-Control"]
    assert opened(found.content).size == (288, 192)
    refused = frontdesk("clinic", "pictures", "norsk", str(odd), **environment)
    assert refused.returncode == 1
    assert "PNG, JPEG or WebP" in refused.stderr


def test_services_answer_a_ping_and_there_are_no_dead_letters(deployed_installation: Installation) -> None:
    assert frontdesk("ping", "booking", **deployed_installation.environment).stdout == "pong\n"
    assert frontdesk("dead-letters", "list", **deployed_installation.environment).stdout == "No dead letters.\n"


def test_a_replay_tells_what_was_handed_back_and_fails_where_a_letter_is_not_there(tmp_path: Path) -> None:
    first, second = set_aside(tmp_path, "a", "b"), set_aside(tmp_path, "c", queue=1)
    missing = dead_letters(tmp_path, "replay", "a", "gone")
    assert (missing.exit_code, missing.stdout) == (1, f"a: handed back to {first}\n")
    assert "There is no dead letter gone" in missing.stderr
    again = dead_letters(tmp_path, "replay", "a")
    assert (again.exit_code, again.stdout) == (1, "")
    of_queue = dead_letters(tmp_path, "replay", "--queue", second)
    assert (of_queue.exit_code, of_queue.stdout) == (0, f"c: handed back to {second}\n")
    assert "within seconds where it runs on this DATA_DIR, else at its next start" in of_queue.stderr
    rest = dead_letters(tmp_path, "replay", "--all")
    assert (rest.exit_code, rest.stdout) == (0, f"b: handed back to {first}\n")
    nothing = dead_letters(tmp_path, "replay", "--all")
    assert (nothing.stdout, nothing.stderr) == ("No dead letters.\n", "")


def test_what_waits_is_counted_by_queue_and_parked_by_name_by_queue_or_all(tmp_path: Path) -> None:
    first, second = wait(tmp_path, "a", "b", "c")
    listed = dead_letters(tmp_path, "list").stdout
    assert "No dead letters." in listed
    assert f"2        {first}" in listed
    assert "2026-11-01T12:00:00+00:00  Unavailable: away" in listed
    missing = dead_letters(tmp_path, "park", "a", "gone")
    assert (missing.exit_code, missing.stdout) == (1, f"a: set aside from {first}\n")
    assert "There waits no gone" in missing.stderr
    of_queue = dead_letters(tmp_path, "park", "--queue", second)
    assert (of_queue.exit_code, of_queue.stdout) == (0, f"c: set aside from {second}\n")
    assert "at its next start" in of_queue.stderr
    rest = dead_letters(tmp_path, "park", "--all")
    assert (rest.exit_code, rest.stdout) == (0, f"b: set aside from {first}\n")
    assert dead_letters(tmp_path, "park", "--all").stdout == "Nothing waits.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["park"], 2, "Name events"),
        (["park", "--all", "a"], 2, "Name events"),
        (["park", "--queue", "evt-none"], 1, "There is no queue evt-none"),
        (["park", "gone"], 1, "There waits no gone"),
        (["replay"], 2, "Name letters"),
        (["replay", "--all", "a"], 2, "Name letters"),
        (["replay", "--queue", "evt-none"], 1, "There is no queue evt-none"),
        (["drop", "--yes", "gone"], 1, "There is no dead letter gone"),
        (["show", "gone"], 1, "There is no dead letter gone"),
    ],
)
def test_what_cannot_be_done_with_dead_letters_is_said_and_ends_with_a_code(
    tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    letter = set_aside(tmp_path, "a")
    ran = dead_letters(tmp_path, *arguments)
    assert (ran.exit_code, ran.stdout) == (code, "")
    assert sentence in ran.stderr
    assert [each.id for each in DeadLetterFile(tmp_path).waiting([letter])] == ["a"]


@pytest.mark.parametrize("arguments", [["list"], ["show", "a"], ["replay", "--all"], ["park", "--all"]])
def test_where_nothing_has_run_nobody_is_told_that_there_are_no_dead_letters(
    tmp_path: Path, arguments: list[str]
) -> None:
    """Such as in another folder than the installation's, or without its AMQP_URI."""
    ran = dead_letters(tmp_path, *arguments)
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert f"No Frontdesk runs on the data folder {tmp_path}" in ran.stderr


@pytest.mark.parametrize("command", [["events", "republish"], ["reconcile"]])
def test_a_moment_that_cannot_be_read_is_refused_by_the_name_of_its_option(tmp_path: Path, command: list[str]) -> None:
    ran = CliRunner().invoke(main, [*command, "--since", "tomorrow"], env={"DATA_DIR": str(tmp_path)})
    assert ran.exit_code == 2
    assert "--since: write it as 2026-12-24T03:00" in ran.stderr


SUBSCRIBED = [
    "evt-booking-BookingCreated--patient.create_or_fill",
    "evt-booking-BookingMoved--notification.send_change",
]


def dead_letters(folder: Path, *arguments: str) -> Result:
    """Run a command on the dead letters of a folder, in this process."""
    return CliRunner().invoke(main, ["dead-letters", *arguments], env={"DATA_DIR": str(folder), "AMQP_URI": None})


def set_aside(folder: Path, *names: str, queue: int = 0) -> str:
    """Put dead letters of these ids into a folder; return which queue they came from."""
    for name in names:
        DeadLetterFile(folder).add(SUBSCRIBED[queue], b"{}", {}, {"message_id": name})
    return SUBSCRIBED[queue]


def wait(folder: Path, *names: str) -> list[str]:
    """Let events of these ids wait, the last one of another queue; return both queues."""
    headers = Wait(datetime(2026, 11, 1, 12, tzinfo=UTC), "Unavailable: away", 1).headers()
    DeadLetterFile(folder).note_delayed((name, SUBSCRIBED[name == names[-1]], headers) for name in names)
    return SUBSCRIBED


def _without_name(person: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in person.items() if key not in {"first_name", "last_name"}}


def test_a_service_that_is_started_before_its_tables_are_made_says_so_and_then_serves(
    tmp_path: Path, rabbitmq_uri: str
) -> None:
    keys = {name: os.urandom(32).hex() for name in ("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY")}
    seals = {name: new_seal_key() for name in ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")}
    port = free_port()
    early = Installation(port, tmp_path, environment_of(tmp_path, port, AMQP_URI=rabbitmq_uri, **keys, **seals))
    try:
        early.start("patient", "serve", "patient")
        said = "patient waits for its database: its tables are not there; `frontdesk migrate` makes them"
        wait_until(lambda: said in early.logs(), "what it waits for")
        early.stop()
        assert "work was still running" not in early.logs(), "nothing ran, and it ended at once"
        early.start("patient", "serve", "patient")
        early.run("migrate", "migrate", "patient")
        wait_until(lambda: frontdesk("ping", "patient", **early.environment).returncode == 0, "an answer")
    finally:
        early.stop()
