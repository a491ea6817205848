"""Convert between µA and DAC codes with a board's calibration; never above the amplitude set.

Only the gate uses it: everything else of the appliance counts in µA.
"""

from typing import Protocol

from drivers.quantities import PPM, DacCode, Microamps

MAX_CODE = 4_095  # 12 bits


class _Output(Protocol):
    @property
    def full_scale_ua(self) -> int: ...


class _Calibration(Protocol):
    @property
    def source_gain_ppm(self) -> tuple[int, ...]: ...
    @property
    def source_offset_ua(self) -> tuple[int, ...]: ...


class SourceScale(Protocol):
    """What a code means on a board; a `drivers.board_file.BoardFile` is one."""

    @property
    def output(self) -> _Output:
        """Return the full scale of the current sources."""
        ...

    @property
    def calibration(self) -> _Calibration:
        """Return the gain and offset of each channel's source."""
        ...


def code_for(board: SourceScale, channel: int, amplitude_ua: int) -> DacCode:
    """Return the highest code that gives no more than `amplitude_ua`.

    An amplitude beyond full scale gives the highest code. Where that code would give nothing it is
    0, no output: so a code is 0 exactly where its amplitude is, whatever the offset.
    """
    gain_ppm, offset_ua = _source(board, channel)
    per_code = board.output.full_scale_ua * gain_ppm
    code = (amplitude_ua - offset_ua) * MAX_CODE * PPM // per_code
    code = DacCode(min(max(code, 0), MAX_CODE))
    return code if amplitude_of(board, channel, code) else DacCode(0)


def amplitude_of(board: SourceScale, channel: int, code: int) -> Microamps:
    """Return what a code gives, rounded up to the next µA; code 0 gives nothing at all."""
    if code == 0:
        return Microamps(0)
    gain_ppm, offset_ua = _source(board, channel)
    scaled = code * board.output.full_scale_ua * gain_ppm
    return Microamps(max(-(-scaled // (MAX_CODE * PPM)) + offset_ua, 0))


def _source(board: SourceScale, channel: int) -> tuple[int, int]:
    calibration = board.calibration
    return calibration.source_gain_ppm[channel - 1], calibration.source_offset_ua[channel - 1]
