"""Whoever looks at each page of a patient's way, in the windows that patients have.

With SCREENSHOTS=<folder> in the environment every page is kept there as a picture.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.accessibility import grave_faults

WINDOWS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "telephone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


@dataclass
class Eyes:
    """Whoever looks at each page of a way: no page may have a grave fault, in light or dark."""

    page: Page
    name: str
    faults: dict[str, list[str]] = field(default_factory=dict)
    seen: int = 0

    def look(self, step: str) -> None:
        """Check the page that is shown, and keep a picture of it where pictures are wanted."""
        self.seen += 1
        if folder := os.environ.get("SCREENSHOTS"):
            picture = Path(folder) / f"{self.name}-{self.seen:02d}-{step}.png"
            self.page.screenshot(path=picture, full_page=True)
        if found := grave_faults(self.page):
            self.faults[step] = found
