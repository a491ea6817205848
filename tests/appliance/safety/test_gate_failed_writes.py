"""What the gate holds of the DAC's codes when a write of them fails, and how it comes to know."""

from dataclasses import replace

import pytest

from appliance.core.limits.limits import Region
from appliance.core.plan.dose import DoseAllowance
from appliance.safety.gate import Gate, Permit
from appliance.safety.state_machine.states import Delivering
from drivers.board_file import load_board_file
from drivers.errors import TransferFailed
from drivers.quantities import DacCode
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
    gate.write_codes(codes(300, 100))
    transfers.tried.clear()
    return gate


def codes(*each: int) -> tuple[DacCode, ...]:
    return tuple(DacCode(code) for code in each)


def lose(gate: Gate, transfers: Transfers, wanted: tuple[DacCode, ...]) -> None:
    transfers.lost = True
    with pytest.raises(TransferFailed):
        gate.write_codes(wanted)
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
def test_after_a_lost_write_each_code_may_be_the_old_one_or_the_new(
    gate: Gate,
    transfers: Transfers,
    wanted: tuple[int, ...],
    highest: tuple[int, ...],
    lowest: tuple[int, ...],
) -> None:
    lose(gate, transfers, codes(*wanted))
    assert (gate.codes, gate.least_codes) == (highest, lowest)


def test_two_lost_writes_leave_every_code_that_any_of_them_may_have_left(
    gate: Gate, transfers: Transfers
) -> None:
    lose(gate, transfers, codes(200, 400))
    lose(gate, transfers, codes(250, 50))
    assert (gate.codes, gate.least_codes) == ((300, 400), (200, 50))


def test_codes_that_the_dac_is_known_to_hold_are_not_written_again(
    gate: Gate, transfers: Transfers
) -> None:
    gate.write_codes(codes(300, 100))
    assert transfers.tried == []


def test_codes_whose_write_was_lost_are_written_again(gate: Gate, transfers: Transfers) -> None:
    """Hazard: the DAC holds less or more than the level says, and nothing corrects it."""
    lose(gate, transfers, codes(400, 200))
    gate.write_codes(codes(400, 200))
    assert transfers.tried == [(400, 200)]
    assert gate.codes == gate.least_codes == (400, 200)


def test_zero_is_written_again_only_where_the_codes_are_not_known(
    gate: Gate, transfers: Transfers
) -> None:
    gate.zero_unknown()
    assert transfers.tried == []
    assert gate.codes == (300, 100)
    lose(gate, transfers, codes(400, 200))
    gate.zero_unknown()
    assert transfers.tried == [(0, 0)]
    assert gate.codes == gate.least_codes == (0, 0)
