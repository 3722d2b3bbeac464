"""A calendar that is fetched, read by two libraries of JavaScript (PRODUCT C16).

ical.js is what Thunderbird and Nextcloud read theirs with, node-ical what programs on Node.js do. They run in the
browser that tests have anyway; `tests/unit/shared/texts/test_foreign_calendars.py` asks others.
"""

import tarfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.builders.calendar_feeds import BOOKING, FEED, LEAVE, written

_THIRD_PARTY = Path(__file__).parent / "third_party"
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
_MODULES = {
    "ical.js": ("node-ical-0.26.1.tgz", "ical.js"),
    "./lib/tz-utils.js": ("node-ical-0.26.1.tgz", "lib/tz-utils.js"),
    "./tz-utils.js": ("node-ical-0.26.1.tgz", "lib/tz-utils.js"),
    "./lib/date-utils.js": ("node-ical-0.26.1.tgz", "lib/date-utils.js"),
    "rrule-temporal": ("rrule-temporal-1.6.0.tgz", "dist/index.cjs"),
    "./index.cjs": ("rrule-temporal-1.6.0.tgz", "dist/index.cjs"),
    "rrule-temporal/totext": ("rrule-temporal-1.6.0.tgz", "dist/totext.cjs"),
}
"""The modules of Node.js that are asked for, by the names by which they ask each other."""
_READ_BY_NODE = """
([text, modules, zones]) => {
  const known = {
    "node:crypto": { randomUUID: () => "0" },
    "../windowsZones.json": JSON.parse(zones),
    "@js-temporal/polyfill": { Temporal },
  };
  const require = (name) => {
    if (!(name in known)) {
      const module = { exports: {} };
      new Function("module", "exports", "require", modules[name])(module, module.exports, require);
      known[name] = module.exports;
    }
    return known[name];
  };
  const events = Object.values(require("ical.js").parseICS(text)).filter(each => each.type === "VEVENT");
  return events.map(each => [
    each.uid, each.summary, each.datetype, each.start.toISOString(), each.end.toISOString(),
  ]);
}
"""


def test_c16_ical_js_reads_what_was_written(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(content=(_THIRD_PARTY / "ical.es5.min.cjs").read_text(encoding="utf-8"))
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


def test_c16_node_ical_reads_what_was_written(browser: Browser) -> None:
    """It reads whole days as midnights where it runs."""
    page = browser.new_context(timezone_id="Etc/UTC").new_page()
    page.add_script_tag(content=packed("temporal-polyfill-0.3.2.tgz", "global.min.js"))
    modules = {name: packed(*where) for name, where in _MODULES.items()}
    zones = packed("node-ical-0.26.1.tgz", "windowsZones.json")
    found = page.evaluate(_READ_BY_NODE, [written().decode(), modules, zones])
    page.context.close()
    assert found == [
        [BOOKING.uid, BOOKING.summary, "date-time", "2026-03-29T00:30:00.000Z", "2026-03-29T01:30:00.000Z"],
        [LEAVE.uid, LEAVE.summary, "date", "2026-12-24T00:00:00.000Z", "2026-12-27T00:00:00.000Z"],
    ]


def packed(archive: str, name: str) -> str:
    """Return a file of a package as it is published."""
    with tarfile.open(_THIRD_PARTY / archive) as files:
        found = files.extractfile(f"package/{name}")
        assert found is not None
        return found.read().decode()
