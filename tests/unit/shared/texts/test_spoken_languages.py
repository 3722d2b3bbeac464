"""Languages by their names (PRODUCT B21)."""

import pytest

from shared.texts.spoken_languages import is_language, languages_in_a_row


@pytest.mark.parametrize(
    ("reader", "row"),
    [
        ("en", "Swedish, English and Norwegian"),
        ("sv", "svenska, engelska och norska"),
        ("nb", "svensk, engelsk og norsk"),
        ("da", "svensk, engelsk og norsk"),
        ("fr", "suédois, anglais et norvégien"),
    ],
)
def test_b21_languages_stand_in_a_row_by_their_names_in_the_readers(reader: str, row: str) -> None:
    assert languages_in_a_row(["sv", "en", "nb", "no"], reader) == row


def test_b21_persians_read_them_in_persian() -> None:
    assert languages_in_a_row(["fa", "en"], "fa") == "فارسی و انگلیسی"


def test_b21_codes_of_languages_are_known_and_nothing_else() -> None:
    assert all(map(is_language, ("sv", "en", "fa", "ckb", "so", "no", "nb")))
    assert not any(map(is_language, ("", "xx", "SV", "en_GB", "und", "swedish")))
