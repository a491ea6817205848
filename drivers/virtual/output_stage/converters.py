"""The chips on the SPI bus, and how their inputs and outputs are wired on this board.

CE0 and CE1 are DAC and ADC of channels 1 and 2; CE2 and CE3, which no Pi has, those of 3 and 4.
"""

import functools
from collections.abc import Callable, Sequence

from drivers.board_file import BoardFile
from drivers.virtual.output_stage.channel import OutputChannel
from drivers.virtual.output_stage.mcp3208 import Mcp3208
from drivers.virtual.output_stage.mcp4922 import FULL_CODE, Mcp4922

CHANNELS_PER_PAIR = 2
MID_CODE = 2_048
HALF_SPAN = 2_047
INPUT_RAIL, INPUT_REFERENCE, INPUT_READBACK = 4, 5, 6

Latched = Callable[[int, int, float], None]
"""Called with (channel index, latched code, µA) when a DAC output may have changed."""


class Converters:
    """One DAC and one ADC for every two channels."""

    def __init__(
        self,
        board: BoardFile,
        channels: Sequence[OutputChannel],
        rail_v: Callable[[], float],
        on_latched: Latched,
        seed: int,
    ) -> None:
        self._board = board
        self._channels = channels
        self._rail_v = rail_v
        self._on_latched = on_latched
        pairs = range((board.channels + 1) // CHANNELS_PER_PAIR)
        self.dacs = tuple(Mcp4922(functools.partial(self._output, pair)) for pair in pairs)
        self.adcs = tuple(
            Mcp3208(functools.partial(self._sample, pair), seed * 2 + pair) for pair in pairs
        )
        self._chips: dict[int, Mcp4922 | Mcp3208] = {}
        for pair in pairs:
            self._chips[2 * pair] = self.dacs[pair]
            self._chips[2 * pair + 1] = self.adcs[pair]

    def transfer(self, chip_select: int, sent: bytes) -> bytes:
        """Exchange bytes within one chip select; raises `KeyError` if there is no such chip."""
        return self._chips[chip_select].transfer(sent)

    def set_ldac(self, level: int) -> None:
        """Apply the level of LDAC_N, which all DACs share."""
        for dac in self.dacs:
            dac.set_ldac(level)

    def dac_of(self, index: int) -> tuple[Mcp4922, int]:
        """Return the chip and output for a channel, counted from 0."""
        return self.dacs[index // CHANNELS_PER_PAIR], index % CHANNELS_PER_PAIR

    def freeze(self, *, frozen: bool) -> None:
        """Make the ADCs repeat their last results (a fault), or convert again."""
        for adc in self.adcs:
            adc.frozen = frozen

    def _output(self, pair: int, place: int, output: int) -> None:
        index = pair * CHANNELS_PER_PAIR + place
        if index >= len(self._channels):
            return
        output_board, calibration = self._board.output, self._board.calibration
        amplitude_ua = 0.0
        if output:
            nominal_ua = output * output_board.full_scale_ua / FULL_CODE
            gain = calibration.source_gain_ppm[index] / 1e6
            amplitude_ua = max(nominal_ua * gain + calibration.source_offset_ua[index], 0.0)
        latched = self.dacs[pair].latched[place] & FULL_CODE
        self._on_latched(index, latched, amplitude_ua)

    def _sample(self, pair: int, number: int) -> float:
        """Return the value at an ADC input, in codes."""
        sense = self._board.sense
        if number == INPUT_RAIL:
            return self._rail_v() * 1e3 / sense.rail_full_scale_mv * FULL_CODE
        if number == INPUT_REFERENCE:
            return sense.reference_mv / sense.adc_full_scale_mv * FULL_CODE
        if number >= INPUT_READBACK:
            return float(self.dacs[pair].output[number - INPUT_READBACK])
        index = pair * CHANNELS_PER_PAIR + number // 2
        if index >= len(self._channels):
            return float(MID_CODE)
        return MID_CODE + HALF_SPAN * self._held(index, voltage=bool(number & 1))

    def _held(self, index: int, *, voltage: bool) -> float:
        """Return a held value as a fraction of full scale, before the reader's calibration."""
        hold, sense = self._channels[index].hold, self._board.sense
        if voltage:
            return hold.voltage_v * 1e3 / sense.voltage_full_scale_mv
        calibration = self._board.calibration
        true_ua = hold.current_a * 1e6 - calibration.sense_offset_ua[index]
        return true_ua / (calibration.sense_gain_ppm[index] / 1e6) / sense.current_full_scale_ua
