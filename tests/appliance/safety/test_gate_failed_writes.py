"""What the gate holds of the DAC's amplitudes when a write of them fails, and how it comes to know.

Tests name amplitudes by their codes, of 120 mA over 4 095, since those are what is written.
"""

from dataclasses import replace
from math import ceil

import pytest

from appliance.core.limits.limits import Region
from appliance.core.plan.dose import DoseAllowance
from appliance.safety.gate import Gate, Permit
from appliance.safety.state_machine.states import Delivering
from drivers.board_file import load_board_file
from drivers.errors import TransferFailed
from drivers.quantities import DacCode, Microamps
from drivers.rigs.virtual import open_stepped_rig
from drivers.virtual.board import VirtualBoard

pytestmark = pytest.mark.proves("gate")

PLENTY = DoseAllowance(10**9, 10**9, 10**6, 10**15)
USUAL = Permit(Region.LOWER_BACK, 5_000, (20_000, 20_000), allowances={1: PLENTY, 2: PLENTY})


class Transfers:
    """Takes codes, or loses them; keeps what was tried."""

    def __init__(self) -> None:
        self.lost = False
        self.tried: list[tuple[int, ...]] = []

    def write_codes(self, codes: tuple[DacCode, ...]) -> None:
        """Keep the codes; raise when transfers are lost."""
        self.tried.append(codes)
        if self.lost:
            raise TransferFailed("lost")


@pytest.fixture
def transfers() -> Transfers:
    return Transfers()


@pytest.fixture
def gate(transfers: Transfers) -> Gate:
    """Return a gate that delivers, with codes 300 and 100 in the DAC."""
    rig = open_stepped_rig(VirtualBoard(load_board_file()))
    rig.pulses.prepare()
    gate = Gate(replace(rig, currents=transfers))
    gate.open(USUAL)
    gate.enter(Delivering())
    gate.begin_stream()
    gate.set_amplitudes(of_codes(300, 100))
    transfers.tried.clear()
    return gate


def of_codes(*codes: int) -> tuple[Microamps, ...]:
    return tuple(Microamps(ceil(code * 120_000 / 4_095)) for code in codes)


def lose(gate: Gate, transfers: Transfers, *codes: int) -> None:
    transfers.lost = True
    with pytest.raises(TransferFailed):
        gate.set_amplitudes(of_codes(*codes))
    transfers.lost = False
    transfers.tried.clear()


@pytest.mark.parametrize(
    ("wanted", "highest", "lowest"),
    [
        ((200, 400), (300, 400), (200, 100)),
        ((0, 0), (300, 100), (0, 0)),
        ((600, 600), (600, 600), (300, 100)),
    ],
)
def test_after_a_lost_write_each_amplitude_may_be_the_old_one_or_the_new(
    gate: Gate,
    transfers: Transfers,
    wanted: tuple[int, ...],
    highest: tuple[int, ...],
    lowest: tuple[int, ...],
) -> None:
    lose(gate, transfers, *wanted)
    assert (gate.highest_ua, gate.lowest_ua) == (of_codes(*highest), of_codes(*lowest))


def test_two_lost_writes_leave_every_amplitude_that_any_of_them_may_have_left(
    gate: Gate, transfers: Transfers
) -> None:
    lose(gate, transfers, 200, 400)
    lose(gate, transfers, 250, 50)
    assert (gate.highest_ua, gate.lowest_ua) == (of_codes(300, 400), of_codes(200, 50))


def test_amplitudes_that_the_dac_is_known_to_hold_are_not_written_again(
    gate: Gate, transfers: Transfers
) -> None:
    gate.set_amplitudes(of_codes(300, 100))
    assert transfers.tried == []


def test_amplitudes_whose_write_was_lost_are_written_again(
    gate: Gate, transfers: Transfers
) -> None:
    """Hazard: the DAC holds less or more than the level says, and nothing corrects it."""
    lose(gate, transfers, 400, 200)
    gate.set_amplitudes(of_codes(400, 200))
    assert transfers.tried == [(400, 200)]
    assert gate.highest_ua == gate.lowest_ua == of_codes(400, 200)


def test_zero_is_written_again_only_where_the_amplitudes_are_not_known(
    gate: Gate, transfers: Transfers
) -> None:
    gate.zero_unknown()
    assert transfers.tried == []
    assert gate.highest_ua == of_codes(300, 100)
    lose(gate, transfers, 400, 200)
    gate.zero_unknown()
    assert transfers.tried == [(0, 0)]
    assert gate.highest_ua == gate.lowest_ua == (0, 0)


def test_zeros_of_a_cut_are_believed_only_where_they_were_written(gate: Gate) -> None:
    gate.note_zero(written=False)
    assert (gate.highest_ua, gate.lowest_ua) == (of_codes(300, 100), (0, 0))
    gate.note_zero(written=True)
    assert gate.highest_ua == gate.lowest_ua == (0, 0)
