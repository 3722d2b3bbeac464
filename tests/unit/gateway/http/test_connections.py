"""One address cannot hold all connections: the longest idle one makes room, of its own or of all."""

import pytest

from gateway.http.connections import Connections, Held, Shares


class FakeSocket:
    """A socket that notes that it was shut down."""

    def __init__(self, *, gone: bool = False) -> None:
        self.was_shut = False
        self._gone = gone

    def shutdown(self, how: int) -> None:
        """Note it; one that is gone already says so, as real ones do."""
        self.was_shut = True
        if self._gone:
            raise OSError("not connected")


class House:
    """Connections with room for ten, three of one address, four of a site, five of a network; and what was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.connections = Connections(
            10, Shares(3, 4, 5), is_exempt=lambda peer: peer == "10.0.0.9", told=self.told.append
        )

    def open(self, peer: str, **kind: bool) -> tuple[Held | None, FakeSocket]:
        """Return the place of a new connection, and its socket."""
        socket = FakeSocket(**kind)
        return self.connections.admit(socket, peer), socket

    def busy(self, peer: str) -> Held:
        """Return a connection on which a request is under way."""
        held, _ = self.open(peer)
        assert held is not None
        self.connections.note_busy(held)
        return held


@pytest.fixture
def house() -> House:
    return House()


def test_the_longest_idle_one_of_an_address_makes_room_for_its_next(house: House) -> None:
    (_, first), (second, other), _ = [house.open("192.0.2.1") for _ in range(3)]
    assert second is not None
    house.connections.note_idle(second)

    held, _ = house.open("192.0.2.1")

    assert held is not None
    assert (first.was_shut, other.was_shut) == (True, False)
    assert house.told == ["closed_idle"]


def test_an_address_whose_share_is_busy_is_refused_and_nobody_else(house: House) -> None:
    for _ in range(3):
        house.busy("192.0.2.1")

    assert house.open("192.0.2.1")[0] is None
    assert house.open("192.0.2.2")[0] is not None
    assert house.told == ["refused"]


def test_the_addresses_of_one_ipv6_subscriber_share(house: House) -> None:
    for last in range(1, 4):
        house.busy(f"2001:db8::{last}")

    assert house.open("2001:db8::ffff")[0] is None
    assert house.open("2001:db8:0:1::1")[0] is not None


@pytest.mark.parametrize(
    ("addresses", "share", "elsewhere"),
    [
        ("2001:db8:1:{}::1", 4, "2001:db8:1:100::1"),
        ("2001:db8:1:{}00::1", 5, "2001:db8:2::1"),
        ("192.0.2.{}", 5, "192.0.3.1"),
    ],
    ids=["site", "network of IPv6", "network of IPv4"],
)
def test_a_site_or_a_network_shares_however_many_addresses_it_has(
    house: House, addresses: str, share: int, elsewhere: str
) -> None:
    """Five /64s of one site held all five hundred."""
    idle = house.open(addresses.format(1))[1]
    for number in range(2, share + 1):
        house.busy(addresses.format(number))

    house.busy(addresses.format(7))
    assert idle.was_shut
    assert house.open(addresses.format(8))[0] is None
    assert house.open(elsewhere)[0] is not None
    assert house.told == ["closed_idle", "refused"]


def test_proxies_have_no_share_of_their_own(house: House) -> None:
    assert all(house.busy("10.0.0.9") for _ in range(9))
    assert house.open("10.0.0.8")[0] is not None, "nor do they take that of others in their network"


def test_when_all_are_taken_the_longest_idle_of_all_makes_room(house: House) -> None:
    oldest = house.open("192.0.2.1")[1]
    for last in range(1, 10):
        house.busy(f"10.{last}.0.1")

    assert house.open("10.10.0.1")[0] is not None
    assert oldest.was_shut


def test_a_place_that_is_given_back_is_free_once(house: House) -> None:
    held = [house.busy("192.0.2.1") for _ in range(3)]

    house.connections.leave(held[0])
    house.connections.leave(held[0])

    assert house.open("192.0.2.1")[0] is not None
    assert house.told == []


def test_one_that_has_just_ended_by_itself_makes_room_too(house: House) -> None:
    house.open("192.0.2.1", gone=True)
    for _ in range(2):
        house.busy("192.0.2.1")

    assert house.open("192.0.2.1")[0] is not None


def test_at_the_end_whoever_asks_or_is_about_to_is_waited_for_and_nobody_else(house: House) -> None:
    (_, quiet), (asking, of_asking), (_, about_to) = [house.open(f"10.{number}.0.1") for number in range(3)]
    assert asking is not None
    house.connections.note_asking(asking)

    def end() -> bool:
        return house.connections.end_quiet_ones(0, has_unread=lambda connection: connection is about_to)

    assert end()
    assert (quiet.was_shut, of_asking.was_shut, about_to.was_shut) == (True, False, False)
    about_to = quiet
    house.connections.note_idle(asking)
    assert not end()
    assert of_asking.was_shut


def test_at_the_end_who_was_answered_just_now_may_ask_again(house: House) -> None:
    _, kept = house.open("10.0.0.1")

    assert house.connections.end_quiet_ones(60, has_unread=lambda connection: False)
    assert not kept.was_shut
