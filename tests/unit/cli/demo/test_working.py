"""Made-up people live where nobody else can come in and nothing can be sent; their password is made once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.demo.working import FILE, has_made_up_people, may_be_tried, password_of
from shared.environment.provider_accounts import SendGrid, Twilio
from shared.settings import Settings, from_environment

TWILIO = Twilio("AC" + "0" * 32, "token", "+46700000000")
SENDGRID = SendGrid("key", "desk@solna.example")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings as `make run` has them."""
    return from_environment({"DATA_DIR": str(tmp_path)})


def test_a_machine_of_ones_own_without_providers_may_have_made_up_people(settings: Settings) -> None:
    assert may_be_tried(settings)
    assert may_be_tried(replace(settings, host="::1", public_url="http://[::1]:8000"))
    assert may_be_tried(replace(settings, host="localhost", public_url="http://localhost:8000"))


@pytest.mark.parametrize(
    "changes",
    [
        {"host": "0.0.0.0"},
        {"host": "192.0.2.1"},
        {"public_url": "https://booking.example.org"},
        {"twilio": TWILIO},
        {"sendgrid": SENDGRID},
    ],
    ids=str,
)
def test_nobody_is_made_up_where_others_come_in_or_messages_go_out(settings: Settings, changes: dict[str, Any]) -> None:
    assert not may_be_tried(replace(settings, **changes))


def test_the_password_of_a_data_folder_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    assert not has_made_up_people(tmp_path)
    password = password_of(tmp_path)
    assert len(password) >= 12
    assert password_of(tmp_path) == password
    assert has_made_up_people(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    (tmp_path / "other").mkdir()
    assert password_of(tmp_path / "other") != password
