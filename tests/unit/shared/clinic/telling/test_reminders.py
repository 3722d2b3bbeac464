"""When a reminder goes out: so long before the start, before quiet hours and never in them (PRODUCT N3)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinic.telling.reminders import LEAD, QuietHours, Reminder, reminders_due, wanted_moment

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NIGHT = QuietHours(time(21), time(8))
ZONES = [
    ZoneInfo(name)
    for name in ("Europe/Stockholm", "Asia/Tehran", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "UTC")
]


def due(start: str, before: str = "24h", quiet: QuietHours = NIGHT, zone: ZoneInfo = STOCKHOLM) -> str:
    """Return the wall clock at which one reminder of an appointment at the wall clock `start` goes out."""
    moment = datetime.fromisoformat(start).replace(tzinfo=zone)
    (one,) = reminders_due(moment, [Reminder(before, "sms")], zone, quiet)
    return one.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "goes_out"),
    [
        ("2026-12-02T20:59", "2026-12-01 20:59"),
        ("2026-12-02T21:00", "2026-12-01 20:45"),
        ("2026-12-02T07:59", "2026-11-30 20:45"),
        ("2026-12-02T08:00", "2026-12-01 08:00"),
        ("2026-12-02T00:00", "2026-11-30 20:45"),
        ("2026-12-02T13:00", "2026-12-01 13:00"),
    ],
)
def test_n3_what_is_due_in_quiet_hours_goes_out_before_them_to_the_minute(start: str, goes_out: str) -> None:
    assert due(start) == goes_out


@pytest.mark.parametrize(
    ("start", "before", "goes_out"),
    [
        ("2026-03-29T14:00", "24h", "2026-03-28 13:00"),  # that night lacks an hour: 24 hours lead to 13:00
        ("2026-03-29T14:00", "1d", "2026-03-28 14:00"),
        ("2026-10-25T14:00", "24h", "2026-10-24 15:00"),  # that night has one more
        ("2026-10-25T14:00", "1d", "2026-10-24 14:00"),
        ("2026-03-30T02:30", "1d", "2026-03-28 20:45"),  # 02:30 does not exist on the 29th
        ("2026-03-29T21:30", "24h", "2026-03-28 20:30"),  # 20:30 the day before: not quiet yet
        ("2026-10-25T20:30", "24h", "2026-10-24 20:45"),  # 21:30 the day before: quiet
        ("2026-10-26T07:30", "24h", "2026-10-24 20:45"),  # the night of 25 hours
        ("2026-03-30T08:00", "24h", "2026-03-29 08:00"),  # the first minute after the night of 23
    ],
)
def test_n3_quiet_hours_are_wall_clock_hours_when_clocks_change(start: str, before: str, goes_out: str) -> None:
    assert due(start, before) == goes_out


def test_n3_quiet_hours_within_a_day_send_before_them() -> None:
    lunch = QuietHours(time(12), time(13, 30))
    assert due("2026-12-02T12:45", quiet=lunch) == "2026-12-01 11:45"
    assert due("2026-12-02T13:30", quiet=lunch) == "2026-12-01 13:30"


def test_n3_where_nearly_all_day_is_quiet_the_few_minutes_that_are_not_are_used() -> None:
    nearly = QuietHours(time(8, 10), time(8))
    assert due("2026-12-02T12:00", quiet=nearly) == "2026-12-01 08:00"


def test_n3_a_clinic_that_says_nothing_is_quiet_from_21_to_8() -> None:
    assert QuietHours.from_document(None) == NIGHT
    assert QuietHours.from_document({"from": "22:30", "to": "06:15"}) == QuietHours(time(22, 30), time(6, 15))


def test_n3_of_reminders_that_would_go_out_at_one_moment_by_one_channel_the_nearest_is_sent() -> None:
    start = datetime(2026, 12, 2, 7, 0, tzinfo=STOCKHOLM)
    wanted = [Reminder("26h", "sms"), Reminder("24h", "sms"), Reminder("24h", "email"), Reminder("1d", "sms")]
    found = reminders_due(start, wanted, STOCKHOLM, NIGHT)
    assert sorted((each.reminder.channel, each.reminder.before) for each in found) == [("email", "24h"), ("sms", "24h")]


minutes_of_day = st.integers(0, 24 * 60 - 1).map(lambda minutes: time(minutes // 60, minutes % 60))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001
lengths = st.integers(1, 400).map(lambda hours: f"{hours}h") | st.integers(1, 60).map(lambda days: f"{days}d")


@given(moments, lengths, st.sampled_from(ZONES), minutes_of_day, minutes_of_day)
def test_n3_no_reminder_is_due_in_quiet_hours_or_later_than_the_clinic_wants(
    start: datetime, before: str, zone: ZoneInfo, first: time, last: time
) -> None:
    if first == last:
        return
    quiet = QuietHours(first, last)
    (one,) = reminders_due(start, [Reminder(before, "sms")], zone, quiet)
    wanted = wanted_moment(start, before, zone)
    assert one.at <= wanted < start
    assert quiet.around(one.at, zone) is None
    assert one.at == wanted or quiet.around(wanted, zone) is not None, "only what would be quiet is sent earlier"


@given(moments, st.sampled_from(ZONES), minutes_of_day, minutes_of_day)
def test_quiet_hours_are_those_that_the_clock_on_the_wall_shows(
    moment: datetime, zone: ZoneInfo, first: time, last: time
) -> None:
    """By a twin that looks at the wall only; in the hours around a change of clocks the two may differ."""
    wall = moment.astimezone(zone)
    offsets = {(moment + timedelta(hours=step)).astimezone(zone).utcoffset() for step in (-26, 0, 26)}
    if first == last or len(offsets) > 1:
        return
    now = wall.time().replace(tzinfo=None)
    expected = first <= now < last if first < last else now >= first or now < last
    assert (QuietHours(first, last).around(moment, zone) is not None) == expected


@given(moments, st.sampled_from(ZONES), minutes_of_day, minutes_of_day)
def test_n3_what_is_late_waits_for_the_end_of_the_quiet_hours(
    moment: datetime, zone: ZoneInfo, first: time, last: time
) -> None:
    quiet = QuietHours(first, last)
    if first == last:
        return
    after = quiet.after(moment, zone)
    assert after >= moment
    assert quiet.around(after, zone) is None


def test_the_lead_is_long_enough_for_many_at_once() -> None:
    assert timedelta(minutes=5) <= LEAD <= timedelta(hours=1)
