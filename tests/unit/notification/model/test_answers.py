"""STOP ends SMS to a number, START opens it again, in the words of each language and as Twilio reads them (N5)."""

import pytest

from services.notification.model.answers import wish_of


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "stop", " Stop. ", "STOPALL", "Unsubscribe", "cancel", "END", "Quit",
        "Stopp", "STOPP!", "Avsluta", "Avslutt", "Afmeld", "ARRET", "Arrêt", "Désabonner",
        "لغو", "لغو۱۱", "لغو 11", "توقف",
    ],
)  # fmt: skip
def test_n5_stop_in_each_language(text: str) -> None:
    assert wish_of(text, "") == "stop"


@pytest.mark.parametrize("text", ["START", "start", "Unstop", "Yes"])
def test_n5_start_opens_it_again(text: str) -> None:
    assert wish_of(text, "") == "start"


@pytest.mark.parametrize("text", ["", "Please stop by at nine", "Non-stop", "ja", "Thanks!", "👍", "STOP START"])
def test_n5_other_answers_change_nothing(text: str) -> None:
    assert wish_of(text, "") is None


@pytest.mark.parametrize(("opt_out", "wish"), [("STOP", "stop"), ("START", "start"), ("HELP", None), ("odd", None)])
def test_n5_where_twilio_has_acted_by_an_answer_its_reading_counts(opt_out: str, wish: str | None) -> None:
    assert wish_of("whatever", opt_out) == wish
    assert wish_of("stop", opt_out) == wish
