"""The pages by which a clinic moves in: choose a file, say what is what, look what would come of it, take it over."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.moving_in import KeptFile, apart
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page, lead
from gateway.console.frame.typed import Typed
from gateway.console.moving_in import words
from gateway.console.moving_in.examples import example
from gateway.console.moving_in.lines_shown import AT_ONCE, as_file, filters, page_of
from gateway.console.moving_in.mapping_form import (
    columns_of,
    errors_of,
    field_choices,
    is_order_unsure,
    names_of,
    our_names,
    read_form,
)
from gateway.console.moving_in.running import go_on
from gateway.console.moving_in.standing import (
    CHECKED,
    CHECKING,
    MAPPING,
    TAKEN,
    TAKING,
    Standing,
    batches_of,
    plain,
    rows_told,
)
from gateway.http.answers import attached
from gateway.http.bounds import MOVING_IN_FORM_LIMIT, MOVING_IN_LIMIT
from gateway.http.wording import N_, sentence_of
from shared.contracts.errors import NotFound, Timeout, Unavailable
from shared.moving_in.fields import KINDS
from shared.moving_in.file import File, read_file
from shared.moving_in.house import House, house_of
from shared.moving_in.lines import has_two_orders
from shared.moving_in.mapping import proposal
from shared.moving_in.unreadable import Unreadable
from shared.sealed import Sealer
from shared.texts.csv_text import CSV

_AT = "/set-up/moving-in"
_MOST_EVENTS = 8000
"""Of a calendar, so that reading it takes no longer than a request may."""

_NONE_CHOSEN = N_("Choose a file first.")
_GONE = N_("The file is not kept any more. Choose it again.")
_DONE = {"decided": N_("Saved."), "discarded": N_("The file and all that was read of it are removed.")}
_PROGRESS = "progress"
_LINE_DIGITS = 10


def overview(here: Here, **again: Any) -> Response:
    """Show what can be taken over, and where each stands."""
    rows = [(kind, here.say(words.KINDS[kind]), here.say(words.ABOUT[kind]), _standing(here, kind)) for kind in KINDS]
    return here.show("console/moving_in/overview.html", section="set_up", rows=rows, done=here.done(_DONE), **again)


def upload(here: Here, kind: str) -> Response:
    """Read the chosen file, and go on to what is what."""
    kept = _kept(here, kind)
    file = here.request.files.get("file")
    if file is None or not file.filename:
        return overview(here, status=422, wrong=kind, errors={"file": _NONE_CHOSEN})
    content = file.stream.read()
    try:
        found = _read(here, content)
    except Unreadable as refused:
        return overview(here, status=422, wrong=kind, errors={"file": str(refused)})
    reading = proposal(found.table, kind, _house(here), our_names())
    kept.keep_file(content)
    kept.keep_state(_standing_of(file.filename[-100:], found, plain(reading)).told())
    return here.go(f"{_AT}/{kind}")


def one(here: Here, kind: str) -> Response:
    """Show a file where it stands."""
    standing = _standing(here, kind)
    if standing is None:
        return here.go(_AT)
    if standing.step == MAPPING:
        return _show_mapping(here, kind, standing)
    if standing.is_running:
        return _show_progress(here, kind, standing)
    return _show_lines(here, kind, standing)


def say(here: Here, kind: str) -> Response:
    """Keep what was said of columns and names; go on to the trial where nothing is missing."""
    kept, standing = _at_step(here, kind, MAPPING, CHECKED)
    typed = Typed.of(here.request)
    content = kept.file()
    if content is None:
        raise NotFound.because(_GONE)
    encoding = typed["encoding"] if typed["encoding"] in words.ENCODINGS else None
    delimiter = next((sign for sign in words.DELIMITERS if typed["delimiter"] == str(ord(sign))), None)
    chosen = {"encoding": encoding, "delimiter": delimiter}
    try:
        found = _read(here, content, **chosen)
    except Unreadable as refused:
        return _show_mapping(here, kind, standing, status=422, errors={"file": str(refused)})
    house = _house(here)
    if found.table.columns == tuple(standing.columns):
        reading = read_form(typed, found.table, kind, standing.read, house)
    else:
        reading = proposal(found.table, kind, house, our_names())
    again = _standing_of(standing.name, found, plain(reading))
    again.decided = standing.decided if again.reading == standing.reading else {}
    errors = errors_of(typed, reading) if typed["do"] == "check" else {}
    if typed["do"] == "check" and not errors:
        again.has_two_orders = has_two_orders(found.table, reading)
        for batch, rows in enumerate(batches_of(found.table)):
            kept.keep_batch(again.round, batch, rows_told(rows))
        again.step, again.batches = CHECKING, len(batches_of(found.table))
    kept.keep_state(again.told())
    if errors:
        return _show_mapping(here, kind, again, status=422, errors=errors)
    return here.go(f"{_AT}/{kind}")


def change(here: Here, kind: str) -> Response:
    """Go back to what is what; nothing was written yet."""
    kept, standing = _at_step(here, kind, CHECKED, CHECKING)
    standing.begin(MAPPING)
    kept.keep_state(standing.told())
    return here.go(f"{_AT}/{kind}")


def on(here: Here, kind: str) -> Response:
    """Do some more batches, and show how far it is; where it is done, the page as it is then."""
    kept = _kept(here, kind)
    warning = None
    with kept.turn() as is_ours:
        standing = _standing(here, kind)
        if standing is None or not standing.is_running:
            return lead(here.request, f"{here.url}{_AT}/{kind}")
        if is_ours:
            try:
                go_on(here, kind, kept, standing, _house(here))
            except (Unavailable, Timeout) as away:
                warning = sentence_of(away, here.language)
    if not standing.is_running or not here.wants_part(_PROGRESS):
        return lead(here.request, f"{here.url}{_AT}/{kind}")
    return _show_progress(here, kind, standing, warning=warning, is_busy=not is_ours)


def decide(here: Here, kind: str) -> Response:
    """Keep what is decided of the doubtful lines of a page."""
    kept, standing = _at_step(here, kind, CHECKED, TAKEN)
    for name, decided in here.form.items():
        line = name.removeprefix("decided.")
        if name.startswith("decided.") and line.isdecimal() and len(line) < _LINE_DIGITS:
            standing.decided[line] = decided[:32]
    standing.decided = {line: decided for line, decided in standing.decided.items() if decided}
    kept.keep_state(standing.told())
    page = here.form["page"] if here.form["page"].isdecimal() else "1"
    return here.go(f"{_AT}/{kind}", show="doubtful", page=page, done="decided")


def take(here: Here, kind: str) -> Response:
    """Begin to take over all that can be."""
    kept, standing = _at_step(here, kind, CHECKED, TAKEN)
    standing.begin(TAKING)
    kept.keep_state(standing.told())
    return here.go(f"{_AT}/{kind}")


def left(here: Here, kind: str) -> Response:
    """Give out what is left as a CSV, to be mended and sent again."""
    standing = _standing(here, kind)
    if standing is None:
        raise NotFound.because(_GONE)
    return attached(Response(as_file(here, _kept(here, kind), standing), mimetype=CSV), f"{here.clinic}-{kind}.csv")


def discard(here: Here, kind: str) -> Response:
    """Remove the file and all that was read of it; what is taken over stays."""
    _kept(here, kind).discard()
    return here.go(_AT, done="discarded")


def example_file(here: Here, kind: str) -> Response:
    """Give out a file as it could be."""
    return attached(Response(example(here, _known(kind)), mimetype=CSV), f"{kind}.csv")


def _show_mapping(
    here: Here, kind: str, standing: Standing, *, status: int = 200, errors: Mapping[str, str] | None = None
) -> Response:
    content = _kept(here, kind).file()
    if content is None:
        raise NotFound.because(_GONE)
    table = _read(here, content, encoding=standing.encoding, delimiter=standing.delimiter or None).table
    reading, house = standing.read, _house(here)
    return here.show(
        "console/moving_in/mapping.html", section="set_up", status=status, errors=errors, kind=kind,
        title=here.say(words.KINDS[kind]), standing=standing, columns=columns_of(table, reading),
        names=names_of(here, table, reading, house), fields=field_choices(here, kind), words=words.FIELDS,
        is_order_unsure=is_order_unsure(table, reading, house), order=reading.order, orders=words.ORDERS,
        encodings=words.ENCODINGS, delimiters={str(ord(sign)): text for sign, text in words.DELIMITERS.items()},
        delimiter=str(ord(standing.delimiter)) if standing.delimiter else "",
    )  # fmt: skip


def _show_progress(
    here: Here, kind: str, standing: Standing, *, warning: str | None = None, is_busy: bool = False
) -> Response:
    template = "progress_part" if here.wants_part(_PROGRESS) else "progress"
    return here.show(
        f"console/moving_in/{template}.html", section="set_up", kind=kind, title=here.say(words.KINDS[kind]),
        standing=standing, is_trial=standing.step == CHECKING, warning=warning, is_busy=is_busy,
    )  # fmt: skip


def _show_lines(here: Here, kind: str, standing: Standing) -> Response:
    asked = here.asked("show", "page")
    shown = filters(here, standing)
    names = [name for name, _, _ in shown if any(name in counts for counts in standing.counts)]
    chosen = asked.get("show", "")
    chosen = chosen if chosen in names else next((name for name in _FIRST_LOOKED_AT if name in names), "")
    page = int(asked["page"]) if asked.get("page", "").isdecimal() and len(asked["page"]) < 6 else 1
    has = sum(counts.get(chosen, 0) for counts in standing.counts)
    return here.show(
        "console/moving_in/lines.html", section="set_up", kind=kind, title=here.say(words.KINDS[kind]),
        standing=standing, is_done=standing.step == TAKEN, filters=shown, kept=names, chosen=chosen, page=page,
        pages=-(-has // AT_ONCE), lines=page_of(here, kind, _kept(here, kind), standing, chosen, page),
        can_decide=chosen == "doubtful", done=here.done(_DONE), undecided=_undecided(standing),
    )  # fmt: skip


_FIRST_LOOKED_AT = ("doubtful", "wrong", "collides", "new", "changed", "known", "left_out")


def _undecided(standing: Standing) -> int:
    return standing.counted()["doubtful"] - len(standing.decided)


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise NotFound.because("There is nothing of this name to be taken over.")
    return kind


def _kept(here: Here, kind: str) -> KeptFile:
    return KeptFile(here.services.cache, Sealer(here.services.settings.event_keys), here.clinic, _known(kind))


def _standing(here: Here, kind: str) -> Standing | None:
    told = _kept(here, kind).state()
    return None if told is None else Standing.of(told)


def _at_step(here: Here, kind: str, *steps: str) -> tuple[KeptFile, Standing]:
    """Return a file that stands at one of these steps; raise NotFound where there is none."""
    standing = _standing(here, kind)
    if standing is None or standing.step not in steps:
        raise NotFound.because(_GONE)
    return _kept(here, kind), standing


def _house(here: Here) -> House:
    return house_of(here.document, here.today)


def _read(here: Here, content: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> File:
    return apart(
        lambda: read_file(
            content, here.today, encoding=encoding, delimiter=delimiter,
            most_bytes=MOVING_IN_LIMIT, most_events=_MOST_EVENTS,
        )
    )  # fmt: skip


def _standing_of(name: str, found: File, reading: dict[str, Any]) -> Standing:
    table = found.table
    return Standing(
        step=MAPPING,
        name=name,
        encoding=found.encoding,
        delimiter=table.delimiter,
        columns=list(table.columns),
        notes=list(table.notes),
        reading=reading,
        lines=len(table.rows),
    )


ROUTES = (
    Page("GET", _AT, overview, administrators=True),
    Page("GET", f"{_AT}/<kind>", one, administrators=True),
    Page("POST", f"{_AT}/<kind>", upload, administrators=True, body_limit=MOVING_IN_FORM_LIMIT),
    Page("POST", f"{_AT}/<kind>/columns", say, administrators=True),
    Page("POST", f"{_AT}/<kind>/change", change, administrators=True),
    Page("POST", f"{_AT}/<kind>/on", on, administrators=True),
    Page("POST", f"{_AT}/<kind>/decide", decide, administrators=True),
    Page("POST", f"{_AT}/<kind>/take", take, administrators=True),
    Page("POST", f"{_AT}/<kind>/discard", discard, administrators=True),
    Page("GET", f"{_AT}/<kind>/left.csv", left, administrators=True),
    Page("GET", f"{_AT}/<kind>/example.csv", example_file, administrators=True),
)
