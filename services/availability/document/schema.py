"""Every key of the clinic document: its kind, its limits and its default (CONTRACTS 1).

Read the tables beside the contract: they follow its order. What several keys must be together is in `checks`.
"""

from typing import Any

from services.availability.document import times as t
from services.availability.document import values as v
from services.availability.document.shape import (
    Either,
    Key,
    Localized,
    Many,
    Mapped,
    Moment,
    One,
    Section,
    Shape,
    Worded,
)
from shared.clinic import retention
from shared.clinic.message_keys import CHANGES, CHANNELS, EMAIL, MESSAGES
from shared.clinic.telling.privacy import BRIEF, FULL
from shared.clinic.times.wall_clock import MINUTES_OF_DAY
from shared.clinic.times.weeks import WEEKDAYS
from shared.identity.numbers import NONE, SCHEMES
from shared.texts.language import LANGUAGES

ABSENCES_AT_MOST = 5000
LONGEST_APPOINTMENT = MINUTES_OF_DAY
LONGEST_BUFFER = MINUTES_OF_DAY
ADULT = 24
"""From this age on somebody is no child to dentists: what forms propose as the age filter (PRODUCT B8, frenda)."""
GRIDS = ("1m", "3m", "5m", "15m")


def _one(reader: v.Reader, default: Any = None, *, required: bool = False) -> Key:
    return Key(One(reader), default, required)


def _section(keys: dict[str, Key]) -> Key:
    return Key(Section(keys), {})


def _many(item: Shape, *, most: int = 1000, unique: bool = False, ordered: bool = False) -> Key:
    return Key(Many(item, most=most, unique=unique, ordered=ordered), [])


def _keys_of(section: str) -> Key:
    return _many(One(v.key_of(section)), most=500, unique=True)


NAME = v.text(100)
CONTACT = {
    "phone": _one(v.phone),
    "email": _one(v.email),
    "address": _one(v.text(300, lines=True)),
    "website": _one(v.web_address("https", "http")),
}
DEADLINE = t.elapsed_or_days(0)
HOLIDAYS = {
    "closed": _one(v.flag, True),
    "shown": _one(v.flag, True),
    "open_dates": _many(One(t.day), unique=True),
    "closed_dates": _many(One(t.day), unique=True),
}
TRACKING = {"visit": _one(v.web_address("https")), "completed": _one(v.web_address("https"))}
BOOKING = {
    "active": _one(v.flag, False),
    "new": _one(v.flag, True),
    "rebook": _one(v.flag, True),
    "cancel": _one(v.flag, True),
    "without_login": _one(v.flag, True),
    "new_patients": _one(v.flag, True),
    "changeable": Key(Many(One(v.choice("web", "recall", "staff", "api")), unique=True), ["web", "recall"]),
    "first_date": _one(t.day),
    "last_date": _one(t.day),
    "opens_at": Key(Moment()),
    "closes_at": Key(Moment()),
    "horizon": _one(t.days(0, 3660)),
    "days_after_today": _one(v.whole(0, 3660)),
    "notice": _one(t.elapsed(0, 366 * MINUTES_OF_DAY), "0m"),
    "rebook_deadline": _one(DEADLINE, "24h"),
    "cancel_deadline": _one(DEADLINE, "24h"),
    "hold": _one(t.elapsed(1, MINUTES_OF_DAY), "10m"),
    "few": _one(v.whole(0, 1000), 3),
    "calendar": _one(v.choice("week", "month"), "week"),
    "holidays": _section(HOLIDAYS),
    "tracking": _section(TRACKING),
    "embed_origins": _many(One(v.origin), most=100, unique=True),
}
_ASKED = v.choice("required", "optional", "hidden")
DETAILS = {
    "name": _one(_ASKED, "required"),
    "mobile": _one(_ASKED, "required"),
    "email": _one(_ASKED, "optional"),
    "message": _one(_ASKED, "optional"),
}
_CHANNEL_LIST = Many(One(v.choice(*CHANNELS)), unique=True)
CHANNEL_KEYS = {
    **{event: Key(_CHANNEL_LIST, list(CHANNELS)) for event in CHANGES},
    "practitioner": Key(_CHANNEL_LIST, [EMAIL]),
}
TWO_STEP = {
    "patients": _one(v.flag, False),
    "staff": _one(v.choice("off", "optional", "required"), "optional"),
}
PRIVACY = {
    "practitioner": _one(v.choice(FULL, BRIEF), FULL),
    "sms_type": _one(v.flag, True),
}
_PERIOD = t.days(retention.SHORTEST, retention.LONGEST)
RETENTION = {
    retention.MESSAGES: _one(_PERIOD),
    retention.BOOKINGS: _one(_PERIOD),
    retention.ACCESS_LOG: _one(_PERIOD, retention.FIVE_YEARS),
    retention.WATCH_LIST: _one(_PERIOD),
    retention.NEEDS: _one(_PERIOD),
    retention.PATIENTS: _one(t.days(retention.SHORTEST_OF_PATIENTS, retention.LONGEST)),
}
LOOK = {"logo": _one(v.key), "accent": _one(v.accent)}
TEXTS = {step: Key(Localized(5000)) for step in ("page", "choose", "details", "review", "confirmation")}
FIELD = {
    "key": _one(v.key, required=True),
    "kind": _one(v.choice("text", "long_text", "number", "choice", "yes_no", "date"), required=True),
    "label": Key(Localized(200), required=True),
    "choices": _many(Worded(NAME, Localized(100, lines=False)), most=100, unique=True, ordered=True),
    "required": _one(v.flag, False),
    "types": _keys_of("types"),
}
PRACTITIONER = {
    "key": _one(v.key, required=True),
    "name": _one(NAME, required=True),
    "title": Key(Localized(100, lines=False)),
    "email": _one(v.email),
    "phone": _one(v.phone),
    "colour": _one(v.colour),
    "picture": _one(v.key),
    "about": Key(Localized(300)),
    "languages": _many(One(v.spoken_language), most=20, unique=True),
    "online": _one(v.flag, True),
    "new_patients": _one(v.flag, True),
}
RESOURCE = {
    "key": _one(v.key, required=True),
    "name": _one(NAME, required=True),
    "pool": _one(v.key),
}
BLOCK_KIND = {
    "key": _one(v.key, required=True),
    "name": _one(NAME, required=True),
    "online": _one(v.flag, False),
    "colour": _one(v.colour),
}
SLOTS = {
    "mode": _one(v.choice("fixed", "flexible", "spaced"), "fixed"),
    "step": _one(t.elapsed(0, MINUTES_OF_DAY), "15m"),
    "end": _one(v.choice("fit", "start_before_end")),
}
NEEDS = {
    "controlled": _one(v.flag, False),
    "choose_practitioner": _one(v.flag, False),
    "days_after_week": _one(v.whole(0, 3660)),
    "without": _keys_of("practitioners"),
}
_USED = v.key_of("pools", "resources")
_LENGTH = t.elapsed(1, LONGEST_APPOINTMENT)
_BUFFER = t.elapsed(0, LONGEST_BUFFER)
TYPE = {
    "key": _one(v.key, required=True),
    "name": _one(NAME, required=True),
    "alias": Key(Localized(100, lines=False)),
    "description": Key(Localized(500)),
    "info": Key(Localized(5000)),
    "bring": Key(Localized(500)),
    "price": _one(v.money),
    "colour": _one(v.colour),
    "length": _one(_LENGTH, required=True),
    "lengths": Key(Mapped(v.key_of("practitioners"), One(_LENGTH)), {}),
    "online": _one(v.flag, True),
    "practitioners": _keys_of("practitioners"),
    "uses": _many(Either(One(_USED), Many(One(v.key_of("resources")), least=1, unique=True)), most=20),
    "buffer_before": _one(_BUFFER, "0m"),
    "buffer_after": _one(_BUFFER, "0m"),
    "slots": _section(SLOTS),
    "blocks": _keys_of("block_kinds"),
    "min_age": _one(v.whole(0, 150, usual=ADULT)),
    "needs": _section(NEEDS),
    "days_after_today": _one(v.whole(0, 3660)),
    "rebook_deadline": _one(DEADLINE),
    "cancel_deadline": _one(DEADLINE),
}
BLOCK = {
    "kind": _one(v.key_of("block_kinds"), required=True),
    "from": _one(t.time_of_day, required=True),
    "to": _one(t.end_of_range, required=True),
    "step": _one(t.elapsed(1, MINUTES_OF_DAY)),
}
_BLOCKS = _many(Section(BLOCK), most=200)
TEMPLATE = {
    "key": _one(v.key, required=True),
    "week": _section(dict.fromkeys(WEEKDAYS, _BLOCKS)),
}
PLAN = {
    "practitioner": _one(v.key_of("practitioners")),
    "template": _one(v.key_of("templates"), required=True),
    "from": _one(t.day),
    "to": _one(t.day),
    "weeks": _one(v.choice("all", "odd", "even"), "all"),
}
ONE_OFF_DAY = {
    "practitioner": _one(v.key_of("practitioners")),
    "date": _one(t.day, required=True),
    "blocks": _BLOCKS,
}
_DAY_OR_MOMENT = Key(Moment(whole_days=t.day), required=True)
ABSENCE = {
    "id": _one(v.key),
    "practitioner": _one(v.key_of("practitioners")),
    "resource": _one(v.key_of("resources")),
    "from": _DAY_OR_MOMENT,
    "to": _DAY_OR_MOMENT,
    "reason": _one(v.text(500, lines=True)),
}
REMINDER = {
    "before": _one(t.elapsed_or_days(1), required=True),
    "channel": _one(v.choice(*CHANNELS), required=True),
}
QUIET_HOURS = {"from": _one(t.time_of_day, required=True), "to": _one(t.time_of_day, required=True)}
EMAIL_TEXTS = {
    "subject": Key(Localized(300, lines=False)),
    "text": Key(Localized(20000)),
    "html": Key(Localized(50000)),
}
MESSAGE = {"sms": Key(Localized(1600)), "email": Key(Section(EMAIL_TEXTS))}

CLINIC = Section(
    {
        "clinic": _one(v.clinic_key, required=True),
        "name": _one(NAME, required=True),
        "time_zone": _one(t.zone_name, required=True),
        "country": _one(v.code(2, "NO")),
        "region": _one(v.text(40)),
        "languages": Key(Many(One(v.choice(*LANGUAGES)), least=1, unique=True, ordered=True), ["en"]),
        "currency": _one(v.code(3, "NOK")),
        "contact": _section(CONTACT),
        "identity": _one(v.choice(*SCHEMES), NONE),
        "grid": _one(v.choice(*GRIDS), "5m"),
        "booking": _section(BOOKING),
        "details": _section(DETAILS),
        "channels": _section(CHANNEL_KEYS),
        "privacy": Key(Section(PRIVACY)),
        "two_step": _section(TWO_STEP),
        "look": Key(Section(LOOK)),
        "texts": _section(TEXTS),
        "fields": _many(Section(FIELD), most=100, ordered=True),
        "practitioners": Key(Many(Section(PRACTITIONER), most=500, ordered=True), required=True),
        "resources": _many(Section(RESOURCE), ordered=True),
        "block_kinds": _many(Section(BLOCK_KIND), most=200),
        "types": Key(Many(Section(TYPE), least=1, most=500, ordered=True), required=True),
        "templates": _many(Section(TEMPLATE)),
        "plans": _many(Section(PLAN), most=5000),
        "days": _many(Section(ONE_OFF_DAY), most=5000),
        "absences": _many(Section(ABSENCE), most=ABSENCES_AT_MOST),
        "reminders": _many(Section(REMINDER), most=20),
        "sms_countries": Key(Many(One(v.code(2, "NO")), least=1, unique=True)),
        "quiet_hours": Key(Section(QUIET_HOURS)),
        "messages": Key(Mapped(v.choice(*MESSAGES), Section(MESSAGE)), {}),
        "retention": _section(RETENTION),
    }
)
