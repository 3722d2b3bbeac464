"""The first set-up: a few questions page by page, what patients will see, and the clinic is there (ADR 47)."""

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.short_names import short_name
from gateway.console.new_clinic import drawing
from gateway.console.new_clinic.answers import MOST_TYPES, Answers, Begun, sent
from gateway.console.new_clinic.checking import problems, problems_before, taken
from gateway.console.new_clinic.countries import countries_for, following
from gateway.console.new_clinic.document import document_of
from gateway.console.new_clinic.examples import EXAMPLES, taken_over
from gateway.console.new_clinic.hours import in_words
from gateway.console.new_clinic.kinds import usual_types
from gateway.console.new_clinic.making import Taken, let_in, make
from gateway.http.wording import N_
from shared.contracts.errors import Invalid, NotFound
from shared.texts.language import format_number

_AT = "/clinics/new"
_BACK = "back"
_OVER = N_("The clinic that you set up there is made, or what you typed is no longer kept: it is kept for a day.")
_ONLY_ACCOUNT = N_("The clinic is made. Only its administrator is missing: change that below, and press once more.")


def begin(here: Here) -> Response:
    """Ask for the country, and what the new clinic is or is like."""
    warning = here.say(_OVER) if here.asked("over").get("over") else None
    return drawing.first(here, Answers("", {"country": countries_for(here.language)[0][0]}), warning=warning)


def begun(here: Here) -> Response:
    """Keep the first answers, and lead on."""
    answers = _with_what_follows(here, Answers("", sent(here, "begin")))
    if errors := problems(here, "begin", answers):
        return drawing.first(here, answers, errors)
    return here.go(f"{_AT}/{Begun(here).begin(answers.texts).id}/clinic")


def _over(here: Here) -> Response:
    """Lead to the first page, where nothing is kept under an address."""
    return here.go(_AT, over="yes")


def begin_again(here: Here, id: str) -> Response:
    """Show the first question with its answer."""
    answers = Begun(here).open(id)
    return drawing.first(here, answers) if answers else _over(here)


def begun_again(here: Here, id: str) -> Response:
    """Keep another answer to the first question; what follows from it becomes another, too."""
    before = Begun(here).open(id)
    if before is None:
        return _over(here)
    given = sent(here, "begin")
    answers = before.with_texts(given)
    if any(given[name] != before[name] for name in given):
        answers = _with_what_follows(here, answers)
    if errors := problems(here, "begin", answers):
        return drawing.first(here, answers, errors)
    Begun(here).keep(answers)
    return here.go(f"{_AT}/{id}/clinic")


def step(here: Here, id: str, step: str) -> Response:
    """Show a page with what was answered on it."""
    answers = Begun(here).open(id)
    if answers is None:
        return _over(here)
    _require(answers, step)
    if step != "check":
        return drawing.questions(here, step, answers)
    if not answers["clinic"]:
        answers = answers.with_texts({"clinic": _proposed(here, answers)})
    return drawing.check(here, answers)


def answered(here: Here, id: str, step: str) -> Response:
    """Keep what a page was answered, and lead on: back without judging it, ahead where nothing is wrong."""
    before = Begun(here).open(id)
    if before is None:
        return _over(here)
    _require(before, step)
    answers = before.with_texts(sent(here, step))
    Begun(here).keep(answers)
    if here.form["do"] == _BACK:
        return here.go(f"{_AT}/{answers.id}/{answers.step_before(step) or 'begin'}")
    errors = problems(here, step, answers)
    if step == "check":
        has_problems = errors or problems_before(here, answers)
        return drawing.check(here, answers, errors) if has_problems else _made(here, answers)
    if errors:
        return drawing.questions(here, step, answers, errors)
    return here.go(f"{_AT}/{answers.id}/{answers.step_after(step)}")


def _made(here: Here, answers: Answers) -> Response:
    """Make the clinic and its account, and lead there; say so where only the account fails."""
    try:
        make(here, document_of(answers, here.language))
    except Taken:
        return drawing.check(here, answers, {"clinic": taken(here, _proposed(here, answers))})
    except Invalid:  # what is wrong with it is found by the check again, and told at its place
        return drawing.check(here, answers)
    try:
        state = let_in(here, answers, here.form["password"])
    except Invalid as refused:
        told = here.told(refused)["errors"]
        errors = {name if name == "password" else "administrator": text for name, text in told.items()}
        return drawing.check(here, answers, errors, warning=here.say(_ONLY_ACCOUNT))
    Begun(here).forget(answers.id)
    return Here(here.services, here.request, answers["clinic"], here.session).go("/set-up", made=state)


def _require(answers: Answers, step: str) -> None:
    if step not in answers.steps:
        raise NotFound.because("There is no such page.")


def _proposed(here: Here, answers: Answers) -> str:
    """Return an address made of the clinic's name that no clinic has."""
    known = {each["clinic"] for each in here.services.availability.clinics()["clinics"]}
    return short_name(answers["name"], "clinic", known)


def _with_what_follows(here: Here, answers: Answers) -> Answers:
    """Return the answers with what usually follows from the first ones."""
    example = answers.example if answers.example in EXAMPLES else ""
    country = EXAMPLES[example][0] if example else answers["country"]
    usual = following(country, here.language)
    texts = {
        "country": country, "language": usual.language, "time_zone": usual.zone, "currency": usual.currency,
        "identity": usual.identity, "hours": in_words(usual.week, here.language),
    }  # fmt: skip
    if example:
        texts["language"] = taken_over(example)["languages"][0]
    types = usual_types(answers["start"], usual.language)
    for row in range(MOST_TYPES):
        name, minutes = types[row] if row < len(types) else ("", "")
        texts |= {f"type.{row}": name, f"minutes.{row}": format_number(minutes, here.language)}
    return answers.with_texts(texts)


ROUTES = tuple(
    Page(method, f"{_AT}{path}", function, no_clinic=True, installers=True)
    for method, path, function in (
        ("GET", "", begin),
        ("POST", "", begun),
        ("GET", "/<id>/begin", begin_again),
        ("POST", "/<id>/begin", begun_again),
        ("GET", "/<id>/<step>", step),
        ("POST", "/<id>/<step>", answered),
    )
)
