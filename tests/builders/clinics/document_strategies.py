"""Random clinic documents without mistakes, as people might write them."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

KEYS = st.lists(st.sampled_from(["anna", "b", "x-1", "Room_2", "0"]), min_size=1, max_size=3, unique=True)
SIGNS = st.characters(exclude_categories=("Cc", "Cf", "Cs"), include_characters="\u200c\u200d\u200e\u200f")
LINE = st.sampled_from(["no", "08:00", "Röntgen", "ویزیت"]) | st.text(SIGNS, min_size=1, max_size=9).filter(str.strip)
TEXT = st.sampled_from(["on", "a\n\n b \n"]) | LINE
TEMPLATE = st.sampled_from(["{{ link }}", "{% if booking.message %}{{ booking.message }}{% endif %}"]) | TEXT.filter(
    lambda text: "{" not in text
)
DATES = st.dates(date(2026, 1, 1), date(2027, 12, 31))
DEADLINES = st.sampled_from(["0m", "24h", "1h15m", "2d", "0d", "90m"])
LANGUAGES = st.lists(st.sampled_from(["en", "sv", "nb", "da", "fr", "fa"]), min_size=1, max_size=3, unique=True)


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _localized(languages: list[str], text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.none() | text | st.dictionaries(st.sampled_from(languages), text)


@st.composite
def _blocks(draw: st.DrawFn, kinds: list[str]) -> list[dict[str, Any]]:
    cuts = sorted(draw(st.lists(st.integers(0, 96), max_size=6, unique=True)))
    times = [f"{cut // 4:02}:{cut % 4 * 15:02}" for cut in cuts]
    return [
        {"kind": draw(st.sampled_from(kinds)), "from": start, "to": end, "step": draw(st.none() | st.just("15m"))}
        for start, end in zip(times[::2], times[1::2], strict=False)
    ]


@st.composite
def _absence(draw: st.DrawFn, people: list[str], rooms: list[str]) -> dict[str, Any]:
    start, length = draw(DATES), draw(st.integers(0, 40))
    whole = draw(st.booleans())
    end = start + timedelta(days=length if whole else length + 1)
    whose = draw(st.sampled_from([{}, {"practitioner": people[0]}, {"resource": rooms[0]}]))
    clock = "" if whole else draw(st.sampled_from(["T00:00", "T08:07", "T23:59"]))
    return {**whose, "from": f"{start}{clock}", "to": f"{end}{clock}", "reason": draw(_maybe(TEXT))}


@st.composite
def _type(draw: st.DrawFn, key: str, people: list[str], rooms: list[str], languages: list[str]) -> dict[str, Any]:
    named = draw(st.lists(st.sampled_from(people), unique=True))
    return {
        "key": key,
        "name": draw(LINE),
        "alias": draw(_localized(languages, LINE)),
        "description": draw(_localized(languages, TEXT)),
        "bring": draw(_localized(languages, TEXT)),
        "price": draw(st.sampled_from(["0", "995", "995.00", 120])),
        "length": draw(st.sampled_from(["15m", "30m", "1h15m", "24h"])),
        "lengths": dict.fromkeys(named, "45m"),
        "practitioners": named,
        "uses": draw(st.sampled_from([[], ["pool"], [rooms[:1]], [rooms]])),
        "slots": {"mode": draw(st.sampled_from(["fixed", "flexible", "spaced"])), "step": "15m"},
        "rebook_deadline": draw(_maybe(DEADLINES)),
    }


@st.composite
def written_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a document with random people, rooms, types, weeks, plans, days and absences, and random texts."""
    languages, people, rooms, kinds, types = draw(LANGUAGES), draw(KEYS), draw(KEYS), draw(KEYS), draw(KEYS)
    free_days = draw(st.lists(DATES, max_size=3, unique=True))
    return {
        "clinic": draw(st.sampled_from(["solna", "a", "x-1"])),
        "name": draw(LINE),
        "time_zone": draw(st.sampled_from(["Europe/Stockholm", "Asia/Tehran", "UTC"])),
        "languages": languages,
        "currency": "SEK",
        "booking": {
            "active": draw(st.booleans()),
            "rebook_deadline": draw(DEADLINES),
            "horizon": draw(_maybe(st.just("90d"))),
            "first_date": draw(_maybe(DATES.map(str))),
            "few": draw(st.integers(0, 9)),
        },
        "look": draw(_maybe(st.just({"logo": "logo", "accent": "#0b6b6b"}))),
        "texts": {"page": draw(_localized(languages, TEXT))},
        "practitioners": [
            {
                "key": key,
                "name": draw(LINE),
                "title": draw(_localized(languages, LINE)),
                "picture": draw(_maybe(st.just(key))),
                "about": draw(_localized(languages, TEXT)),
                "languages": draw(st.lists(st.sampled_from(["sv", "en", "ar", "no"]), unique=True)),
            }
            for key in people
        ],
        "resources": [{"key": key, "name": draw(LINE), "pool": "pool"} for key in rooms],
        "block_kinds": [{"key": key, "name": draw(LINE), "online": draw(st.booleans())} for key in kinds],
        "types": [draw(_type(key, people, rooms, languages)) for key in types],
        "templates": [{"key": "week", "week": {"mon": draw(_blocks(kinds)), "sun": draw(_blocks(kinds))}}],
        "plans": [{"practitioner": key, "template": "week", "weeks": "odd"} for key in people],
        "days": [{"practitioner": people[0], "date": str(day), "blocks": draw(_blocks(kinds))} for day in free_days],
        "absences": draw(st.lists(_absence(people, rooms), max_size=4)),
        "messages": {"booked": {"sms": draw(_localized(languages, TEMPLATE))}},
    }
