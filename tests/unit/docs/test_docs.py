"""The documentation, held against the code: settings, commands, the document's keys."""

import copy
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml

from cli.commands.running import broker_users
from cli.faces import endings
from cli.main import main
from cli.serve import house
from scripts import rpc
from scripts.contracts import CONTRACTS, PAGE, TYPES_FOR_TOOLS, written, written_types
from services.availability.document import check
from shared.bus.calls.serving import Rpc
from shared.contracts.errors import REFUSALS
from shared.identity.numbers import check_number
from shared.settings import from_environment
from shared.texts.language import LANGUAGES
from tests.builders.noted_environment import Noting

ROOT = Path(__file__).parents[3]


def test_operations_lists_every_setting_and_no_other(tmp_path: Path) -> None:
    table = (ROOT / "docs/operations.md").read_text().partition("## Settings")[2].partition("## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    environment = Noting({"DATA_DIR": str(tmp_path)})
    from_environment(environment)
    of_commands = {str(option.envvar) for option in broker_users.params if option.envvar}
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == environment.asked | of_commands


def test_what_strangers_read_cites_nothing_that_only_the_house_can_look_up() -> None:
    """Such as the id of a requirement."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert [each for page in pages for each in re.findall(r"\([A-Z]\d+\b.*?\)", page.read_text())] == []


def test_readme_and_the_page_of_each_demo_clinic_say_a_number_with_which_it_can_be_tried() -> None:
    rows = re.findall(r"^\| `/(\w+)`, .*\| ([\d .-]+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    documents = {path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / "demo").glob("*.yaml")}
    assert dict(rows).keys() == documents.keys()
    for clinic, number in rows:
        document = documents[clinic]
        assert check_number(document["identity"], number)
        assert all(number in text for text in document["texts"]["page"].values()), clinic


def test_b21_a_demo_clinic_says_in_each_of_its_languages_what_it_says_in_one() -> None:
    for path in (ROOT / "demo").glob("*.yaml"):
        document = yaml.safe_load(path.read_text())
        languages = {*document["languages"]}
        texts = list(_by_language(document))
        assert len(texts) > 15, path.stem
        assert [each for each in texts if each.keys() != languages] == [], path.stem
        assert all(isinstance(each["title"], dict) for each in document["practitioners"]), path.stem


def _by_language(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict) and value and value.keys() <= {*LANGUAGES}:
        yield value
        return
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _by_language(each)


def commands(group: click.Group, prefix: str = "") -> set[str]:
    """Return every command's full name."""
    found, ctx = set(), click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        found |= commands(command, f"{prefix}{name} ") if isinstance(command, click.Group) else {f"{prefix}{name}"}
    return found


def test_every_command_that_the_documents_name_exists() -> None:
    known = commands(main)
    groups = {name.split()[0] for name in known if " " in name}
    named = {name for page in _pages() for name in re.findall(r"`frontdesk ([a-z-]+)", page)}
    assert {"serve", "migrate", "keys", "ping", "dead-letters"} <= named <= {*known, *groups}


def test_c5_operations_lists_the_commands_of_each_group_and_the_exit_codes_that_there_are() -> None:
    section = (ROOT / "docs/operations.md").read_text().partition("\n## Commands\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `frontdesk ([a-z-]+)` \| (.*) \|$", section, re.MULTILINE)
    shown = {f"{group} {name}" for group, names in listed for name in re.findall(r"(?<!-)`([a-z-]+)`", names)}
    groups = {group for group, _ in listed}
    assert shown == {name for name in commands(main) if " " in name and name.split()[0] in groups}
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)}
    assert codes == {0, endings.REFUSED, endings.WRONG_USE, endings.AWAY, endings.BROKEN, endings.STOPPED}


def _pages() -> list[str]:
    return [page.read_text() for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]]


def example() -> dict[str, Any]:
    """Return the annotated example of the clinic document."""
    text = (ROOT / "docs/clinic-document.md").read_text()
    found: dict[str, Any] = yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0])
    return found


def test_the_annotated_document_is_right_and_shows_every_key() -> None:
    checked = check(example())
    assert checked.problems == ()
    shown = example()
    for key, value in checked.document.items():
        assert key in shown, key
        if isinstance(value, dict) and key != "messages":
            assert set(value) == set(shown[key]), key
    assert set(checked.document["types"][0]) == set(shown["types"][0])


SMALLEST: dict[str, Any] = {
    "clinic": "mini",
    "name": "Mini",
    "time_zone": "Europe/Stockholm",
    "practitioners": [{"key": "anna", "name": "Anna"}],
    "resources": [{"key": "room", "name": "Room"}],
    "block_kinds": [{"key": "exam", "name": "Exam"}],
    "fields": [{"key": "fear", "kind": "text", "label": "Afraid?"}],
    "types": [{"key": "exam", "name": "Exam", "length": "30m"}],
    "templates": [{"key": "week", "week": {"mon": [{"kind": "exam", "from": "08:00", "to": "12:00"}]}}],
    "plans": [{"template": "week"}],
    "days": [{"date": "2026-12-23"}],
    "absences": [{"from": "2026-12-24", "to": "2026-12-31"}],
    "reminders": [{"before": "24h", "channel": "sms"}],
    "quiet_hours": {"from": "22:00", "to": "07:00"},
}
"""A document of nothing but what docs/clinic-document.md calls required."""


def paths_of(value: Any, path: str = "") -> list[str]:
    """Return the path of every key within, as errors name it."""
    if isinstance(value, list):
        return [found for at, each in enumerate(value) for found in paths_of(each, f"{path}[{at}]")]
    if not isinstance(value, dict):
        return []
    found = []
    for key, each in value.items():
        found += [f"{path}.{key}".lstrip("."), *paths_of(each, f"{path}.{key}")]
    return found


def without(path: str) -> dict[str, Any]:
    """Return the smallest document without what stands at the path."""
    document: Any = copy.deepcopy(SMALLEST)
    *way, last = re.findall(r"\w+", path)
    holder = document
    for step in way:
        holder = holder[int(step) if step.isdigit() else step]
    del holder[last]
    return document  # type: ignore[no-any-return]


def test_nothing_else_is_required_and_what_is_documented_as_required_is() -> None:
    assert check(SMALLEST).problems == ()
    optional = {*SMALLEST} - {"clinic", "name", "time_zone", "practitioners", "types"}
    for path in paths_of(SMALLEST):
        if path not in optional and not path.endswith((".week", ".mon")):
            assert path in [problem.path for problem in check(without(path)).problems]


def test_the_defaults_that_the_annotated_document_shows_are_those_that_hold() -> None:
    shown, document = example(), check(SMALLEST).document
    for section in ("booking", "details", "channels", "two_step", "retention", "grid"):
        assert document[section] == shown[section], section
    (kind,), (marked,) = document["types"], shown["types"]
    for key in ("online", "buffer_before", "buffer_after", "slots"):
        assert kind[key] == marked[key], key
    assert (document["identity"], document["languages"], document["block_kinds"][0]["online"]) == (
        "none",
        ["en"],
        False,
    )
    assert kind["alias"] == {"en": kind["name"]}


def table_of(heading: str) -> dict[str, set[str]]:
    """Return a table of docs/interfaces.md: the first cell's word to the words of the second."""
    section = (ROOT / "docs/interfaces.md").read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("|")][2:]
    return {first.strip(" `"): set(re.findall(r"`(\w+)`", second)) for first, second in rows}


def test_the_documented_codes_are_those_of_the_refusals() -> None:
    statuses: dict[str, set[str]] = {}
    for refusal in REFUSALS.values():
        statuses.setdefault(str(refusal.status), set()).add(refusal.code)
    assert table_of("HTTP") == statuses


def test_the_documented_methods_are_those_that_the_services_serve() -> None:
    served = {
        service.name: {
            name for name in dir(service) if any(isinstance(e, Rpc) for e in _entrypoints(getattr(service, name)))
        }
        for service in house()
    }
    assert table_of("RPC") == served == {c.SERVICE: set(c.METHODS) for c in CONTRACTS}


def test_the_documented_events_and_fields_are_those_of_the_contracts() -> None:
    """`make contracts` brings the page up to date."""
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page
    assert TYPES_FOR_TOOLS.read_text(encoding="utf-8") == written_types()


def test_c5_the_documented_arguments_and_answers_of_methods_are_those_of_the_code() -> None:
    """`make contracts` brings the page up to date."""
    assert rpc.PAGE.read_text(encoding="utf-8") == rpc.written()


def test_c5_the_arguments_of_every_method_that_tools_may_call_are_known() -> None:
    for service in house():
        served = [
            name for name in dir(service) if any(isinstance(e, Rpc) for e in _entrypoints(getattr(service, name)))
        ]
        for method in (each for each in served if rpc.callers_of(service, each) not in rpc.FOR_OTHERS):
            kinds = {each.kind for each in inspect.signature(getattr(service, method)).parameters.values()}
            if inspect.Parameter.VAR_KEYWORD in kinds:
                assert rpc.schemas_of(service, method), f"{service.name}.{method}"


def _entrypoints(member: Any) -> Any:
    return getattr(member, "nameko_entrypoints", ())


def test_the_table_of_make_targets_names_them_all() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    table = (ROOT / "CONTRIBUTING.md").read_text().partition("| target |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`make ([a-z-]+)`", table)) == targets - {"help"}
