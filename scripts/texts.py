"""Brings the catalogues of translations up to date with the code (`make texts`).

A new sentence is entered with an empty translation, one that nothing says any more is taken out, and what was
translated stays as it is; nothing is guessed. Entries stand in alphabetical order, each on one line, without line
numbers and dates, so that a change of a catalogue shows what changed and nothing else. English has no catalogue: it is
the msgid.
"""

import ast
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from shared.texts.language import LANGUAGES, without_numbers

ROOT = Path(__file__).resolve().parent.parent
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")

_WAYS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
_MARKS = {"_": None, "gettext": None, "N_": None}
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@dataclass(frozen=True)
class Catalogues:
    """One folder of catalogues, the code that speaks by them, and the rules whose sentences it passes on."""

    folder: Path
    code: Path
    rules: tuple[Path, ...] = ()

    def path(self, language: str) -> Path:
        """Return the catalogue of a language."""
        return self.folder / f"{language}.po"

    def sentences(self) -> set[str]:
        """Return every English sentence that stands in the code, marked by `_(…)`, `N_(…)` or `{% trans %}`."""
        return {*_marked(self.code)}.union(*(told_by(path.read_text(encoding="utf-8")) for path in self.rules))


@cache
def _marked(code: Path) -> frozenset[str]:
    found = extract_from_dir(code, method_map=_WAYS, keywords=_MARKS)
    return frozenset(text for _, _, text, _, _ in found if isinstance(text, str))


CATALOGUES = (
    Catalogues(
        folder=ROOT / "gateway/locales",
        code=ROOT / "gateway",
        rules=(
            ROOT / "services/availability/schemas.py",
            ROOT / "services/availability/pictures/drawing.py",
            ROOT / "shared/incoming/batches.py",
            ROOT / "shared/incoming/repeats.py",
            ROOT / "services/booking/model/admission/answers.py",
            ROOT / "services/booking/model/admission/details.py",
            ROOT / "services/booking/model/moving_in/lines.py",
            ROOT / "services/booking/schemas/fields.py",
            ROOT / "services/booking/schemas/searches.py",
            ROOT / "services/notification/handlers/resending.py",
            ROOT / "services/notification/model/delivery.py",
            ROOT / "services/patient/handlers/adding.py",
            ROOT / "services/patient/handlers/erasing.py",
            ROOT / "services/patient/handlers/records.py",
            ROOT / "services/patient/model/moving_in.py",
            ROOT / "services/patient/model/needs.py",
            ROOT / "services/patient/model/patients.py",
            ROOT / "services/staff/model/refusals.py",
            ROOT / "shared/clinic/sms_countries.py",
            *sorted((ROOT / "shared/identity").glob("*.py")),
            *sorted((ROOT / "shared/moving_in").glob("*.py")),
        ),
    ),
    Catalogues(
        folder=ROOT / "services/notification/wording/locales",
        code=ROOT / "services/notification",
    ),
)
"""All of them. The gateway also shows what rules say of fields and of failed messages, which know no languages."""


def told_by(source: str) -> Iterator[str]:
    """Yield the whole sentences that rules tell: in `[…]`, `{…}`, `ValueError(…)` and such, `error=…`, and with a name.

    Of one that is made with numbers its form is yielded (`shared.texts.language.without_numbers`).
    """
    for node in ast.walk(ast.parse(source)):
        for value in _told(node):
            if re.fullmatch(r"[A-Z].* .*\.", sentence := _sentence(value)):
                yield sentence


def _told(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.List):
        return node.elts
    if isinstance(node, ast.Dict):
        return node.values
    if isinstance(node, ast.Assign):
        return [node.value]
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"ValueError", "ValidationError", "_Scheme"}:
        return node.args
    return [node.value] if isinstance(node, ast.keyword) and node.arg == "error" else []


def _sentence(value: ast.expr) -> str:
    if isinstance(value, ast.JoinedStr):
        made = "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in value.values)
        return without_numbers(made)[0]
    return str(value.value) if isinstance(value, ast.Constant) else ""


def read(path: Path, language: str) -> Catalog:
    """Return a catalogue as it stands; an empty one where the language has none yet."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def brought_up_to_date(old: Catalog, sentences: set[str]) -> Catalog:
    """Return a catalogue of just these sentences, with the translations and remarks that `old` has of them."""
    new = Catalog(locale=old.locale)
    for sentence in sentences:
        before = old.get(sentence)
        if before is None:
            new.add(sentence)
        else:
            new.add(sentence, before.string, flags=before.flags, user_comments=before.user_comments)
    return new


def as_text(catalogue: Catalog, language: str) -> str:
    """Return the whole file of a catalogue."""
    entries = io.BytesIO()
    write_po(entries, catalogue, width=0, sort_output=True, no_location=True, omit_header=True)
    return _HEADER.format(language=language) + entries.getvalue().decode().strip() + "\n"


def main() -> None:
    """Write every catalogue anew, and say where translations are missing."""
    for catalogues in CATALOGUES:
        sentences = catalogues.sentences()
        for language in TRANSLATED:
            path = catalogues.path(language)
            catalogue = brought_up_to_date(read(path, language), sentences)
            path.write_text(as_text(catalogue, language), encoding="utf-8")
            missing = sum(1 for message in catalogue if message.id and not message.string)
            print(f"{path.relative_to(ROOT)}: {len(sentences)} texts, {missing} to be translated")


if __name__ == "__main__":
    main()
