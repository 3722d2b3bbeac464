"""A calendar that is fetched, read by ical.js, which Thunderbird and Nextcloud read theirs with (PRODUCT C16).

It runs in the browser that tests have anyway; `tests/unit/shared/texts/test_foreign_calendars.py` asks others.
"""

from pathlib import Path

from playwright.sync_api import Browser

from tests.builders.calendar_feeds import BOOKING, FEED, LEAVE, written

_LIBRARY = Path(__file__).parent / "third_party" / "ical.es5.min.cjs"
_READ = """
text => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent").map(each => new ICAL.Event(each));
  return {
    name: calendar.getFirstPropertyValue("name"),
    every: calendar.getFirstPropertyValue("refresh-interval").toString(),
    events: events.map(each => [each.uid, each.sequence, each.summary, `${each.startDate}`, `${each.endDate}`]),
  };
}
"""


def test_c16_ical_js_reads_what_was_written(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(content=_LIBRARY.read_text(encoding="utf-8"))
    found = page.evaluate(_READ, written().decode())
    page.close()
    assert found == {
        "name": FEED.name,
        "every": "PT15M",
        "events": [
            [BOOKING.uid, 3, BOOKING.summary, "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"],
            [LEAVE.uid, 0, LEAVE.summary, "2026-12-24", "2026-12-27"],
        ],
    }
