"""Chains of waves: turn the byte codes of WVCHA into control blocks (gpioWaveChain)."""

from drivers.virtual.pigpiod.codes import Err
from drivers.virtual.pigpiod.waves.wave_memory import (
    BLOCKS_PER_PAGE,
    CHAIN_PAGES,
    COUNT,
    DELAY,
    END,
    IDLE,
    PATCH,
    TOTAL_WORDS,
    WaveMemory,
)

LEAD_IN_US = 20
MAX_COUNTERS = 20
MAX_NESTING = 10
CHAIN_BLOCKS_PER_PAGE = 60
_COUNTER_BLOCKS_PER_PAGE = 26
_COUNTER_BLOCKS = 13
MAX_BLOCKS = CHAIN_PAGES * CHAIN_BLOCKS_PER_PAGE
_COUNTER_WORDS = TOTAL_WORDS + MAX_BLOCKS
_COMMAND = 255
_LOOP_BEGIN, _LOOP_END, _WAIT, _FOREVER = range(4)
_LENGTHS = {_LOOP_BEGIN: 2, _LOOP_END: 4, _WAIT: 4, _FOREVER: 2}


class _Refused(Exception):
    def __init__(self, code: Err) -> None:
        super().__init__(code)
        self.code = code


class ChainBuilder:
    """Builds one chain in the reserved pages.

    `waves` holds, for each id, its first block after the lead-in and its tail; None if deleted.
    """

    def __init__(self, memory: WaveMemory, waves: list[tuple[int, int] | None]) -> None:
        self._memory = memory
        self._waves = waves
        self._used = 0
        self._counters = 0
        self._loops: list[int] = []
        self._endless: int | None = None

    def build(self, chain: bytes) -> tuple[int, int] | Err:
        """Return (first block, block whose link ends the chain), or the error of the chain."""
        try:
            self._put(DELAY, LEAD_IN_US, 0)
            at = 0
            while at < len(chain):
                at = self._entry(chain, at)
            last = self._put(IDLE, 0, 0, link=END)
        except _Refused as refused:
            return refused.code
        return _position(0), last if self._endless is None else self._endless

    def _entry(self, chain: bytes, at: int) -> int:
        if chain[at] != _COMMAND:
            self._wave(chain[at])
            return at + 1
        if at + 2 > len(chain):
            raise _Refused(Err.BAD_CHAIN_CMD)
        what = chain[at + 1]
        if what not in _LENGTHS:
            raise _Refused(Err.BAD_CHAIN_CMD)
        end = at + _LENGTHS[what]
        if what == _LOOP_END and self._counters >= MAX_COUNTERS:
            raise _Refused(Err.CHAIN_COUNTER)
        if end > len(chain):
            raise _Refused(Err.BAD_CHAIN_CMD)
        value = int.from_bytes(chain[at + 2 : end], "little")
        if what == _LOOP_BEGIN:
            self._begin_loop()
        elif what == _LOOP_END:
            self._end_loop(value)
        elif what == _FOREVER:
            self._loop_forever(last=end >= len(chain))
        elif value:
            self._put(DELAY, value, 0)
        return end

    def _wave(self, wave: int) -> None:
        """Add a wave; a block patches its tail to lead back to the chain each time."""
        blocks = self._waves[wave] if wave < len(self._waves) else None
        if blocks is None:
            raise _Refused(Err.BAD_WAVE_ID)
        first, tail = blocks
        slot = self._used
        self._put(PATCH, TOTAL_WORDS + slot, tail, link=first)
        self._memory.words[TOTAL_WORDS + slot] = self._following()

    def _begin_loop(self) -> None:
        if len(self._loops) >= MAX_NESTING:
            raise _Refused(Err.CHAIN_NESTING)
        self._loops.append(self._used)

    def _loop_start(self) -> int:
        start = self._loops.pop() if self._loops else 0
        if start < 1 or start == self._used:
            raise _Refused(Err.BAD_CHAIN_LOOP)
        return start

    def _end_loop(self, cycles: int) -> None:
        start = self._loop_start()
        if cycles == 0:
            # Only the first block of the loop gets a link past the rest: if it is a delay, it is
            # waited out.
            self._memory.links[_position(start)] = _position(self._used)
        elif cycles > 1:
            counter = self._counter_position()
            self._put(IDLE, 0, 0, link=counter)
            words = _COUNTER_WORDS + 2 * self._counters
            self._memory.blocks[counter] = (COUNT, words, cycles - 1)
            self._memory.links[counter] = self._following()
            self._memory.words[words : words + 2] = [cycles - 1, _position(start)]
            self._counters += 1

    def _loop_forever(self, *, last: bool) -> None:
        start = self._loop_start()
        block = self._put(IDLE, 0, 0, link=_position(start))
        if not last:
            raise _Refused(Err.BAD_FOREVER)
        self._endless = block

    def _counter_position(self) -> int:
        page, second = divmod(self._counters, 2)
        return page * BLOCKS_PER_PAGE + second * _COUNTER_BLOCKS

    def _following(self) -> int:
        """Return where the next block will be; raises `_Refused` if there is no room."""
        if self._used >= MAX_BLOCKS:
            raise _Refused(Err.CHAIN_TOO_BIG)
        return _position(self._used)

    def _put(self, what: int, first: int, second: int, link: int | None = None) -> int:
        block = self._following()
        self._used += 1
        self._memory.blocks[block] = (what, first, second)
        self._memory.links[block] = _position(self._used) if link is None else link
        return block


def _position(index: int) -> int:
    """Return the block of a chain entry: each reserved page holds two counters, then entries."""
    page, within = divmod(index, CHAIN_BLOCKS_PER_PAGE)
    return page * BLOCKS_PER_PAGE + _COUNTER_BLOCKS_PER_PAGE + within
