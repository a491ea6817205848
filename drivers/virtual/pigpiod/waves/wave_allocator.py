"""Which control blocks each wave has: the allocator of gpioWaveCreate and gpioWaveDelete."""

from dataclasses import dataclass

from drivers.virtual.pigpiod.codes import Err
from drivers.virtual.pigpiod.waves.pending_wave import Pulse
from drivers.virtual.pigpiod.waves.wave_memory import (
    CLEAR,
    DELAY,
    END,
    FIRST_BLOCK,
    FIRST_WORD,
    IDLE,
    SET,
    SET_THEN_CLEAR,
    TOTAL_BLOCKS,
    TOTAL_WORDS,
    Block,
    WaveMemory,
)

LEAD_IN_US = 20
_DELAY_MASK = (1 << 28) - 1
"""A block's length has 30 bits, and one microsecond takes four bytes."""


@dataclass(frozen=True, slots=True)
class Size:
    """Control blocks, on/off words, and words at the top (for reads, which are never requested)."""

    cbs: int
    words: int
    top_words: int = 0


@dataclass(slots=True)
class WaveSlot:
    """Memory of one wave id; it stays allocated after the wave is deleted."""

    size: Size
    bottom: int
    bottom_word: int
    top_word: int
    deleted: bool = False

    @property
    def top(self) -> int:
        """The last block: the wave's tail, to which the next wave is linked."""
        return self.bottom + self.size.cbs - 1


def size_of(pulses: list[Pulse]) -> Size:
    """Return what a wave needs, including its lead-in (waveCBsOOLs)."""
    cbs, words = 1, 0
    for on, off, delay_us in pulses:
        words += (1 if on else 0) + (1 if off else 0)
        cbs += (1 if on or off else 0) + (1 if delay_us else 0)
    return Size(cbs, words)


def padded_size(cbs_percent: int, words_percent: int, top_percent: int) -> Size:
    """Return the size of a padded slot: per cent of the memory for waves, rounded down."""
    blocks, words = TOTAL_BLOCKS - FIRST_BLOCK, TOTAL_WORDS - FIRST_WORD
    return Size(
        blocks * cbs_percent // 100, words * words_percent // 100, words * top_percent // 100
    )


class WaveAllocator:
    """The table of waves. Entries stay after waves are cleared or freed, as in waveInfo."""

    def __init__(self, memory: WaveMemory) -> None:
        self.table: list[WaveSlot] = []
        self.count = 0
        self._memory = memory
        self._next_block, self._next_word, self._top_word = FIRST_BLOCK, FIRST_WORD, TOTAL_WORDS

    def clear(self) -> None:
        """Delete every wave; blocks keep their contents, which DMA may be reading."""
        self.count = 0
        self._next_block, self._next_word, self._top_word = FIRST_BLOCK, FIRST_WORD, TOTAL_WORDS

    def find(self, wave: int) -> WaveSlot | None:
        """Return the slot of an existing wave, else None."""
        slot = self.table[wave] if wave < self.count else None
        return None if slot is None or slot.deleted else slot

    def allocate(self, size: Size) -> int:
        """Return a wave id with `size` of memory, or an error.

        A deleted wave of exactly this size is reused with its blocks, lowest id first.
        """
        for wave, slot in enumerate(self.table[: self.count]):
            if slot.deleted and slot.size == size:
                slot.deleted = False
                return wave
        if size.cbs + self._next_block > TOTAL_BLOCKS:
            return Err.TOO_MANY_CBS
        if size.words + self._next_word > self._top_word - size.top_words:
            return Err.TOO_MANY_OOL
        return self._append(size)

    def _append(self, size: Size) -> int:
        # The test against PI_MAX_WAVES compares an id that is still -1 (gpioWaveCreate), so it
        # never applies; pigpiod then writes beyond its table, here the ids continue.
        wave = self.count
        slot = WaveSlot(size, self._next_block, self._next_word, self._top_word)
        self.table[wave : wave + 1] = [slot]
        self.count += 1
        self._next_block += size.cbs
        self._next_word += size.words
        self._top_word -= size.top_words
        return wave

    def delete(self, wave: int) -> int:
        """Mark a wave deleted; at the top, free it and the deleted ones below it.

        This does not stop DMA, and the wave stays the last one sent (gpioWaveDelete).
        """
        slot = self.find(wave)
        if slot is None:
            return Err.BAD_WAVE_ID
        slot.deleted = True
        if wave == self.count - 1:
            while wave > 0 and self.table[wave - 1].deleted:
                wave -= 1
            slot = self.table[wave]
            self._next_block, self._next_word = slot.bottom, slot.bottom_word
            self._top_word = slot.top_word
            self.count = wave
        return 0

    def build(self, pulses: list[Pulse], wave: int, *, padded: bool) -> None:
        """Write blocks and words of a wave (wave2Cbs)."""
        slot = self.table[wave]
        blocks: list[Block] = [(DELAY, LEAD_IN_US, 0)]
        words: list[int] = []
        at = slot.bottom_word
        for on, off, delay_us in pulses:
            if on or off:
                what = SET_THEN_CLEAR if on and off else SET if on else CLEAR
                blocks.append((what, at + len(words), 0))
                words.extend(mask for mask in (on, off) if mask)
            if delay_us:
                blocks.append((DELAY, delay_us & _DELAY_MASK, 0))
        bottom, memory = slot.bottom, self._memory
        last = bottom + len(blocks) - 1
        memory.blocks[bottom : last + 1] = blocks
        memory.links[bottom : last + 1] = range(bottom + 1, last + 2)
        memory.words[at : at + len(words)] = words
        if padded:
            # A wave that fills its slot completely loses its last block to the sentinel.
            memory.links[last] = slot.top
            memory.blocks[slot.top] = (IDLE, 0, 0)
        memory.links[slot.top] = END
