"""Links to the booking page that a clinic puts on its own site, each with some choices made already (B15, B16)."""

from collections.abc import Iterator
from html import escape
from urllib.parse import urlencode

from shared.clinic.document import Document
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.week_templates import types_bookable_in

_SNIPPET = """\
<p><iframe src="{address}" title="{title}" width="100%" height="600px"><br/></iframe></p>
<script src="{script}" async></script>"""
"""The frame, and behind it what makes it as high as each step; the frame works by itself, too (B16)."""


def booking_page_links(document: Document, plan: ClinicPlan, public_url: str) -> list[dict[str, str]]:
    """Return a link for each online practitioner and each type that they take, and each week template of their plans.

    A link is `{practitioner, kind: type|template, key, name, url, snippet}`, in document order. `name` is staff's;
    `snippet` shows the page inside a site, as HTML. A template without anything to book has no link.
    """
    return [
        _link(document, public_url, person["key"], kind, key, name)
        for person in document["practitioners"]
        if person["online"]
        for kind, key, name in _targets(document, plan, person["key"])
    ]


def whole_page_link(document: Document, public_url: str) -> dict[str, str]:
    """Return `{url, snippet}` of the booking page with nothing chosen."""
    address = f"{public_url}/{document['clinic']}"
    return {"url": address, "snippet": _snippet(document, public_url, f"{address}?embed=1")}


def _targets(document: Document, plan: ClinicPlan, practitioner: str) -> Iterator[tuple[str, str, str]]:
    """Yield kind, key and name of what one practitioner's links lead to."""
    taken = [
        row
        for row in document["types"]
        if row["online"] and practitioner in plan.types[row["key"]].online_practitioners
    ]
    for row in taken:
        yield "type", row["key"], row["name"]
    planned = _planned_templates(document, practitioner)
    for row in document["templates"]:
        if row["key"] in planned and not types_bookable_in(document, row["key"]).isdisjoint(t["key"] for t in taken):
            yield "template", row["key"], row["key"]


def _planned_templates(document: Document, practitioner: str) -> set[str]:
    """Return the templates of a practitioner's own plans, or of everybody's where they have none (S1)."""
    own = {row["template"] for row in document["plans"] if row["practitioner"] == practitioner}
    return own or {row["template"] for row in document["plans"] if row["practitioner"] is None}


def _link(document: Document, public_url: str, practitioner: str, kind: str, key: str, name: str) -> dict[str, str]:
    url = f"{public_url}/{document['clinic']}?{urlencode({kind: key, 'practitioner': practitioner})}"
    return {
        "practitioner": practitioner,
        "kind": kind,
        "key": key,
        "name": name,
        "url": url,
        "snippet": _snippet(document, public_url, f"{url}&embed=1"),
    }


def _snippet(document: Document, public_url: str, address: str) -> str:
    """Return the HTML of a frame that is called as the clinic is, for whoever hears what stands on its site."""
    script = f"{public_url}/static/embed.js"
    return _SNIPPET.format(address=escape(address), title=escape(document["name"]), script=escape(script))
