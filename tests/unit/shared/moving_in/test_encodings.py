"""In which encoding a file is written, told by its bytes (PRODUCT C14)."""

import pytest

from shared.moving_in.encodings import ENCODINGS, text_of
from shared.moving_in.unreadable import Unreadable

SWEDISH = "Personnummer;Förnamn;Efternamn\r\n191212121212;Åsa;Öberg\r\n191212121212;Anna;Berg\r\n"
DANISH = "CPR;Fornavn;Efternavn\r\n2512489996;Søren;Ærøgård\r\n2512489996;Mads;Krogh\r\n"
FRENCH = "No AVS;Prénom;Nom\r\n756.9217.0769.85;Hélène;Noël\r\n756.9217.0769.85;Marc;Favre\r\n"
PERSIAN = "کد ملي,نام,نام خانوادگي\r\n9990000001,علي,رضايي\r\n9990000001,مريم,پژمان\r\n"


@pytest.mark.parametrize("text", [SWEDISH, DANISH, FRENCH], ids=["sv", "da", "fr"])
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("windows-1252", "windows-1252"),
        ("iso-8859-1", "windows-1252"),
        ("macroman", "macroman"),
    ],
)
def test_c14_latin_lists_of_names_are_told(text: str, written: str, told: str) -> None:
    assert text_of(text.encode(written)) == (text, told)


@pytest.mark.parametrize(("written", "told"), [("utf-8", "utf-8"), ("utf-16", "utf-16"), ("cp1256", "windows-1256")])
def test_c14_persian_ones_are_too(written: str, told: str) -> None:
    assert text_of(PERSIAN.encode(written)) == (PERSIAN, told)


def test_c14_the_choice_can_be_another() -> None:
    content = "Name\r\nŠimek\r\n".encode("iso-8859-15")
    assert text_of(content, "iso-8859-15").text == "Name\r\nŠimek\r\n"
    assert text_of(content, "iso-8859-1").text == "Name\r\n¦imek\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp037", "nothing"])
def test_c14_a_choice_that_the_file_is_not_written_in_is_refused(encoding: str) -> None:
    with pytest.raises(Unreadable, match="Choose another one"):
        text_of("Förnamn\r\nÅsa\r\n".encode("windows-1252") + b"\xdc", encoding)


@pytest.mark.parametrize("content", [b"a;b\0;c\r\n1;2;3\r\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_c14_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="not a text"):
        text_of(content)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_c14_every_choice_reads_plain_letters(encoding: str) -> None:
    assert text_of("Name;Mobile".encode(encoding), encoding).text == "Name;Mobile"
