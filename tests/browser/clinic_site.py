"""A clinic's own site, at an origin of its own, with the booking page inside."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import FrameLocator, Page

from tests.browser.visitor import Visitor

OpenSite = Callable[[Visitor, str], tuple[Page, FrameLocator]]


class _Site(BaseHTTPRequestHandler):
    """A clinic's site with one page."""

    html = ""

    def do_GET(self) -> None:
        """Send the page."""
        body = f"<!doctype html><title>Solna</title><h1>Solna</h1>{self.html}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def a_site() -> Iterator[OpenSite]:
    """Yield a function that opens the site with `html` in it, and returns page and frame."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("SiteOfTest", (_Site,), {}))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def opened(visitor: Visitor, html: str) -> tuple[Page, FrameLocator]:
        server.RequestHandlerClass.html = html  # type: ignore[attr-defined]
        visitor.page.goto(f"http://127.0.0.1:{server.server_port}/")
        return visitor.page, visitor.page.frame_locator("iframe")

    try:
        yield opened
    finally:
        server.shutdown()
        server.server_close()
