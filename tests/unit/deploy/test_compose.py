"""docker-compose.yml, held against the code: commands, variables, ports, health checks, order of start.

No container engine is needed: what compose would do with the file is read out of it.
"""

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from sqlalchemy.engine import make_url

from cli.broker_users import definitions
from cli.commands.running import PROCESSES
from cli.main import main
from services.notification.channels.hands import HANDS
from shared.bus.client import connection_parameters
from shared.settings import SERVICES, SettingsError, from_environment, new_seal_key

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, Any] = COMPOSE["services"]
SECRET = "a secret of @ / : # and '" * 2
OURS = {name: spec for name, spec in CONTAINERS.items() if spec.get("image") == "frontdesk"}


def environment_of(spec: dict[str, Any]) -> dict[str, str]:
    """Return what the container sees, with the values of `.env` replaced by one that is long enough."""
    seen = {
        name: re.sub(r"\$\{[A-Z_]+(:?[?-]([^}]*))?\}", lambda m: (m[2] or "") if ":-" in m[0] else SECRET, value)
        for name, value in spec["environment"].items()
    }
    return seen | {name: new_seal_key() for name in ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")}


def commands_of(group: click.Group) -> set[str]:
    """Return the names of a group's sub-commands."""
    return set(group.list_commands(click.Context(group)))


def test_every_service_and_the_gateway_have_a_container_of_their_own() -> None:
    assert set(PROCESSES) <= set(CONTAINERS)
    for name in PROCESSES:
        assert CONTAINERS[name]["command"] == ["serve", name]


@pytest.mark.parametrize("name", OURS)
def test_each_container_runs_a_command_that_exists(name: str) -> None:
    assert OURS[name]["command"][0] in commands_of(main)


@pytest.mark.parametrize("name", [*PROCESSES, "migrate"])
def test_settings_accept_each_container_s_environment(name: str) -> None:
    settings = from_environment(environment_of(OURS[name]) | {"DATA_DIR": "/nonexistent"})
    assert not settings.embedded
    for service in SERVICES:
        address = make_url(settings.database_url(service))
        assert (address.username, address.password) == (service, SECRET), "one user per service (DESIGN rule 1)"
        assert (address.host, address.port, address.database) == ("postgres", 5432, service)
    assert settings.port == 8000


@pytest.mark.parametrize("name", PROCESSES)
def test_each_process_has_a_user_of_the_broker_and_knows_no_other_s_password(name: str) -> None:
    written = OURS[name]["environment"]
    assert written["AMQP_URI"] == f"pyamqp://{name}@rabbitmq:5672//"
    assert written["AMQP_PASSWORD"].startswith(f"${{{name.upper()}_RABBITMQ_PASSWORD:?")
    assert [value for value in written.values() if "RABBITMQ_PASSWORD" in value] == [written["AMQP_PASSWORD"]]
    reached = connection_parameters(from_environment(environment_of(OURS[name])).amqp_uri)
    assert (reached.credentials.username, reached.credentials.password) == (name, SECRET)
    assert (reached.host, reached.port, reached.virtual_host) == ("rabbitmq", 5672, "/")
    assert OURS[name]["depends_on"]["broker-users"]["condition"] == "service_completed_successfully"


def test_the_broker_s_users_are_made_by_its_administrator() -> None:
    made = environment_of(OURS["broker-users"])
    names = [pair.partition(":")[0] for pair in made["BROKER_PASSWORDS"].split(",") if pair]
    assert names == [*PROCESSES]
    assert made["AMQP_URI"].startswith(f"pyamqp://{CONTAINERS['rabbitmq']['environment']['RABBITMQ_DEFAULT_USER']}@")
    assert made["BROKER_MANAGEMENT_URL"] == "http://rabbitmq:15672"


def test_c5_a_tool_gets_in_by_its_key_in_every_process_and_by_a_user_of_its_own_on_this_machine_s_broker() -> None:
    """With the clinics and methods that `.env` says (ADR 16)."""
    key = "till:a-key-of-tests-that-is-long-enough-for-a-tool:solna:booking.find+booking.get"
    for name in PROCESSES:
        assert OURS[name]["environment"]["TOOL_KEYS"] == "${TOOL_KEYS:-}"
        till = from_environment(environment_of(OURS[name]) | {"TOOL_KEYS": key}).tools["till"]
        assert (till.clinics, till.methods) == ({"solna"}, {"booking.find", "booking.get"})
    written = OURS["broker-users"]["environment"]["BROKER_PASSWORDS"]
    assert written.endswith(",${TOOL_BROKER_PASSWORDS:-}")
    of_tool = next(each for each in definitions({"tool-till": SECRET}, {"till": till}, "/")["permissions"])
    assert of_tool["user"] == "tool-till"
    assert not re.match(of_tool["write"], "booking.events"), "it publishes no event"
    assert CONTAINERS["rabbitmq"]["ports"] == ["${RABBITMQ_PORTS:-127.0.0.1:5672}:5672"], "of this machine alone"


def test_every_setting_reaches_the_containers_but_where_the_image_listens_and_keeps_files() -> None:
    table = (ROOT / "docs/operations.md").read_text().partition("## Settings")[2].partition("## ")[0]
    settings = {
        name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"[A-Z_]+", row)
    }
    of_a_command = {"BROKER_PASSWORDS", "BROKER_MANAGEMENT_URL"}
    assert of_a_command <= set(OURS["broker-users"]["environment"])
    for name in PROCESSES:
        assert settings - of_a_command - set(OURS[name]["environment"]) == {"HOST", "PORT", "DATA_DIR"}, name


def test_settings_refuse_an_environment_without_keys_when_the_bus_is_real() -> None:
    bare = {k: v for k, v in environment_of(OURS["booking"]).items() if not k.endswith(("_KEY", "_KEYS"))}
    with pytest.raises(SettingsError, match="ACTOR_KEY"):
        from_environment(bare)


def test_every_variable_asked_for_stands_in_the_example_environment() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "docker-compose.yml").read_text()))
    example = {line.split("=")[0] for line in (ROOT / "deploy/example.env").read_text().splitlines() if "=" in line}
    assert asked <= example


def test_every_long_running_container_has_a_health_check() -> None:
    for name, spec in CONTAINERS.items():
        if spec.get("restart") == "unless-stopped":
            assert spec["healthcheck"]["test"][0] == "CMD", name


def test_the_broker_waits_for_work_without_a_processor_and_is_looked_at_where_everybody_connects() -> None:
    broker = CONTAINERS["rabbitmq"]
    flags = broker["environment"]["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"].split()
    assert dict(zip(flags[::2], flags[1::2], strict=True)) == dict.fromkeys(("+sbwt", "+sbwtdcpu", "+sbwtdio"), "none")
    (mounted,) = (ROOT / volume.split(":")[0] for volume in broker["volumes"] if volume.startswith("./"))
    settings = dict(line.split(" = ") for line in mounted.read_text().splitlines() if not line.startswith("#"))
    assert settings == {"management.rates_mode": "none", "collect_statistics_interval": "30000"}
    looked_at = set(re.findall(r"/dev/tcp/127\.0\.0\.1/(\d+)", broker["healthcheck"]["test"][-1]))
    assert looked_at == {"5672", "15672"}, "calls, and where broker-users makes its users"


@pytest.mark.parametrize("name", SERVICES)
def test_services_start_when_their_databases_are_migrated_and_the_broker_is_ready(name: str) -> None:
    needs = OURS[name]["depends_on"]
    assert needs["migrate"]["condition"] == "service_completed_successfully"
    assert needs["rabbitmq"]["condition"] == needs["redis"]["condition"] == "service_healthy"
    assert OURS["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert OURS[name]["healthcheck"]["test"] == ["CMD", "frontdesk", "ping", name]
    assert "ping" in commands_of(main)


def test_the_gateway_waits_for_every_service_and_publishes_its_port_on_this_machine_only() -> None:
    gateway = OURS["gateway"]
    assert {name for name, need in gateway["depends_on"].items() if need["condition"] == "service_healthy"} >= {
        *SERVICES
    }
    assert gateway["ports"] == ["${GATEWAY_PORTS:-127.0.0.1:8000}:8000"], "several gateways are given a port each"
    assert "ENV" in (ROOT / "deploy/Dockerfile").read_text()
    assert "PORT=8000" in (ROOT / "deploy/Dockerfile").read_text()
    assert "/readyz" in gateway["healthcheck"]["test"][-1]


def test_postgresql_gives_what_two_processes_of_each_service_and_a_migration_may_ask_for() -> None:
    """One process of each is replaced while the other serves, and whoever looks after the database gets in, too."""
    [given] = re.findall(
        r"^max_connections=\$\{POSTGRES_MAX_CONNECTIONS:-(\d+)\}$", CONTAINERS["postgres"]["command"][-1]
    )
    kept_for_superusers = 3
    asked = [from_environment(environment_of(OURS[name])).database_limits.connections for name in SERVICES]
    assert 2 * sum(asked) + len(SERVICES) <= int(given) - kept_for_superusers


@pytest.mark.parametrize("name", SERVICES)
def test_each_worker_of_a_service_finds_a_connection_and_so_do_its_relay_and_its_senders(name: str) -> None:
    settings = from_environment(environment_of(OURS[name]))
    relay = 1
    assert settings.database_limits.connections >= settings.max_workers + HANDS + relay


def test_the_image_holds_every_package_that_the_project_installs() -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    for package in ("shared", "services", "gateway", "cli", "demo"):
        assert f"COPY {package} /srv/frontdesk/{package}" in dockerfile


def test_what_reaches_the_builder_is_what_goes_into_the_image() -> None:
    """No history, no secrets, no data: everything is left out, and then let in by its name."""
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    copied = re.findall(r"^COPY (?!--from)(\S+) ", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)
    assert ignored[0] == "*"
    assert sorted(line[1:] for line in ignored if line.startswith("!")) == sorted(copied)


def test_the_broker_finds_its_queues_again_in_a_container_made_anew() -> None:
    """They lie in its volume under the node's name, which is its host's."""
    assert CONTAINERS["rabbitmq"]["hostname"] == "rabbitmq"


def test_postgresql_is_ready_only_when_others_reach_it() -> None:
    """While it makes its databases it listens on its socket alone, and migrating would fail."""
    assert CONTAINERS["postgres"]["healthcheck"]["test"][-2:] == ["-h", "127.0.0.1"]


def test_a_proxy_on_this_machine_may_tell_whose_request_it_is() -> None:
    """Otherwise all patients were one address, with one allowance. It comes as the network's own gateway."""
    [network] = COMPOSE["networks"]["default"]["ipam"]["config"]
    assert from_environment(environment_of(OURS["gateway"])).trusted_proxies == (network["gateway"],)


def test_each_database_is_made_for_its_service() -> None:
    script = (ROOT / "deploy/postgres/databases.sh").read_text()
    assert re.search(r"for service in (.*); do", script)[1].split() == [*SERVICES]  # type: ignore[index]


def test_commands_of_the_docs_take_nothing_from_a_shell_that_only_the_environment_file_says() -> None:
    """Compose reads `.env`, the operator's shell does not: what it does not know is empty, and a password with it."""
    kept = re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/example.env").read_text(), re.MULTILINE)
    text = (ROOT / "docs/operations.md").read_text()
    assert [name for name in kept if re.search(rf"\$\{{?{name}\b", text)] == []
