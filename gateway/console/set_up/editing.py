"""A form of the set-up: shown, checked, compared and saved, never over what somebody else saved (C3)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.typed import Typed
from gateway.console.set_up.checking import Checked, apply, checked, fingerprint, number, page_of
from gateway.console.set_up.drawn.ordering import OrderSheet, moved
from gateway.console.set_up.drawn.over import BY_PLAN, STRIP, at_fields, drawn_over, filled_by_plan
from gateway.console.set_up.form.inside import MORE
from gateway.console.set_up.form.merging import chosen
from gateway.console.set_up.meanwhile import meanwhile, written
from gateway.console.set_up.message_previews import SHOW, BesideForm
from gateway.console.set_up.mistakes import beside_fields
from gateway.console.set_up.parts import Part, part_with
from gateway.console.set_up.rows import row_of
from gateway.console.set_up.sheets import ItemSheet, Sheet, over
from gateway.console.set_up.two_weeks import Wish
from gateway.http.answers import status_of
from gateway.http.bounds import DOCUMENT_LIMIT, DOCUMENT_VALUES
from gateway.http.wording import N_, sentence_of
from shared.contracts.errors import ChangedMeanwhile, Invalid, NotFound, Timeout, Unavailable

_STALE = N_(
    "Somebody else has saved the set-up meanwhile, so nothing of yours was saved. Below is what would become different "
    "from theirs. Look at it, and save if that is right."
)
_REMOVED = N_(
    "Somebody else has removed this meanwhile, so nothing was saved. What you typed still stands in the form: save it "
    "if it is to be added again."
)


class Editing:
    """One form of one request."""

    def __init__(self, here: Here, part: Part, sheet: Sheet, found: Mapping[str, Any]) -> None:
        self._here, self._part, self._sheet = here, part, sheet
        self._revision = int(found["revision"])

    def show(
        self,
        typed: Typed | None = None,
        *,
        status: int = 200,
        found: Checked | None = None,
        prefix: str = "",
        **context: Any,
    ) -> Response:
        """Return the page with what was typed, and what was found of it."""
        sheet = self._sheet
        typed = Typed.written(self._written()) if typed is None else typed
        drawn = sheet.fields.drawn(typed)
        beside = beside_fields(at_fields(sheet, found.mistakes) if found else (), prefix, drawn)
        messages = BesideForm(self._here)
        given = {"done": None, "warning": None, "seen": "", "do": "apply", "met": None, "messages": messages, **context}
        return self._here.show(
            **page_of(self._here, self._template), section="set_up", status=status, typed=typed,
            **beside._asdict(), part=self._part, drawn=drawn, item=self._item(), places=self._places(), found=found,
            revision=self._revision, part_with=part_with, more=MORE,
            **drawn_over(self._here, sheet, typed, drawn), **given,
        )  # fmt: skip

    def shown(self) -> Response:
        """Return the page as nobody has typed anything yet; raise NotFound where there is no such item."""
        if self._is_missing:
            raise NotFound.because("There is nothing of this name in the set-up.")
        return self.show()

    @property
    def _is_missing(self) -> bool:
        return isinstance(self._sheet, ItemSheet) and self._sheet.index is None

    @property
    def _template(self) -> str:
        return f"console/set_up/{'strip_part' if self._here.wants_part(STRIP) else 'form'}.html"

    def answered(self) -> Response:
        """Return what is to be shown of what was sent."""
        form = Typed.of(self._here.request, longest=DOCUMENT_LIMIT, most_values=DOCUMENT_VALUES)
        lists = {name: [text.replace("\r\n", "\n") for text in texts] for name, texts in form.lists.items()}
        typed = Typed.written(self._sheet.fields.tidied(lists))
        if self._here.wants_part(STRIP) or typed["do"].startswith(MORE):
            return self.show(typed, is_redrawn=True)
        if isinstance(self._sheet, OrderSheet) and typed["do"] not in ("check", "apply"):
            return self.show(moved(typed), is_redrawn=True)
        if typed["do"] == BY_PLAN and isinstance(self._sheet, ItemSheet):
            filled, said = filled_by_plan(self._sheet, typed)
            return self.show(filled, warning=said and self._here.say(said), is_redrawn=True)
        try:
            if typed["do"].startswith(SHOW):
                event = typed["do"].removeprefix(SHOW)
                return self.show(typed, messages=BesideForm.shown(self._here, event, typed), is_redrawn=True)
            return self._checked_or_applied(typed)
        except (Unavailable, Timeout) as away:
            return self.show(typed, status=status_of(away), warning=sentence_of(away, self._here.language))

    def _checked_or_applied(self, typed: Typed, *, is_overtaken: bool = False) -> Response:
        """Show what was typed, or apply it; `is_overtaken` where somebody else was a moment faster."""
        fields, since = self._sheet.fields, number(typed["revision"])
        looked_at, typed = typed, Typed.written(chosen(fields, typed.lists))
        is_other = since != self._revision or self._is_missing
        met = meanwhile(self._here, self._sheet, typed, since) if is_other else None
        if met is not None:
            looked_at = typed = met.typed
            self._sheet = met.sheet
        is_gone = met is not None and met.is_gone
        removing = typed["do"] == "remove" and isinstance(self._sheet, ItemSheet)
        if removing and is_gone:
            return self._here.go(f"/set-up/{self._part.address}", done="gone")
        document, prefix = self._removed() if removing else self._sheet.changed(typed)
        seen = [fingerprint(each) for each in (document, self._sheet.changed(looked_at)[0])]
        is_stale = is_overtaken or (since != self._revision and not (met and met.is_beside))
        if typed["do"] in ("apply", "remove") and not is_stale and typed["seen"] in (seen[:1] if removing else seen):
            try:
                apply(self._here, document, self._revision)
                return self._here.go(f"/set-up/{self._part.address}", done="applied")
            except ChangedMeanwhile:
                return self._over_theirs()._checked_or_applied(looked_at, is_overtaken=True)
            except Invalid:
                pass  # what is wrong with it is found by the check again, and told at its place
        found = checked(self._here, document, Wish.of(typed, "-"))
        return self.show(
            typed,
            status=409 if is_stale else 422 if found.mistakes else 200,
            found=found,
            prefix=prefix,
            warning=self._here.say(_REMOVED if is_gone else _STALE) if is_stale else None,
            seen=fingerprint(document),
            do="remove" if removing else "apply",
            met=met if is_stale else None,
        )

    def _over_theirs(self) -> "Editing":
        """Return the same form over what is in force by now."""
        found = self._here.services.availability.document(self._here.clinic)
        return Editing(self._here, self._part, over(self._sheet, found["document"]), found)

    def _removed(self) -> tuple[dict[str, Any], str]:
        assert isinstance(self._sheet, ItemSheet)
        return self._sheet.removed(), "-"

    def _written(self) -> dict[str, list[str]]:
        return written(self._sheet)

    def _item(self) -> dict[str, Any] | None:
        """Return what the page is to say of the item itself."""
        sheet = self._sheet
        if not isinstance(sheet, ItemSheet):
            return None
        called = row_of(sheet.present, sheet.key, sheet.around) if sheet.present else []
        return {"name": sheet.name, "is_new": sheet.is_new, "called": called[0] if called else sheet.name}

    def _places(self) -> list[tuple[str, str]]:
        """Return where in its list an item may stand: first, or after each of the others."""
        sheet = self._sheet
        if not isinstance(sheet, ItemSheet) or not sheet.is_ordered:
            return []
        others = [each for index, each in enumerate(sheet.items) if index != sheet.index]
        after = [self._here.say(N_("after {name}"), name=row_of(each, sheet.key, sheet.around)[0]) for each in others]
        return [(str(place), said) for place, said in enumerate([self._here.say(N_("first")), *after])]
