"""What a clinic says in another language than the page's is read out and set as its own (WCAG 2.2, 3.1.2)."""

import pytest

from tests.builders.gateway.clinics import CHOSEN, DOCUMENT, main_of, open_clinic
from tests.builders.gateway.visits import get
from tests.builders.gateway.world import World

EXAM = {**DOCUMENT["types"][0], "alias": "معاینه"}
QUESTION = {"key": "fear", "label": "آیا می‌ترسید؟", "kind": "choice", "choices": ["کمی", "زیاد"]}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_titles_names_questions_and_choices_of_a_clinic_carry_their_language_where_it_is_not_the_pages(
    world: World, language: str
) -> None:
    """An element `bdi` has the direction of what stands in it."""
    practitioners = [{**each, "title": "پزشک"} for each in DOCUMENT["practitioners"]]
    open_clinic(world, languages=["fa", "en"], types=[EXAM], fields=[QUESTION], practitioners=practitioners)
    choosing = main_of(get(world, lang=language, type="exam"))
    form = main_of(get(world, **CHOSEN, lang=language, go="details"))
    for page, texts in (
        (choosing, ("معاینه", "پزشک", "Anna Berg")),
        (form, ("آیا می‌ترسید؟", "کمی", "زیاد")),
    ):
        for text in texts:
            assert text in page
            assert (f'<bdi lang="fa">{text}</bdi>' in page) is (language == "en"), text
