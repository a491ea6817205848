"""A pressed rise key is released when its client disconnects or shows no newer snapshot."""

from dataclasses import dataclass, field

import pytest

from appliance.control.commands.screen_liveness import PressedKeys
from appliance.link.interfaces import Peer
from appliance.link.roles import Role

pytestmark = pytest.mark.proves("screen-watched")

ANNA, BERT = (Peer(number, name, Role.KIOSK, 0, 0) for number, name in ((1, "anna"), (2, "bert")))
MS = 1_000


@dataclass
class Link:
    """The connected peers, and the newest snapshot that each has shown."""

    shown: dict[Peer, int | None] = field(default_factory=dict)

    def peers(self) -> tuple[Peer, ...]:
        return tuple(self.shown)

    def seen(self, peer: Peer) -> int | None:
        return self.shown.get(peer)


@pytest.fixture
def link() -> Link:
    return Link({ANNA: 10, BERT: 10})


@pytest.fixture
def watch(link: Link) -> PressedKeys:
    found = PressedKeys(link)  # type: ignore[arg-type]
    found.take(1, ANNA, 0)
    return found


def test_a_key_is_lost_once_after_300_ms_without_a_newer_snapshot(watch: PressedKeys) -> None:
    """Hazard: a frozen screen continues to raise the level."""
    assert watch.lost(300 * MS) == ()
    assert watch.lost(300 * MS + 1) == (1,)
    assert watch.lost(400 * MS) == ()


def test_pressing_again_does_not_count_as_a_newer_snapshot(link: Link, watch: PressedKeys) -> None:
    """Hazard: a script or a repeating key raises the level while the screen shows nothing new."""
    watch.take(1, ANNA, 250 * MS)
    assert watch.lost(300 * MS) == ()
    assert watch.lost(300 * MS + 1) == (1,)
    watch.take(1, ANNA, 400 * MS)
    link.shown[ANNA] = 11
    watch.take(1, ANNA, 650 * MS)
    assert watch.lost(950 * MS) == ()
    watch.take(1, BERT, 950 * MS)
    assert watch.lost(1_250 * MS) == ()
    assert watch.lost(1_250 * MS + 1) == (1,)


def test_a_key_stays_pressed_while_its_screen_shows_newer_snapshots(
    link: Link, watch: PressedKeys
) -> None:
    for n in range(1, 40):
        link.shown[ANNA] = 10 + n
        assert watch.lost(n * 250 * MS) == ()
    assert watch.lost(39 * 250 * MS + 300 * MS + 1) == (1,)


def test_a_key_is_lost_at_once_when_its_client_has_disconnected(
    link: Link, watch: PressedKeys
) -> None:
    del link.shown[ANNA]
    assert watch.lost(1) == (1,)


def test_a_key_of_a_screen_that_never_showed_a_snapshot_is_lost_after_300_ms(link: Link) -> None:
    link.shown[ANNA] = None
    watch = PressedKeys(link)  # type: ignore[arg-type]
    watch.take(2, ANNA, 0)
    assert watch.lost(301 * MS) == (2,)


def test_a_released_key_is_not_watched(watch: PressedKeys) -> None:
    watch.let_go(1)
    watch.let_go(1)
    assert watch.lost(9_000 * MS) == ()


def test_each_key_has_its_own_holder(link: Link, watch: PressedKeys) -> None:
    watch.take(2, BERT, 200 * MS)
    assert watch.lost(301 * MS) == (1,)
    watch.take(1, BERT, 301 * MS)
    link.shown[BERT] = 11
    del link.shown[ANNA]
    assert watch.lost(600 * MS) == ()
    del link.shown[BERT]
    assert set(watch.lost(601 * MS)) == {1, 2}
