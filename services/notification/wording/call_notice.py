"""The built-in messages that call a patient in to book, or let them in by a code (PRODUCT R2, M2, B14)."""

from collections.abc import Iterator
from datetime import timedelta

from services.notification.wording.facts import Facts
from services.notification.wording.notice import (
    LOCALES,
    Notice,
    Translate,
    action,
    filled,
    greeting,
    joined,
    left_to_right,
    line,
    opening,
    signature,
    way,
)
from services.notification.wording.short import Brief
from shared.clinic.times.weeks import sunday_of
from shared.texts.language import format_number, format_short_date, translations


def need_notice(facts: Facts) -> Notice:
    """Return the built-in message to a patient who is to book a time by themselves, by link or code."""
    _ = translations(LOCALES, facts.language).gettext
    headline = _("It is time to book an appointment.")
    rows = filled(_need_rows(_, facts))
    onward = action(_("Choose a time"), facts.link, facts)
    return Notice(
        subject=_("It is time to book an appointment at %(clinic)s") % {"clinic": facts.clinic},
        greeting=greeting(_, facts),
        headline=headline,
        rows=rows,
        lines=tuple(line(*row, facts) for row in rows),
        brief=(opening(headline, facts), *_need_brief(_, facts), *way(onward, facts, rank=4)),
        paragraphs=(facts.info,) if facts.info else (),
        action=onward,
        signature=signature(facts),
        otherwise=way_by_code(_, facts),
    )


def code_notice(facts: Facts) -> Notice:
    """Return the built-in message with a login code (PRODUCT B14)."""
    _ = translations(LOCALES, facts.language).gettext
    headline = _("Your code is %(code)s.") % {"code": facts.code}
    advice = _("It is valid for 10 minutes. Do not share it with anyone.")
    return Notice(
        subject=_("Your code for %(clinic)s") % {"clinic": facts.clinic},
        greeting="",
        headline=headline,
        rows=(),
        lines=(),
        brief=(opening(headline, facts), Brief(advice, 1)),
        paragraphs=(advice,),
        action=None,
        signature=signature(facts),
    )


def way_by_code(_: Translate, facts: Facts) -> str:
    """Return how a recall is opened without its link; empty where there is no code, or nothing that it opens."""
    if not facts.code or not facts.link:
        return ""
    return _("If the link does not work, open %(page)s and enter the code %(code)s.") % {
        "page": facts.recall_page,
        "code": left_to_right(facts.code, facts),
    }


def _need_rows(_: Translate, facts: Facts) -> Iterator[tuple[str, str]]:
    yield _("Appointment"), facts.type
    yield _("With"), joined(facts, facts.practitioner, facts.practitioner_title)
    yield _("Length"), facts.length
    yield _("When"), _week(_, facts)
    yield _("Book by"), facts.last_day
    yield _("Location"), joined(facts, facts.clinic, facts.address)
    yield _("Telephone"), left_to_right(facts.phone, facts)
    yield _("Price"), facts.price


def _need_brief(_: Translate, facts: Facts) -> Iterator[Brief]:
    yield Brief(facts.type, 1)
    yield Brief(facts.practitioner, 5)
    yield Brief(_week(_, facts), 6)
    yield Brief(line(_("Book by"), facts.last_day, facts) if facts.last_day else "", 2)
    yield Brief(left_to_right(facts.phone, facts), 7)
    yield Brief(line(_("Code"), left_to_right(facts.code, facts), facts) if facts.code else "", 3)


def _week(_: Translate, facts: Facts) -> str:
    """Return the need's week by its number and its days, which say more where weeks begin on Saturday."""
    sunday = sunday_of(facts.week)
    return _("week %(number)s, %(first)s – %(last)s") % {
        "number": format_number(int(facts.week[-2:]), facts.language),
        "first": format_short_date(sunday - timedelta(days=6), facts.language),
        "last": format_short_date(sunday, facts.language),
    }
