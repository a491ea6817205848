"""Commands about the daemon itself, and delays."""

from drivers.virtual.pigpiod.codes import WORD_MASK, Answer, Cmd, Err, Handler, Steps

VERSION = 79
MAX_MICS_US = 1_000_000
MAX_MILS_MS = 60_000
MAX_PAD = 2
MAX_STRENGTH_MA = 16
_DEFAULT_STRENGTH_MA = 8


class SystemCommands:
    """Version, revision, internals, pad strength, MICS and MILS."""

    def __init__(self, revision: int) -> None:
        self._revision = revision
        self._internals = 0
        self._strength_ma = [_DEFAULT_STRENGTH_MA] * (MAX_PAD + 1)

    def commands(self) -> dict[int, Handler]:
        """Return the handlers by command number."""
        return {
            Cmd.HWVER: lambda *_: self._revision & 0xFF_FFFF,
            Cmd.PIGPV: lambda *_: VERSION,
            Cmd.HELP: lambda *_: 0,
            Cmd.MICS: self._microseconds,
            Cmd.MILS: self._milliseconds,
            Cmd.CGI: lambda *_: self._internals,
            Cmd.CSI: self._set_internals,
            Cmd.PADS: self._set_pad,
            Cmd.PADG: self._get_pad,
        }

    def _microseconds(self, length: int, _: int, __: bytes) -> Answer:
        return _wait(length * 1_000) if length <= MAX_MICS_US else Err.BAD_MICS_DELAY

    def _milliseconds(self, length: int, _: int, __: bytes) -> Answer:
        return _wait(length * 1_000_000) if length <= MAX_MILS_MS else Err.BAD_MILS_DELAY

    def _set_internals(self, value: int, _: int, __: bytes) -> int:
        self._internals = value & WORD_MASK
        return 0

    def _set_pad(self, pad: int, strength_ma: int, _: bytes) -> int:
        if pad > MAX_PAD:
            return Err.BAD_PAD
        if not 1 <= strength_ma <= MAX_STRENGTH_MA:
            return Err.BAD_STRENGTH
        # The register holds even values only.
        self._strength_ma[pad] = (strength_ma + 1) // 2 * 2
        return 0

    def _get_pad(self, pad: int, _: int, __: bytes) -> int:
        return Err.BAD_PAD if pad > MAX_PAD else self._strength_ma[pad]


def _wait(delay_ns: int) -> Steps:
    yield delay_ns
    return 0
