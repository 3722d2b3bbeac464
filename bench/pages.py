"""How soon a patient's pages are seen on a slow telephone: processor slowed down six times, 1.6 Mbit/s, 150 ms away.

    python -m bench.pages [--write]

What `make run` starts, with its demo clinics, visited by a Chromium of 390 pixels whose caches are empty for each page.
First paint is what the browser tells of it (First Contentful Paint), and so holds the wait for the server, too.
`--write` puts the figures into bench/RESULTS.md.
"""

import os
import re
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers.chromium import chromium_path
from tests.system.installation import embedded

REPORT = Path(__file__).parent / "RESULTS.md"
ROUNDS = 5
FLAGS = ["--no-sandbox", "--disable-gpu"]
TODAY = f"{datetime.now(UTC):%Y-%m-%d}"
SLOWED = 6
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
TYPES = {"frenda": "exam", "norsk": "consultation", "aldente": "toothache", "optamed": "osteopathy", "exir": "visit"}
_PAINT = """new Promise((done) => new PerformanceObserver((seen) => {
  const [paint] = seen.getEntriesByName("first-contentful-paint");
  if (paint) done(paint.startTime);
}).observe({ type: "paint", buffered: true }))"""


def addresses(clinic: str, type_key: str) -> dict[str, str]:
    """Return the addresses of a clinic's steps that can be opened first."""
    chosen = f"/{clinic}?type={type_key}&been=no"
    return {
        "types": f"/{clinic}",
        "practitioners": chosen,
        "week": f"{chosen}&practitioner=any&week={TODAY}",
        "month": f"{chosen}&practitioner=any&month={TODAY}",
    }


@contextmanager
def slow_telephone(browser: Browser, url: str) -> Iterator[Page]:
    """Give a page of a browser that has seen nothing yet, as slow as a cheap telephone on a bad day."""
    context = browser.new_context(base_url=url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", NETWORK)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    try:
        yield page
    finally:
        context.close()


def first_paint(browser: Browser, url: str, address: str) -> float:
    """Return after how many milliseconds something of the page is seen."""
    with slow_telephone(browser, url) as page:
        page.goto(address)
        return float(page.evaluate(_PAINT))


def measured(browser: Browser, url: str) -> list[str]:
    """Return a row for each clinic, each page's median."""
    rows = []
    for clinic, type_key in TYPES.items():
        pages = addresses(clinic, type_key)
        for address in pages.values():
            first_paint(browser, url, address)  # the server's own first time is not the telephone's
        paints = {
            name: statistics.median(first_paint(browser, url, address) for _ in range(ROUNDS))
            for name, address in pages.items()
        }
        rows.append(" | ".join(["", clinic, *(f"{paint:.0f}" for paint in paints.values()), ""]).strip())
        print(rows[-1], flush=True)
    return rows


def write(rows: list[str]) -> None:
    """Put the figures into the report."""
    said = f"{TODAY}, `python -m bench.pages --write`, load {os.getloadavg()[0]:.1f}."
    names = list(addresses("", ""))
    heading = [f"| first paint, ms | {' | '.join(names)} |", f"| --- |{' ---: |' * len(names)}"]
    part = "\n".join(["<!-- pages -->", said, "", *heading, *rows, "<!-- /pages -->"])
    report = REPORT.read_text(encoding="utf-8")
    REPORT.write_text(re.sub(r"<!-- pages -->.*<!-- /pages -->", part, report, flags=re.DOTALL), encoding="utf-8")


def main() -> None:
    """Measure all demo clinics."""
    with TemporaryDirectory() as folder:
        installation = embedded(Path(folder))
        try:
            installation.wait_ready()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
                rows = measured(browser, installation.url)
                browser.close()
        finally:
            installation.stop()
    if "--write" in sys.argv:
        write(rows)


if __name__ == "__main__":
    main()
