"""A clinic's hours in one sentence, as people of six languages type it (issue 14)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.console.new_clinic.hours import NoHours, hours_of, in_words, read
from shared.clinic.times.weeks import WEEKDAYS
from shared.texts.language import LANGUAGES

WORKING = ("mon", "tue", "wed", "thu", "fri")
USUAL = hours_of(WORKING, ("08:00", "12:00"), ("13:00", "17:00"))
MORNING, AFTERNOON = ("08:00", "12:00"), ("13:00", "17:00")

spans = st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(
    lambda cells: [(clock(start), clock(end)) for start, end in zip(*[iter(sorted(cells))] * 2, strict=False)]
)
weeks = st.dictionaries(st.sampled_from(WEEKDAYS), spans, min_size=1)


def clock(cell: int) -> str:
    return f"{cell // 4:02}:{cell % 4 * 15:02}"


def tidy(week: object) -> dict[str, list[tuple[str, str]]]:
    return {day: [*map(tuple, hours)] for day, hours in dict(week).items()}  # type: ignore[call-overload]


@pytest.mark.parametrize("language", LANGUAGES)
@given(week=weeks)
def test_what_is_written_of_a_week_is_read_as_that_week_again(
    language: str, week: dict[str, list[tuple[str, str]]]
) -> None:
    assert tidy(read(in_words(week, language), [language], USUAL)) == tidy(week)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Mon–Fri 8–12, 13–17"),
        ("en", "Monday to Friday from 8:00 to 12:00 and 13.00-17.00"),
        ("sv", "mån-fre kl. 8-12 och 13-17"),
        ("nb", "Mandag til fredag 08.00–12.00, 13–17"),
        ("nb", "8-12, 13-17"),
        ("da", "man-fre kl. 8-12 og 13-17"),
        ("da", "mandag, tirsdag, onsdag og torsdag 8-12, 13-17; fredag 8–12 og 13–17"),
        ("fr", "du lundi au vendredi de 8h à 12h et de 13h à 17h"),
        ("fr", "lu-ve 8h00-12h00 / 13h-17h"),
        ("fa", "دوشنبه تا جمعه ۸ تا ۱۲ و ۱۳ تا ۱۷"),
        ("fa", "دو شنبه تا جمعه ۸:۰۰ تا ۱۲:۰۰، ۱۳ تا ۱۷"),
    ],
)
def test_people_write_their_hours_in_many_ways(language: str, text: str) -> None:
    assert tidy(read(text, [language, "en"], USUAL)) == tidy(hours_of(WORKING, MORNING, AFTERNOON))


def test_days_follow_each_other_in_the_order_of_the_language() -> None:
    assert [*read("شنبه تا دوشنبه ۹ تا ۱۳", ["fa"], USUAL)] == ["mon", "sat", "sun"]
    assert [*read("fri–mon 9–13", ["en"], USUAL)] == ["mon", "fri", "sat", "sun"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Mon–Fri 8am–5pm", "“{word}” is not understood"),
        ("m 8-12", "“{word}” is not understood"),
        ("Mon–Fri 8", "from when to when"),
        ("Mon–Fri", "from when to when"),
        ("", "from when to when"),
        ("8 12", "from when to when"),
        ("8-12-13", "from when to when"),
        ("-8 12", "from when to when"),
        ("Mon 12–8", "ends before"),
        ("Mon 8–12, 11–13", "overlaps"),
        ("Mon–Wed 8–12; Tue 9–10", "overlaps"),
        ("Mon 8–25", "no time of day"),
        ("Mon 8:70–9", "no time of day"),
        ("Mon 800–1200", "no time of day"),
    ],
)
def test_what_cannot_be_read_is_told_with_an_example(text: str, says: str) -> None:
    with pytest.raises(NoHours) as told:
        read(text, ["en"], USUAL)
    assert says in told.value.text
    if "{example}" in told.value.text:
        assert tidy(read(told.value.values["example"], ["en"], USUAL)) == tidy(USUAL)


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_answered(text: str) -> None:
    try:
        week = read(text, ["fa", "en"], USUAL)
    except NoHours:
        return
    assert all(start < end for hours in week.values() for start, end in hours)
