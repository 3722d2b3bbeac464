"""Which of the clinic's own questions are asked for a type (PRODUCT B5)."""

from shared.clinic.questions import questions_for


def test_b5_a_question_is_for_the_types_that_it_names_or_for_all() -> None:
    fields = [
        {"key": "all", "types": []},
        {"key": "exam", "types": ["exam"]},
        {"key": "both", "types": ["acute", "exam"]},
    ]
    assert [field["key"] for field in questions_for(fields, "exam")] == ["all", "exam", "both"]
    assert [field["key"] for field in questions_for(fields, "acute")] == ["all", "both"]
