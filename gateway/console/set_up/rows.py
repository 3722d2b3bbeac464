"""How an item of the set-up is told in a list: by its name, and what else is short enough."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gateway.console.set_up.form.around import Around
from gateway.http.wording import N_
from gateway.views.own_texts import OwnTexts
from shared.clinic.times.durations import parse_minutes
from shared.texts.language import format_date, format_length, format_price

_NOT_ONLINE = N_("not online")


def row_of(item: Mapping[str, Any], section: str, around: Around) -> Sequence[str]:
    """Return what stands in an item's row, its name first."""
    own = OwnTexts(around.language, around.document["languages"][0])
    if section == "plans":
        return [_who(item, section, around), item["template"], _span(item, around), _weeks(item, around)]
    if section == "days":
        return [f"{_day(item['date'], around)}", _who(item, section, around)]
    name = own(item.get("name") or item.get("label")) or item["key"]
    return [name, *filter(None, _OTHERS.get(section, _nothing)(item, around))]


def _nothing(_item: Mapping[str, Any], _around: Around) -> Sequence[str]:
    return ()


def _type(item: Mapping[str, Any], around: Around) -> Sequence[str | None]:
    own = OwnTexts(around.language, around.document["languages"][0])
    price = item["price"] and format_price(item["price"], around.document["currency"] or "", around.language)
    online = None if item["online"] else around.words.say(_NOT_ONLINE)
    return own(item["alias"]), format_length(parse_minutes(item["length"]), around.language), price, online


def _practitioner(item: Mapping[str, Any], around: Around) -> Sequence[str | None]:
    own = OwnTexts(around.language, around.document["languages"][0])
    new = around.words.label("practitioners.new_patients") if item["new_patients"] else None
    return own(item["title"]), _online(item, "practitioners", around), new


def _resource(item: Mapping[str, Any], _around: Around) -> Sequence[str | None]:
    return (item["pool"],)


def _kind(item: Mapping[str, Any], around: Around) -> Sequence[str | None]:
    return (_online(item, "block_kinds", around),)


def _online(item: Mapping[str, Any], section: str, around: Around) -> str:
    return around.words.label(f"{section}.online") if item["online"] else around.words.say(_NOT_ONLINE)


_OTHERS = {"types": _type, "practitioners": _practitioner, "resources": _resource, "block_kinds": _kind}


def _who(item: Mapping[str, Any], section: str, around: Around) -> str:
    named = dict(around.named(["practitioners"]))
    key = item["practitioner"]
    return around.words.nothing(f"{section}.practitioner") if key is None else named.get(key, key)


def _span(item: Mapping[str, Any], around: Around) -> str:
    return " – ".join(_day(item[end], around) if item[end] else "…" for end in ("from", "to"))


def _weeks(item: Mapping[str, Any], around: Around) -> str:
    return around.words.choice("plans.weeks", item["weeks"])


def _day(written: str, around: Around) -> str:
    return format_date(date.fromisoformat(written), around.language)
