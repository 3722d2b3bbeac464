"""What a person's name may hold: letters of any script and what names have, nothing else (CONTRACTS 2, Limits)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.names import normal_name

NAMES = [
    "Eva", "J", "Åsa-Märta", "O'Neil", "O’Neil", "D´Angelo", "Ngũgĩ wa Thiongʼo", "ʻIolani", "Strömberg-Öz", "Þórður",
    "Nguyễn Thị Mỹ Hạnh", "Łukasz", "Ștefan", "İbrahim", "Martin Luther, Jr.", "J. R. R. Tolkien", "J.R.R. Tolkien",
    "J.P. Berg", "A.B. Olsen", "Anna-Karin f. Ek", "S.A.M. de Vries", "J.P.", "J.Berg", "e.", "Dr. h.c. Ek",
    "م.رضایی", "Ж.П. Сартр",
    "Karl XVI", "Karl Ⅲ", "Anna 2", "St. John", "Mª Carmen", "Gal·la", "Ravi a/l Krishnan", "Anjali d/o Rajan",
    "-", ".", "Ελένη Παπαδοπούλου", "Наталія Ґонґадзе", "Дʼяченко", "ლუკა", "Անահիտ", "דוד בן־גוריון", "ג׳ורג׳", "صالح",
    "علی‌رضا", "نیلوفر کریمی", "مُحَمَّد", "عبدالـله", "ܐܦܪܝܡ", "ޢަލީ", "हरिवंश राय", "क्‍षितिज", "শ্রী র‍্যা", "ਗੁਰਪ੍ਰੀਤ", "જિગ્નેશ",
    "ଜଗନ୍ନାଥ", "தமிழ்ச்செல்வி", "లక్ష్మీ", "ಕೃಷ್ಣ", "അമ്മു", "ശ്രീ‌ജ", "ශ්‍රී", "สมชาย", "ສົມ", "བསྟན་འཛིན", "မောင်", "សុខ", "አበበ", "ᏍᏏᏉᏯ",
    "ᠪᠠᠲᠤ", "李", "山田 太郎", "ジョン・スミス", "葛󠄀城", "김", "이순신", "阮氏", "ⵎⵓⵃⵎⵎⴷ", "ꆈꌠ",
]  # fmt: skip

NO_NAMES = [
    "", " ", "\u200c", "…", "--", "123", "Eva\nLind", "Eva\rLind", "Eva\tLind", "Eva\x00", "Eva\x7f", "Eva\u2028Lind",
    "\u202eavE", "E\u202dva", "\u2066Eva\u2069",
    "E\u200bva", "\ufeffEva", "E\u2060va", "E\u00adva",
    "E\u200cva", "E\u200dva", "E\u034fva", "\u3164", "\u115f\u1160", "E\ufe0fva", "E\U000e0041va",
    "E\U000e0100va", "\U000e0100城葛", "\ud800",
    "Eva 😀", "Eva ☎", "Eva & Bo", "Eva <b>", "Eva_Lind", "Eva: hi", "Eva!", "Eva?", "Eva=1", "$va", "\ue000", "\u0378",
]  # fmt: skip

ADDRESSES = [
    "Hej go to http://evil.example", "HTTPS://evil", "www.evil.example", "evil.com", "see evil.com now", "evil.com/x",
    "t.co/xyz", "bit.ly/1", "//evil", "eva@example.org", "пример.рф", "भारत.भारत", "192.168.1.10", "evil.co.uk",
    "Eva.Lind", "t.co", "Go to t.co now", "t.co,", "t.co.", "x.com", "X.COM", "T.Co", "ж.com", "ж.рф", "www.x.com",
    "WWW.x", "a.b.com", "t.co.J",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_names_of_all_scripts_are_names_as_they_are_typed(name: str) -> None:
    assert normal_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("text", NO_NAMES)
def test_what_no_name_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="only letters"):
        normal_name(text)


@pytest.mark.parametrize("text", ADDRESSES)
def test_a_name_is_no_address_that_mail_programs_make_a_link_of(text: str) -> None:
    with pytest.raises(ValueError, match="cannot contain a web or email address"):
        normal_name(text)


def test_a_name_has_at_most_100_characters_as_it_is_kept() -> None:
    decomposed = "a\u030a" * 100
    assert normal_name(decomposed) == "å" * 100
    with pytest.raises(ValueError, match="at most 100"):
        normal_name("å" * 101)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Eva ", "Eva"),
        ("Eva\n", "Eva"),
        ("Eva  Maria", "Eva Maria"),
        ("Eva\u00a0Maria", "Eva Maria"),
        ("A\u030asa", "Åsa"),
        ("\u200fعلی\u200f", "علی"),
        ("\u200eEva\u200e \u061cLind", "Eva Lind"),
        ("علی‌", "علی"),
        ("علی‌ رضا", "علی رضا"),
    ],
)
def test_a_name_is_kept_composed_and_with_single_spaces(typed: str, kept: str) -> None:
    assert normal_name(typed) == kept


SCRIPTS = {
    "Latin": "aåäöüßæøđłğşñçżéõāőʻ", "Greek": "αβγδής", "Cyrillic": "абвгґіїйы", "Armenian": "աբգդ", "Georgian": "აბგდ",
    "Hebrew": "אבגדהוז", "Arabic": "ابپتثجچحخکگلمنهوی", "Syriac": "ܐܒܓܕ", "Thaana": "ހށނރ", "Devanagari": "अआकखगर",
    "Bengali": "অআকখর", "Tamil": "அஆகங", "Malayalam": "അആകഖ", "Sinhala": "අආකඛ", "Thai": "กขคง", "Lao": "ກຂຄງ",
    "Tibetan": "ཀཁགང", "Burmese": "ကခဂဃ", "Khmer": "កខគឃ", "Ethiopic": "ሀለሐመ", "Hangul": "가나다라",
    "Kana": "あいうアイウ", "Han": "王李张山田", "Tifinagh": "ⴰⴱⴳⴷ", "Cherokee": "ᎠᎡᎢᎣ", "Canadian": "ᐁᐂᐃᐄ",
}  # fmt: skip
MARKS = {
    "Devanagari": "ा\u093fी",
    "Bengali": "া\u09bfী",
    "Tamil": "ா\u0bbfீ",
    "Thai": "ิีึ",
    "Arabic": "\u064e\u064f\u0650",
    "Hebrew": "\u05b0\u05b1",
}


@st.composite
def names(draw: st.DrawFn) -> str:
    """Return a name of one to four parts, each of letters of one script with marks where it has some."""
    script = draw(st.sampled_from(sorted(SCRIPTS)))
    letter = st.sampled_from(SCRIPTS[script])
    mark = st.sampled_from(["", *MARKS.get(script, "")])
    part = st.lists(st.tuples(letter, mark).map("".join), min_size=1, max_size=6).map("".join)
    parts = draw(st.lists(part, min_size=1, max_size=4))
    between = draw(st.lists(st.sampled_from([" ", "-", "'", "’", ". ", "־"]), min_size=3, max_size=3))
    return "".join(part + gap for part, gap in zip(parts, [*between, ""], strict=False)).strip(" -'’.־")


@given(names())
def test_a_name_made_of_any_scripts_letters_passes(name: str) -> None:
    assert normal_name(name) == unicodedata.normalize("NFC", name)


@given(st.text(max_size=60) | st.text(alphabet="aé.لی \u200c\u200d\u202e\u200b/@\n-'", max_size=12))
def test_whatever_passes_is_one_line_without_hidden_signs_and_stays_as_it_is(text: str) -> None:
    try:
        name = normal_name(text)
    except ValueError:
        return
    assert 1 <= len(name) <= 100
    assert unicodedata.is_normalized("NFC", name)
    assert not {unicodedata.category(sign) for sign in name} & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert {sign for sign in name if unicodedata.category(sign) == "Cf"} <= {"\u200c", "\u200d", "\u180e"}
    assert normal_name(name) == name
