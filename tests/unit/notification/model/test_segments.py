"""In how many parts an SMS is sent (PRODUCT N4; 3GPP TS 23.038)."""

import pytest

from services.notification.model.segments import Segments, segments_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 0)),
        ("Hej!", Segments("GSM-7", 4, 1)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("a" * 306, Segments("GSM-7", 306, 2)),
        ("a" * 307, Segments("GSM-7", 307, 3)),
        ("åäöÅÄÖæøÆØéèùìòàñüß@£$¥§¿¡", Segments("GSM-7", 26, 1)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        ("€" * 81, Segments("GSM-7", 162, 2)),
        ("a" * 152 + "€" + "a" * 10, Segments("GSM-7", 164, 2)),
        ("a" * 152 + "€" + "a" * 152, Segments("GSM-7", 306, 3)),  # the euro sign is not torn in two
        ("ê", Segments("UCS-2", 1, 1)),
        ("ن" * 70, Segments("UCS-2", 70, 1)),
        ("ن" * 71, Segments("UCS-2", 71, 2)),
        ("ن" * 134, Segments("UCS-2", 134, 2)),
        ("ن" * 135, Segments("UCS-2", 135, 3)),
        ("😀" * 35, Segments("UCS-2", 70, 1)),
        ("😀" * 66, Segments("UCS-2", 132, 2)),
        ("😀" * 67, Segments("UCS-2", 134, 3)),  # 33 fit into a part: half of one does not
        ("a – b", Segments("UCS-2", 5, 1)),
        ("10\u00a0min", Segments("UCS-2", 6, 1)),
    ],
)
def test_n4_an_sms_is_counted_as_it_is_sent(text: str, expected: Segments) -> None:
    assert segments_of(text) == expected
