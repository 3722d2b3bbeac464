"""Personal links (PRODUCT M1, B9)."""

from shared.links import (
    feed_of,
    feed_token,
    manage_token,
    need_of,
    need_token,
    password_link_of,
    password_token,
    token_opens,
    token_reference,
)

REFERENCE = "7K3M9QWXYZ"


def test_a_link_opens_its_booking() -> None:
    """M1: the message's link opens that booking."""
    token = manage_token("key", REFERENCE, 1)
    assert token_reference(token) == REFERENCE
    assert token_opens(["key"], token, REFERENCE, 1)


def test_a_link_opens_nothing_else() -> None:
    """M1: it cannot be guessed: another booking, epoch or key needs another token."""
    token = manage_token("key", REFERENCE, 1)
    assert not token_opens(["key"], token, "AAAAAAAAAA", 1)
    assert not token_opens(["key"], token, REFERENCE, 2)
    assert not token_opens(["other"], token, REFERENCE, 1)
    assert not token_opens(["key"], token[:-1] + ("A" if token[-1] != "A" else "B"), REFERENCE, 1)
    assert not token_opens(["key"], token.lower(), REFERENCE, 1)


def test_a_link_holds_at_least_128_bits_that_cannot_be_guessed() -> None:
    """DESIGN rule 9: base64 holds six bits in each of the 24 characters."""
    assert len(manage_token("key", REFERENCE, 1)) - len(REFERENCE) >= 128 / 6


def test_what_cannot_be_a_token_names_no_booking() -> None:
    assert [token_reference(text) for text in ("", "x" * 24, "x" * 65, "å" * 30)] == [None] * 4


def test_a_recalls_link_proves_its_need_and_nothing_else() -> None:
    """B9: the recall's link says which need its holder may book; a booking's link says none."""
    token = need_token("key", "a" * 32)

    assert need_of(["key"], token) == "a" * 32
    assert need_of(["other"], token) is None
    assert need_of(["key"], token.replace("a", "b")) is None
    assert need_of(["key"], manage_token("key", REFERENCE, 1)) is None
    assert need_of(["key"], "å" * len(token)) is None


def test_a_password_s_link_proves_itself_and_no_need() -> None:
    """C4: what is derived for one purpose opens nothing of another."""
    token = password_token("key", "a" * 32)

    assert password_link_of(["key"], token) == "a" * 32
    assert password_link_of(["other"], token) is None
    assert password_link_of(["key"], token.replace("a", "b")) is None
    assert need_of(["key"], token) is None
    assert password_link_of(["key"], need_token("key", "a" * 32)) is None
    assert [password_link_of(["key"], text) for text in ("", "å" * len(token), token + "x")] == [None] * 3


def test_links_of_a_key_that_is_replaced_open_beside_those_of_the_new_one() -> None:
    """A3: both are accepted while `LINK_KEY` names both, and what a key made that went opens nothing."""
    of_each = [
        (token_opens, manage_token, (REFERENCE, 1)), (need_of, need_token, ("a" * 32,)),
        (password_link_of, password_token, ("a" * 32,)), (feed_of, feed_token, ("a" * 32,)),
    ]  # fmt: skip
    for opens, made, of in of_each:
        more = of if opens is token_opens else ()
        for key in ("old", "new"):
            token = made(key, *of)  # type: ignore[operator]
            assert opens(["new", "old"], token, *more)  # type: ignore[operator]
            assert bool(opens(["new"], token, *more)) == (key == "new")  # type: ignore[operator]
