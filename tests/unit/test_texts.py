"""How translations follow the code: `make texts` keeps what was translated, and leaves nothing over."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from gateway.http import wording
from scripts.texts import CATALOGUES, ROOT, TRANSLATED, Catalogues, as_text, brought_up_to_date, read, told_by
from services.notification.wording import notice

PAGE = "<h1>{{ _('Your time') }}</h1>{% trans %}Choose a day{% endtrans %}"
MODULE = 'WORDS = {"gone": N_("No longer there")}\nsaid = _("At %(clinic)s") % {}\nkey = get("no text")\n'
RULE = 'def check():\n    raise ValueError("Enter a number.")\n\n\nerrors = ["This is required.", "no sentence"]\n'


@pytest.fixture
def small(tmp_path: Path) -> Catalogues:
    """Return the catalogues of a program with one page, one module and one rule."""
    (tmp_path / "code/templates").mkdir(parents=True)
    (tmp_path / "code/templates/page.html").write_text(PAGE)
    (tmp_path / "code/module.py").write_text(MODULE)
    (tmp_path / "rule.py").write_text(RULE)
    return Catalogues(folder=tmp_path, code=tmp_path / "code", rules=(tmp_path / "rule.py",))


@pytest.mark.parametrize("catalogues", CATALOGUES, ids=lambda each: str(each.code.relative_to(ROOT)))
def test_the_catalogues_are_as_make_texts_writes_them(catalogues: Catalogues) -> None:
    sentences = catalogues.sentences()
    for language in TRANSLATED:
        path = catalogues.path(language)
        anew = as_text(brought_up_to_date(read(path, language), sentences), language)
        assert anew == path.read_text(encoding="utf-8"), f"run make texts, and translate what is new in {language}"


def test_the_catalogues_lie_where_the_programs_look_for_them() -> None:
    assert [each.folder for each in CATALOGUES] == [wording.LOCALES, notice.LOCALES]
    for each in CATALOGUES:
        assert {path.stem for path in each.folder.iterdir()} == {*TRANSLATED}


def test_texts_are_found_in_pages_modules_and_rules(small: Catalogues) -> None:
    marked = {"Your time", "Choose a day", "No longer there", "At %(clinic)s"}
    assert small.sentences() == {*marked, "Enter a number.", "This is required."}


def test_rules_tell_whole_sentences_only() -> None:
    assert sorted(told_by('x = ["wrong", "Give it.", no]\n_S = "No."\n_T = "Not one."')) == ["Give it.", "Not one."]


def test_rules_tell_sentences_made_with_numbers_by_their_form() -> None:
    source = 'raise ValidationError(f"Give 1 to {most} letters.", "to")\nRange(3, error="From 3 on.")\nx = f"{a}"'
    assert sorted(told_by(source)) == ["From 3 on.", "Give {0} to {1} letters."]


def test_every_field_error_with_a_number_in_it_is_among_the_texts() -> None:
    """But those of the clinic document, which are for who writes it and are English, and of settings, by name."""
    modules = [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]
    of_the_document = ROOT / "services/availability/document"
    told = {
        sentence
        for path in modules
        if not path.is_relative_to(of_the_document) and 'f"' in path.read_text(encoding="utf-8")
        for sentence in told_by(path.read_text(encoding="utf-8"))
    }
    made = {each for each in told if "{0}" in each and not re.search(r"\b[A-Z]+_[A-Z_]+\b", each)}
    assert len(made) >= 4
    assert made <= CATALOGUES[0].sentences()


def test_what_was_translated_stays_what_is_new_waits_and_what_is_unused_goes() -> None:
    old = Catalog(locale="sv")
    old.add("Your time", "Din tid", user_comments=["the appointment's"])
    old.add("Gone", "Borta")
    text = as_text(brought_up_to_date(old, {"Your time", "At %(clinic)s"}), "sv")
    assert text.partition("\n\n")[2] == (
        '#, python-format\nmsgid "At %(clinic)s"\nmsgstr ""\n\n'
        '# the appointment\'s\nmsgid "Your time"\nmsgstr "Din tid"\n'
    )


def test_a_text_that_was_only_reworded_gets_no_guessed_translation() -> None:
    old = Catalog(locale="sv")
    old.add("Choose a time here", "Välj en tid här")
    anew = brought_up_to_date(old, {"Choose a time there"})
    assert as_text(anew, "sv").partition("\n\n")[2] == 'msgid "Choose a time there"\nmsgstr ""\n'


def test_a_catalogue_written_twice_is_the_same_and_holds_neither_places_nor_dates(tmp_path: Path) -> None:
    old = Catalog(locale="fa")
    old.add("A sentence that is long enough to be broken into several lines, if anything broke lines here.", "بله")
    once = as_text(old, "fa")
    (tmp_path / "fa.po").write_text(once, encoding="utf-8")
    assert as_text(read(tmp_path / "fa.po", "fa"), "fa") == once
    assert "\n#:" not in once
    assert "Date" not in once
    assert once.count("\n") == 9


def test_a_language_without_a_catalogue_begins_with_an_empty_one(tmp_path: Path) -> None:
    assert len(read(tmp_path / "nb.po", "nb")) == 0
