"""What the documents name is there: every path, every name beside a path, every link."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.import_rules.wings import WINGS

ROOT = Path(__file__).parents[3]
PAGES = sorted(
    page.relative_to(ROOT) for pattern in ("*.md", "docs/*.md", "docs/adr/*.md") for page in ROOT.glob(pattern)
)
TOP = {path.name for path in ROOT.iterdir()}

CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"/[\w<>*-]+\.(?:css|html|js|md|po|py|sh|toml|yaml|yml)$")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([\w-]+))?\)")
NAMES = re.compile(r"`([\w./-]+\.\w+)` \(((?:`\w+`(?:, )?)+)\)")


def prose(page: Path) -> str:
    """Return a page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def paths(text: str) -> Iterator[str]:
    """Yield what a text names as paths of the repository; `<name>` in one stands for any."""
    for code in CODE.findall(text):
        word = code.split(" ")[0].rstrip("/")
        if re.fullmatch(r"\w[\w./<>*-]*", word) and (word.partition("/")[0] in TOP or FILE.search(word)):
            yield re.sub(r"<\w+>", "*", word)


def names(text: str) -> Iterator[tuple[str, str]]:
    """Yield (path, name) for each name that stands in brackets behind a path: `shared/links.py` (`need_of`)."""
    for path, found in NAMES.findall(text):
        for name in re.findall(r"\w+", found):
            yield path, name


def headings(page: Path) -> set[str]:
    """Return what links may name behind `#`, as GitHub makes it of headings."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_the_pages_that_say_where_things_stand_name_many_paths() -> None:
    assert len({*paths(prose(Path("ARCHITECTURE.md")))}) > 80
    assert len({*paths(prose(Path("CONTRIBUTING.md")))}) > 30
    assert len([*names(prose(Path("ARCHITECTURE.md")))]) > 20


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    assert [path for path in paths(prose(page)) if not [*ROOT.glob(path)]] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_name_beside_a_path_stands_in_that_file(page: Path) -> None:
    for path, name in names(prose(page)):
        assert re.search(rf"\b{name}\b", (ROOT / path).read_text(encoding="utf-8")), f"{path} has no {name}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, heading in LINK.findall(prose(page)):
        found = ROOT / page.parent / target if target else ROOT / page
        assert found.exists(), target
        assert not heading or heading in headings(found), f"{target}#{heading}"


def test_architecture_names_every_module_of_shared_and_every_room() -> None:
    named = {*paths(prose(Path("ARCHITECTURE.md")))}
    modules = [*(ROOT / "shared").glob("*.py"), *(ROOT / "shared/clinic").rglob("*.py")]
    rooms = [*(ROOT / "shared").iterdir(), *(ROOT / "gateway").iterdir()]
    wanted = [path for path in modules if path.stem != "__init__"]
    wanted += [path for path in rooms if (path / "__init__.py").exists()]
    assert sorted({str(path.relative_to(ROOT)) for path in wanted} - named) == []


def test_the_wings_are_those_of_the_import_rules() -> None:
    rows = re.findall(r"^\| `gateway/(\w+)` \| .* \| ([\w, ]+) \|$", prose(Path("ARCHITECTURE.md")), re.MULTILINE)
    written = {wing: set(others.split(", ")) - {"nothing"} for wing, others in rows}
    standing = {wing: set(others) for wing, others in WINGS.items() if (ROOT / "gateway" / wing).is_dir()}
    assert written == standing


def test_what_is_not_there_is_found() -> None:
    text = "`nowhere/nothing.py`, `/static/embed.js`, `services/<name>/store`, `make run`"
    assert [*paths(text)] == ["nowhere/nothing.py", "services/*/store"]
    assert [*names("see `shared/links.py` (`need_of`, `no`)")] == [
        ("shared/links.py", "need_of"),
        ("shared/links.py", "no"),
    ]
