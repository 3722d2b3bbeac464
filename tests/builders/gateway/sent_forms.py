"""What a browser would send of a form on a page, with nothing touched in it."""

from html.parser import HTMLParser

Sent = dict[str, list[str]]


class _Controls(HTMLParser):
    """Collects the values of inputs, areas and lists, as HTML says that they are sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: Sent = {}
        self._area: str | None = None
        self._words = ""
        self._list: str | None = None
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name and ("checked" in given or given.get("type") not in ("checkbox", "radio", "file")):
            self.sent.setdefault(name, []).append(given.get("value", ""))
        elif tag == "textarea":
            self._area, self._words = name, ""
        elif tag == "select":
            self._list, self._options = name, []
        elif tag == "option":
            self._options.append((given["value"], "selected" in given))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            words = self._words.removeprefix("\n").replace("\n", "\r\n")
            self.sent.setdefault(self._area, []).append(words)
            self._area = None
        elif tag == "select" and self._list is not None:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [self._options[0][0]]
            self.sent.setdefault(self._list, []).append(chosen[-1])
            self._list = None


def sent_by(page: str) -> Sent:
    """Return the fields of a page's forms and what would be sent of each."""
    controls = _Controls()
    controls.feed(page)
    return controls.sent
