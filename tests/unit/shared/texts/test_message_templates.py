"""What a clinic may write in its own messages (PRODUCT N4, CONTRACTS 1)."""

import pytest

from shared.texts.message_templates import (
    LONGEST_TEXT,
    SAMPLES,
    VARIABLES,
    TooLong,
    fails,
    mistakes,
    names_in,
    text_of,
    variables_by_name,
)


def written(source: str, longest: int = LONGEST_TEXT) -> str:
    return text_of(source, variables_by_name(SAMPLES), longest, autoescape=False)


@pytest.mark.parametrize(
    "source",
    [
        "No variables, and 100 % {plain}.",
        "Hej {{ patient.first_name }}! {{ booking.date }} {{booking.time}} {{ link }}",
        "{% if booking.message %}{{ booking.message | upper }}{% elif comment == 'x' %}y{% else %}–{% endif %}",
        "{{ patient['last_name'] | title }}, {{ comment or '–' }}, {{ link if link else code }}",
        "{{ booking.date ~ ' ' ~ booking.time }} {# not shown #}{% raw %}{{ as it is }}{% endraw %}",
        "{{ patient.first_name | first }} {{ clinic.phone | replace(' ', '') }} {{ booking.type | truncate(10) }}",
        *("{{ " + name + " }}" for name in sorted(VARIABLES)),
    ],
)
def test_n4_what_messages_have_may_be_shown_and_chosen_by(source: str) -> None:
    assert list(mistakes(source)) == []
    assert written(source) is not None


def test_n4_there_is_an_example_of_everything_that_a_message_may_name() -> None:
    assert set(SAMPLES) == VARIABLES


@pytest.mark.parametrize(
    ("source", "unknown"),
    [
        ("{{ patient.mobile }}", [(1, "patient.mobile")]),
        ("Hi\n{{ patient['mobile'] }}", [(2, "patient.mobile")]),
        ("{% if patient.mobile %}{% endif %}\n{{ nope.x }}", [(1, "patient.mobile"), (2, "nope")]),
        ("{{ patient }}", [(1, "patient")]),
        ("{{ patient.__class__ }}", [(1, "patient.__class__")]),
        ("{{ self }} {{ loop }}", [(1, "loop"), (1, "self")]),
        ("Hi\n{{ link.upper }}", [(2, "link.upper")]),
        ("{{ patient.first_name['title'] }}", [(1, "patient.first_name.title")]),
        ("{% if comment %}{{ comment.text }}{% endif %}", [(1, "comment.text")]),
        ("{{ (link ~ code).upper }}\n{{ link[0].upper }}", [(1, "….upper"), (2, "….upper")]),
        ("{{ booking.start.year.now }}", [(1, "booking.start.year")]),
    ],
)
def test_n4_what_no_message_has_is_found_with_its_line(source: str, unknown: list[tuple[int, str]]) -> None:
    assert [(mistake.line, mistake.unknown) for mistake in mistakes(source)] == unknown


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("Hi\n{{", 2, "Line 2"),
        ("{% for %}", 1, "Line 1"),
        ("{% if link %}", 1, "Line 1"),
        ("Hi\n\n{{ link | shout }}", 3, "shout"),
        ("{{ link is loud }}", 1, "loud"),
        ("{% include 'a' %}", 1, "stands alone"),
        ("{% for day in link %}{{ day }}{% endfor %}", 1, "no loops"),
        ("{% set name = link %}{{ name }}", 1, "no variables of its own"),
        ("{% macro a() %}{% endmacro %}", 1, "nothing else"),
        ("{% autoescape false %}{{ link }}{% endautoescape %}", 1, "nothing else"),
        ("{{ link.upper() }}", 1, "calls nothing"),
        ("{{ 2 * 3 }}", 1, "does not calculate"),
        ("{{ " + "(" * 5000 + "link" + ")" * 5000 + " }}", 1, "levels"),
    ],
)
def test_n4_what_is_no_message_is_refused_with_line_and_reason(source: str, line: int, says: str) -> None:
    found = list(mistakes(source))
    assert found[0].line == line
    assert says in found[0].sentence


@pytest.mark.parametrize(
    "greedy",
    [
        "{{ 'x' * 10**9 }}",
        "{{ 'x'.center(10**9) }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ link | indent(1000000000) }}",
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% for a in 'xxxxxxxxxx' %}" * 12 + "x" + "{% endfor %}" * 12,
        "{{ 'a'" + (" | replace('a', '" + "a" * 50 + "')") * 8 + " }}",
        "{{ 'a'" + (" | replace('a', '" + "a" * 10 + "')") * 5 + " }}",
    ],
)
def test_n4_what_would_eat_the_machine_is_refused_before_it_does(greedy: str) -> None:
    with pytest.raises((ValueError, TooLong)):
        written(greedy)


def test_n4_a_text_that_grows_too_long_ends_there() -> None:
    assert written("{{ link }}" * 3, longest=200).count("https") == 3
    with pytest.raises(TooLong):
        written("{{ link }}" * 4, longest=200)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{{ link }}" * 40, "1600"),
        ("{{ link[99] }}", "cannot be filled in"),
        ("{{ comment | first }}", "cannot be filled in"),
    ],
)
def test_n4_what_only_shows_when_it_is_filled_in_is_found_too(source: str, says: str) -> None:
    assert list(mistakes(source)) == []
    assert says in (fails(source, 1600, autoescape=False) or "")


def test_a_template_tells_what_it_names() -> None:
    assert names_in("{% if link %}{{ patient.first_name }}{% endif %}") == {"link", "patient.first_name"}


def test_html_is_escaped_around_what_people_typed() -> None:
    texts = {**SAMPLES, "patient.first_name": "<b>"}
    html = text_of("<i>{{ patient.first_name }}</i>", variables_by_name(texts), 99, autoescape=True)
    assert html == "<i>&lt;b&gt;</i>"
