"""All configuration from the environment, checked at start (DESIGN rule 12)."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from shared.bus.client import connection_parameters
from shared.settings import SettingsError, from_environment, new_seal_key

REAL = {
    "AMQP_URI": "pyamqp://guest:guest@rabbit:5672//",
    "ACTOR_KEY": "a" * 32,
    "LINK_KEY": "b" * 32,
    "LOOKUP_KEY": "c" * 32,
    "EVENT_KEYS": new_seal_key(),
    "IDENTITY_KEYS": new_seal_key(),
    "EVENT_SIGNING_KEYS": new_seal_key(),
}


def test_with_nothing_set_everything_runs_inside_the_process(tmp_path: Path) -> None:
    settings = from_environment({"DATA_DIR": str(tmp_path)})
    assert settings.embedded
    assert settings.redis_url == "memory://"
    assert settings.database_url("booking") == f"sqlite:///{tmp_path}/booking.sqlite3"
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.booking_rate_limit == 30


def test_b4_numbers_made_for_tests_are_accepted_only_where_the_installation_says_that_it_is_for_tests() -> None:
    assert from_environment(REAL).accept_test_numbers is False
    assert from_environment({**REAL, "ACCEPT_TEST_NUMBERS": "0"}).accept_test_numbers is False
    assert from_environment({**REAL, "ACCEPT_TEST_NUMBERS": "1"}).accept_test_numbers is True


def test_unsigned_events_are_accepted_only_where_the_installation_says_so() -> None:
    assert from_environment(REAL).accept_unsigned_events is False
    assert from_environment({**REAL, "ACCEPT_UNSIGNED_EVENTS": "1"}).accept_unsigned_events is True


def test_an_empty_variable_is_an_absent_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = from_environment({"DATA_DIR": "", "HOST": "", "PORT": "", "LOG_LEVEL": "", "AMQP_URI": ""})
    assert settings.data_dir == tmp_path / "data"
    assert (settings.host, settings.port, settings.log_level) == ("127.0.0.1", 8000, "WARNING")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("booking.local", "http://booking.local:8000"),
    ],
)
def test_links_name_an_address_that_a_browser_can_open(tmp_path: Path, host: str, address: str) -> None:
    assert from_environment({"DATA_DIR": str(tmp_path), "HOST": host}).public_url == address


def test_development_keys_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    first = from_environment({"DATA_DIR": str(tmp_path)})
    second = from_environment({"DATA_DIR": str(tmp_path)})
    assert (first.actor_key, first.identity_keys) == (second.actor_key, second.identity_keys)
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_only_the_owner_reads_a_data_folder_that_is_made(tmp_path: Path) -> None:
    from_environment({"DATA_DIR": str(tmp_path / "data")})
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_processes_that_start_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        started = list(threads.map(from_environment, [{"DATA_DIR": str(tmp_path / "data")}] * 8))
    assert len({settings.identity_keys for settings in started}) == 1


def test_a_key_file_of_an_older_version_gets_what_it_lacks(tmp_path: Path) -> None:
    from_environment({"DATA_DIR": str(tmp_path)})
    path = tmp_path / "keys.json"
    keys = json.loads(path.read_text())
    del keys["LINK_KEY"]
    path.write_text(json.dumps(keys))
    settings = from_environment({"DATA_DIR": str(tmp_path)})
    assert settings.actor_key == keys["ACTOR_KEY"]
    assert settings.link_key == json.loads(path.read_text())["LINK_KEY"]


def test_a_broken_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{")
    with pytest.raises(SettingsError, match=r"keys\.json"):
        from_environment({"DATA_DIR": str(tmp_path)})


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"cannot be written .*; set DATA_DIR"):
        from_environment({"DATA_DIR": str(tmp_path / "file" / "data")})


@pytest.mark.parametrize(
    "missing", ["ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY", "EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS"]
)
def test_real_installations_are_given_their_keys(missing: str) -> None:
    assert not from_environment(REAL).embedded
    with pytest.raises(SettingsError, match=f"{missing} must be set"):
        from_environment({**REAL, missing: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "80a"),
        ("PORT", "٨٠"),
        ("BOOKING_RATE_LIMIT", "-1"),
        ("ACCEPT_TEST_NUMBERS", "yes"),
        ("PUBLIC_URL", "booking.example.org"),
        ("PUBLIC_URL", "ftp://booking.example.org"),
        ("PUBLIC_URL", "http://[booking.example.org"),
        ("PUBLIC_URL", "http://booking.example.org:port"),
        ("PUBLIC_URL", "http://:8000"),
        ("TOOL_KEYS", "till"),
        ("TOOL_KEYS", f"till.one:{'k' * 32}"),
        ("TOOL_KEYS", f"till:{'k' * 32}:"),
        ("TOOL_KEYS", f"till:{'k' * 32}:Solna"),
        ("TOOL_KEYS", f"till:{'k' * 32}:solna+*"),
        ("TOOL_KEYS", f"till:{'k' * 32}:*:book"),
        ("TOOL_KEYS", f"till:{'k' * 32}:*:booking.book:more"),
        ("TOOL_KEYS", f"till:{'k' * 32}:*:*:*"),
        ("TOOL_KEYS", f"till:{'k' * 32}:*:*:booking:more"),
        ("TOOL_KEYS", f"till:{'k' * 32}:*:*:booking,till:{'j' * 32}"),
        ("TOOL_KEYS", f"till:{'k' * 32},till:{'j' * 32}:solna"),
        ("READER_KEYS", "crm:key"),
        ("ACTOR_KEY", f"{'k' * 32},"),
        ("ACTOR_KEY", f"{'k' * 32},sesame"),
        ("LOG_LEVEL", "LOUD"),
        ("EVENT_KEYS", "k1:short"),
        ("IDENTITY_KEYS", "not a key"),
        ("EVENT_SIGNING_KEYS", "k1:short"),
        ("ACCEPT_UNSIGNED_EVENTS", "yes"),
        ("MAX_WORKERS", "0"),
        ("DATABASE_POOL_SIZE", "1001"),
        ("DATABASE_LOCK_TIMEOUT", "1.5"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        from_environment({**REAL, name: value})


def test_a_refused_key_is_not_repeated() -> None:
    """A3: secrets are never in error texts."""
    with pytest.raises(SettingsError) as refused:
        from_environment({**REAL, "IDENTITY_KEYS": "k1:c2VjcmV0"})
    assert "c2VjcmV0" not in str(refused.value)


@pytest.mark.parametrize("name", ["ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY"])
def test_a_key_that_can_be_guessed_ends_the_start(name: str) -> None:
    for short in ("k", "k" * 31, "å" * 15):
        with pytest.raises(SettingsError, match=f"{name} must have 32 characters or more; `frontdesk keys`"):
            from_environment({**REAL, name: short})
    from_environment({**REAL, name: "å" * 16})


def test_a3_keys_of_lookups_are_rotated_two_at_a_time_and_those_of_before_are_kept_apart() -> None:
    """PRODUCT A3: the first hashes, both find; by those of before only what cannot be hashed anew is known."""
    one, two, three = "1" * 32, "2" * 32, "3" * 32
    settings = from_environment({**REAL, "LOOKUP_KEY": f"{two}, {one}", "FORMER_LOOKUP_KEYS": three})
    assert (settings.lookup_key, settings.lookup_keys, settings.former_lookup_keys) == (
        two,
        (two, one, three),
        (three,),
    )
    for given in ({"LOOKUP_KEY": f"{two},short"}, {"FORMER_LOOKUP_KEYS": f"{three},"}):
        with pytest.raises(SettingsError, match=f"{next(iter(given))} must have 32 characters or more"):
            from_environment({**REAL, **given})


def test_a_tool_s_key_that_can_be_guessed_ends_the_start_and_is_not_repeated() -> None:
    with pytest.raises(SettingsError, match=r"The key of till in TOOL_KEYS must have 32") as refused:
        from_environment({**REAL, "TOOL_KEYS": "till:sesame"})
    assert "sesame" not in str(refused.value)


def test_tools_sign_under_names_of_their_own() -> None:
    """DESIGN rule 10: each internal tool has its own key."""
    one, two = "1" * 32, "2" * 32
    settings = from_environment({**REAL, "TOOL_KEYS": f"till:{one}, import:{two}"})
    assert settings.actor_keys() == {"house": (REAL["ACTOR_KEY"],), "tool-till": (one,), "tool-import": (two,)}
    assert not any(tool.is_limited for tool in settings.tools.values())


def test_keys_that_sign_who_acts_are_rotated_two_at_a_time_the_first_signs() -> None:
    one, two = "1" * 32, "2" * 32
    given = {**REAL, "ACTOR_KEY": f"{two}, {one}", "TOOL_KEYS": f"till:{two}:solna,till:{one}:solna,import:{one}"}
    settings = from_environment(given)
    assert settings.actor_key == two
    assert settings.tools["till"].key == two
    assert settings.actor_keys() == {"house": (two, one), "tool-till": (two, one), "tool-import": (one,)}
    assert settings.tools["till"].clinics == {"solna"}


def test_a_tool_may_be_limited_to_clinics_and_methods() -> None:
    key = "1" * 32
    tools = f"till:{key}:solna+lund,kiosk:{key}:*:booking.hold+availability.*,all:{key}:*:*"
    found = from_environment({**REAL, "TOOL_KEYS": tools}).tools
    assert (found["till"].clinics, found["till"].methods) == ({"solna", "lund"}, None)
    assert (found["kiosk"].clinics, found["kiosk"].methods) == (None, {"booking.hold", "availability.*"})
    assert not found["all"].is_limited


def test_c5_a_tool_hears_the_events_of_those_services_alone_that_its_entry_names() -> None:
    key = "1" * 32
    found = from_environment({**REAL, "TOOL_KEYS": f"board:{key}:*:*:booking+patient,till:{key}:solna"}).tools
    assert (found["board"].hears, found["till"].hears) == ({"booking", "patient"}, set())
    assert not found["board"].is_limited


def test_lists_are_read() -> None:
    settings = from_environment({**REAL, "TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2"})
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")


@pytest.mark.parametrize("password", ["p@ss/w:rd#'%41 ?", "å" * 8])
def test_a_password_of_any_characters_goes_into_its_address(password: str) -> None:
    given = {
        **REAL,
        "AMQP_URI": "pyamqp://booking@rabbit:5672//",
        "AMQP_PASSWORD": password,
        "BOOKING_DATABASE_URL": "postgresql+psycopg2://booking@postgres:5432/booking",
        "PATIENT_DATABASE_URL": "postgresql+psycopg2://patient:own@postgres/patient",
        "DATABASE_PASSWORD": password,
    }
    settings = from_environment(given)
    assert connection_parameters(settings.amqp_uri).credentials.password == password
    assert make_url(settings.database_url("booking")).password == password
    assert make_url(settings.database_url("patient")).password == "own"


def test_where_one_database_is_at_a_server_none_is_a_file_that_its_process_may_lose() -> None:
    """An installation of 0.1.0 that is upgraded has four, and no fifth for staff."""
    settings = from_environment({**REAL, "BOOKING_DATABASE_URL": "postgresql+psycopg2://booking:own@postgres/booking"})
    assert settings.database_url("booking").startswith("postgresql")
    with pytest.raises(SettingsError, match=r"^STAFF_DATABASE_URL must be set"):
        settings.database_url("staff")
