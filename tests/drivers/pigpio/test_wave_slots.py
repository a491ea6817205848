"""Which wave ids may be sent and which deleted."""

import pytest

from drivers.errors import SliceRejected
from drivers.pigpio.wave_slots import SlotPosition, WaveSlots

pytestmark = pytest.mark.proves("finite-slices")

IDLE = 9999


def slots_of(*ids: int) -> WaveSlots:
    slots = WaveSlots()
    for wave in ids:
        slots.sent(wave)
    return slots


@pytest.mark.parametrize(
    ("playing", "where"),
    [
        (5, SlotPosition.QUEUED),
        (6, SlotPosition.QUEUED),
        (7, SlotPosition.LAST),
        (9999, SlotPosition.ENDED),
        (9998, SlotPosition.UNKNOWN),
        (8, SlotPosition.UNKNOWN),
    ],
)
def test_the_playing_id_gives_the_position_in_the_stream(playing: int, where: SlotPosition) -> None:
    assert slots_of(5, 6, 7).locate(playing, idle=IDLE) is where


@pytest.mark.parametrize(("playing", "older"), [(5, ()), (6, (5,)), (7, (5, 6)), (9998, ())])
def test_only_ids_older_than_the_playing_id_are_retired(
    playing: int, older: tuple[int, ...]
) -> None:
    slots = slots_of(5, 6, 7)
    assert slots.retire(playing) == older
    assert slots.in_flight == 3 - len(older)


def test_the_last_sent_id_is_never_retired() -> None:
    slots = slots_of(1, 2, 3)
    for playing in (1, 2, 3, 3, 9999):
        assert 3 not in slots.retire(playing)
    assert slots.in_flight == 1


def test_an_id_in_flight_may_not_be_sent_again() -> None:
    slots = slots_of(1, 2)
    with pytest.raises(SliceRejected, match="wave id 2"):
        slots.check_new(2)
    slots.check_new(3)


def test_forget_leaves_no_id_in_flight() -> None:
    slots = slots_of(1, 2)
    slots.forget()
    assert slots.in_flight == 0
    assert slots.locate(1, idle=IDLE) is SlotPosition.UNKNOWN
