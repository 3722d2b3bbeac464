"""The confirmation and the link's page are the appointment's home: calendar, way, price, reminder (PRODUCT B2, M1)."""

import html
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.builders.gateway.clinics import DOCUMENT, main_of, open_clinic
from tests.builders.gateway.links import LINK, open_link
from tests.builders.gateway.visits import confirm
from tests.builders.gateway.world import World


def asked_of(page: str, host: str) -> dict[str, str]:
    """Return what a link to another calendar hands over."""
    (address,) = [
        html.unescape(part.split('"')[0]) for part in page.split('href="') if part.startswith(f"https://{host}/")
    ]
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_appointment_goes_into_google_and_outlook_by_address(world: World) -> None:
    open_clinic(world)
    page = main_of(confirm(world))
    google, outlook = asked_of(page, "calendar.google.com"), asked_of(page, "outlook.live.com")
    assert google["dates"] == "20261201T130000Z/20261201T134500Z"
    assert (outlook["startdt"], outlook["enddt"]) == ("2026-12-01T13:00:00Z", "2026-12-01T13:45:00Z")
    for told in (google["text"], outlook["subject"]):
        assert told == "Examination, Solna Tandv\u00e5rd"
    for told in (google["details"], outlook["body"]):
        assert "Bring your identity card." in told
        assert "Anna Berg" in told
        assert "/m/" not in told


def test_b21_an_entry_says_in_the_readers_language_what_to_bring(world: World) -> None:
    open_clinic(world, types=[{**DOCUMENT["types"][0], "bring": {"en": "X-rays", "sv": "Röntgenbilder"}}])
    for language, line in (
        ("en", "Please bring: X-rays"),
        ("sv", "Ta med: Röntgenbilder"),
        ("fr", "À apporter\u00a0: X-rays"),
    ):
        page = main_of(confirm(world, lang=language))
        assert line in asked_of(page, "calendar.google.com")["details"]


def test_the_confirmation_gives_the_calendar_file_the_way_and_the_telephone(world: World) -> None:
    open_clinic(world)
    page = main_of(confirm(world))
    for way in (
        "/m/7K3M9QX2VTsecret/calendar.ics",
        "https://www.openstreetmap.org/search?query=Storgatan",
        "tel:+4681234567",
    ):
        assert f'href="{way}' in page


@pytest.mark.parametrize(
    ("before", "day"), [("24h", "Monday 30 November"), ("2d", "Sunday 29 November"), ("240h", None)]
)
def test_the_confirmation_says_when_the_reminder_comes_n3(world: World, before: str, day: str | None) -> None:
    """One whose day is over does not come."""
    open_clinic(world, reminders=[{"before": before, "channel": "sms"}])
    page = main_of(confirm(world))
    assert ("We will remind you by text message" in page) is (day is not None)
    assert day is None or f"by text message on {day}, unless you have opted out." in page


def test_no_day_is_promised_to_whom_no_reminder_goes_n3(world: World) -> None:
    open_clinic(world, reminders=[{"before": "24h", "channel": "email"}])
    assert "remind you" not in main_of(confirm(world))


@pytest.mark.parametrize(
    ("start", "quiet_hours", "day"),
    [
        ("2026-12-01T08:00:00+01:00", None, "Monday 30 November"),
        ("2026-12-01T07:30:00+01:00", None, "Sunday 29 November"),
        ("2026-12-01T07:30:00+01:00", {"from": "22:00", "to": "07:00"}, "Monday 30 November"),
        ("2026-12-01T14:00:00+01:00", {"from": "10:00", "to": "15:00"}, "Monday 30 November"),
        ("2026-12-01T06:30:00+01:00", {"from": "22:00", "to": "07:00"}, "Sunday 29 November"),
    ],
)
def test_the_day_of_a_reminder_is_that_on_which_it_goes_out_before_quiet_hours_n3(
    world: World, start: str, quiet_hours: dict[str, str] | None, day: str
) -> None:
    """A clinic that says nothing of them has them from 21:00 to 08:00."""
    open_link(world, start=start)
    opened = world.booking.answers["open_link"]
    open_clinic(world, reminders=[{"before": "24h", "channel": "sms"}], quiet_hours=quiet_hours)
    world.booking.answers["open_link"] = opened
    assert f"by text message on {day}, unless you have opted out." in main_of(
        world.get(LINK, headers={"Accept-Language": "en"})
    )


@pytest.mark.parametrize(
    ("reached_by", "booking", "says"),
    [
        (
            ["sms", "email"],
            {},
            [
                "by text message on Monday 30 November, unless",
                "by email on Sunday 29 November, unless",
            ],
        ),
        (["sms", "email"], {"sms_reminder": False}, ["by email on Sunday 29 November, unless"]),
        (["sms"], {}, ["by text message on Monday 30 November, unless"]),
        ([], {}, []),
        (["sms"], {"status": "cancelled"}, []),
        (["sms"], {"invited": True}, []),
    ],
)
def test_the_links_page_says_when_the_reminder_comes_to_whom_one_goes_n3(
    world: World, reached_by: list[str], booking: dict[str, Any], says: list[str]
) -> None:
    reminders = [{"before": "24h", "channel": "sms"}, {"before": "2d", "channel": "email"}]
    open_link(world, **booking)
    opened = {**world.booking.answers["open_link"], "reached_by": reached_by}
    open_clinic(world, reminders=reminders)
    world.booking.answers["open_link"] = opened
    page = main_of(world.get(LINK, headers={"Accept-Language": "en"}))
    assert page.count("We will remind you") == len(says)
    for sentence in says:
        assert sentence in page


def test_the_links_page_of_a_service_of_the_version_before_promises_no_reminder(world: World) -> None:
    open_link(world)
    del world.booking.answers["open_link"]["reached_by"]
    assert "remind you" not in main_of(world.get(LINK, headers={"Accept-Language": "en"}))


def test_the_links_page_tells_price_and_info_as_the_confirmation_does_m1(world: World) -> None:
    open_link(world)
    page = main_of(world.get(LINK, headers={"Accept-Language": "en"}))
    for told in ("SEK\u00a0995", "Bring your identity card.", "calendar.google.com"):
        assert told in page
    assert "/m/" not in asked_of(page, "calendar.google.com")["details"]


def test_the_calendar_file_carries_the_info_and_an_alarm(world: World) -> None:
    open_link(world)
    file = world.get(f"{LINK}/calendar.ics").text
    assert "Bring your identity card." in file.replace("\r\n ", "")
    assert "BEGIN:VALARM" in file
    assert "TRIGGER:-PT2H" in file
