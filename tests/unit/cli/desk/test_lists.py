"""`frontdesk recalls`, `messages`, `report`, `accounts` (PRODUCT R2, R3, N6, A2, C1)."""

import json
import stat
from pathlib import Path
from typing import Any

from services.availability.document import check
from tests.builders.commands import FakeInstallation, frontdesk
from tests.builders.gateway.clinics import DOCUMENT
from tests.builders.gateway.patients import EVA, NEEDS, RECORD

MESSAGE = {
    "id": "a" * 32, "clinic": "solna", "channel": "sms", "event": "reminder", "audience": "patient",
    "to": "+46701740605", "state": "failed", "subject": None, "text": "Welcome\non Monday.", "booking": "PAST000001",
    "at": "2026-01-10T10:00:00+01:00",
    "reason": {"code": "no_answer", "text": "The provider did not answer.", "detail": ""},
}  # fmt: skip
ACCOUNT = {
    "id": "b" * 32, "email": "eva@solna.example", "role": "therapist", "practitioner": "anna", "state": "invited",
    "changeable": True, "two_step": False, "version": 1,
}  # fmt: skip


def test_r3_needs_are_listed_with_whose_they_are(installation: FakeInstallation) -> None:
    installation.answers |= {
        "patient.needs": {"needs": NEEDS, "next": None},
        "patient.find": {"patients": [RECORD], "next": None},
    }
    shown = frontdesk("recalls", "due", "solna", "--list", "overdue", "--week", "2026-W50")
    assert installation.fields_of("patient.needs") == [{"list": "overdue", "week": "2026-W50", "limit": 50}]
    assert installation.fields_of("patient.find") == [{"ids": [EVA]}]
    assert "Eva Lind" in shown.stdout


def test_r2_recalls_are_issued_and_who_is_not_reached_is_said(installation: FakeInstallation) -> None:
    issued = {"need": "d" * 32, "reference": None, "code": "ABCD-EFGH"}
    missed = {"need": "c" * 32, "reference": None, "channel": "sms", "reason": "no_mobile"}
    installation.answers["booking.issue_recalls"] = {"issued": [issued], "not_sent": [missed]}
    done = frontdesk("recalls", "issue", "solna", "--week", "2026-W50", "--send", "sms", "--send", "card")
    assert installation.fields_of("booking.issue_recalls") == [{"send": ["sms", "card"], "week": "2026-W50"}]
    assert done.exit_code == 1
    assert "ABCD-EFGH" in done.stdout
    assert "no_mobile" in done.stdout
    for wrong in ("--send sms", "--send sms --week 2026-W50 --need d", "--week 2026-W50"):
        assert frontdesk("recalls", "issue", "solna", *wrong.split()).exit_code == 2


def test_m2_cards_of_all_pages_are_one_file_that_its_owner_alone_reads(
    installation: FakeInstallation, tmp_path: Path
) -> None:
    card = {
        "id": "d" * 32, "code": "ABCD-EFGH", "link": "https://booking.example/m/x", "page": "https://booking.example/recall",
        "first_name": "Eva", "last_name": "Lind", "type": "Examination", "practitioner": None, "language": "sv",
        "start": None, "week": "2026-W50", "usable_until": None,
    }  # fmt: skip

    def cards(_clinic: str, **asked: Any) -> dict[str, Any]:
        return {"cards": [card], "next": 2 if asked.get("page") is None else None}

    document = check({**DOCUMENT, "clinic": "solna"}).document
    installation.answers |= {"availability.document": {"document": document}, "booking.recall_cards": cards}
    file = tmp_path / "cards.pdf"
    done = frontdesk("recalls", "cards", "solna", "--week", "2026-W50", "--output", str(file))
    assert done.stdout == f"{file}: 2 card(s)\n"
    assert file.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    installation.answers["booking.recall_cards"] = {"cards": [], "next": None}
    none = frontdesk("recalls", "cards", "solna", "--week", "2026-W51", "--output", str(file))
    assert (none.exit_code, "There is no recall to print" in none.stderr) == (1, True)


def test_n6_messages_that_failed_say_why_and_one_is_shown_and_sent_again(installation: FakeInstallation) -> None:
    installation.answers |= {
        "notification.messages": {"messages": [MESSAGE], "next": None},
        "notification.message": {**MESSAGE, "attachments": [{"name": "invite.ics"}], "segments": 1},
        "notification.resend": MESSAGE,
    }
    assert "The provider did not answer." in frontdesk("messages", "failed", "*").stdout
    assert installation.calls[-1] == ("notification.messages", ("*",), {"state": "failed", "limit": 50})
    shown = frontdesk("messages", "show", "solna", "a" * 32).stdout
    assert shown.endswith("\n\nWelcome\non Monday.\n")
    assert "attachments  invite.ics" in shown
    assert json.loads(frontdesk("messages", "resend", "solna", "a" * 32, "--json").stdout) == MESSAGE


def test_a2_the_report_has_a_row_for_each_and_what_was_wanted(installation: FakeInstallation) -> None:
    sums = {"visits": 9, "bookings": 4, "moves": 1, "cancellations": 1, "missed": 0, "refusals": {"slot_taken": 2},
            "web_share": 0.5, "lead_time_hours": 30.5}  # fmt: skip
    installation.answers["booking.report"] = {
        "by": "type", "from": "2026-11-01", "to": "2026-11-30", "rows": [{"key": "exam", **sums}], "total": sums,
        "before": {"from": "2026-10-02", "to": "2026-10-31", **sums},
        "wanted": [{"code": "slot_taken", "weekday": 7, "hour": 8, "count": 2}],
    }  # fmt: skip
    shown = frontdesk("report", "solna", "--from", "2026-11-01", "--to", "2026-11-30", "--by", "type").stdout
    assert installation.fields_of("booking.report") == [{"by": "type", "from": "2026-11-01", "to": "2026-11-30"}]
    lines = shown.splitlines()
    assert lines[0] == "solna, 2026-11-01 to 2026-11-30; before is 2026-10-02 to 2026-10-31"
    assert lines[2].split() == ["exam", "9", "4", "50%", "1", "1", "0", "2", "30.5"]
    assert lines[-1].split() == ["2", "slot_taken", "Sun", "08:00"]


def test_c1_an_account_is_named_by_its_address_and_a_password_is_never_an_argument(
    installation: FakeInstallation,
) -> None:
    installation.answers |= {
        "staff.accounts": {"accounts": [ACCOUNT], "next": None},
        "staff.add_account": ACCOUNT,
        "staff.update_account": ACCOUNT,
        "staff.remove_account": None,
    }
    assert "eva@solna.example" in frontdesk("accounts", "list", "solna").stdout
    wanted = ("eva@solna.example", "--role", "therapist", "--password")
    added = frontdesk("accounts", "add", "solna", *wanted, typed="s3cret\n")
    assert added.exit_code == 0, added.stderr
    assert installation.fields_of("staff.add_account") == [
        {"email": "eva@solna.example", "role": "therapist", "password": "s3cret"}
    ]
    frontdesk("accounts", "update", "solna", "EVA@solna.example", "--practitioner", "", "--one-step")
    changed = {"practitioner": "", "two_step": False}
    assert installation.calls[-1] == ("staff.update_account", ("solna", "b" * 32), changed)
    ended = frontdesk("accounts", "end", "solna", "eva@solna.example", "--yes")
    assert ended.stdout == "eva@solna.example works at solna no more.\n"
    assert installation.calls[-1] == ("staff.remove_account", ("solna", "b" * 32), {})
    assert frontdesk("accounts", "update", "solna", "b" * 32).exit_code == 2
    nobody = frontdesk("accounts", "end", "solna", "nobody@solna.example", "--yes")
    assert (nobody.exit_code, "Nobody with the address" in nobody.stderr) == (1, True)
