"""What a clinic may write in its own messages (PRODUCT N4, CONTRACTS 1)."""

import pytest

from shared.message_templates import VARIABLES, unknown_variables


@pytest.mark.parametrize(
    "source",
    [
        "No variables, and 100 % {plain}.",
        "Hej {{ patient.first_name }}! {{ booking.date }} {{booking.time}} {{ link }}",
        "{% if booking.message %}{{ booking.message | upper }}{% endif %}",
        "{% set name = patient.last_name %}{{ name.title() }}",
        "{{ comment or '–' }}",
        "{{ 'a' | center(10000000000000) }}",  # read only: nothing is worked out
        *("{{ " + name + " }}" for name in sorted(VARIABLES)),
    ],
)
def test_n4_what_messages_have_may_be_named(source: str) -> None:
    assert unknown_variables(source) == []


@pytest.mark.parametrize(
    ("source", "unknown"),
    [
        ("{{ patient.mobile }}", ["patient.mobile"]),
        ("{% if patient.mobile %}{% endif %}{{ nope.x }}", ["nope", "nope.x", "patient.mobile"]),
        ("{% for day in range(9) %}{{ day }}{% endfor %}", ["range"]),
    ],
)
def test_n4_what_no_message_has_is_found_wherever_it_stands(source: str, unknown: list[str]) -> None:
    assert unknown_variables(source) == unknown


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("Hi\n{{", "Line 2"),
        ("{% for %}", "Line 1"),
        ("{% if link %}", "Line 1"),
        ("{{ link | shout }}", "shout"),
        ("{% include 'a' %}", "stands alone"),
        ("{{ " + "(" * 5000 + "link" + ")" * 5000 + " }}", "levels"),
        ("{% for a in link %}" * 25 + "{% endfor %}" * 25, "levels"),
    ],
)
def test_n4_what_is_no_template_is_refused_with_a_reason(source: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        unknown_variables(source)
