"""The memory that the wave DMA reads: control blocks, their links, and on/off words.

Sizes follow pigpio.c: 4 blocks of 53 pages, each with 118 control blocks and 79 words; the first
ten pages are reserved for chains. Addresses are plain indices, which is all the simulation needs.
"""

PAGES = 4 * 53
BLOCKS_PER_PAGE = 118
WORDS_PER_PAGE = 79
TOTAL_BLOCKS = PAGES * BLOCKS_PER_PAGE
TOTAL_WORDS = PAGES * WORDS_PER_PAGE
CHAIN_PAGES = 10
FIRST_BLOCK = CHAIN_PAGES * BLOCKS_PER_PAGE
"""First block of waves (waveOutBotCB)."""
FIRST_WORD = CHAIN_PAGES * WORDS_PER_PAGE
CHAIN_WORDS = 1_000
"""Words for chains, after those of waves: 600 links, then the loop counters."""

END = -1
"""A null link: the list ends here."""

Block = tuple[int, int, int]
"""One control block: its operation and two arguments."""

DELAY = 0
"""Wait for the first argument in microseconds of the wave clock."""
SET = 1
"""Write the word at the first argument to the set register."""
CLEAR = 2
"""Write the word at the first argument to the clear register."""
SET_THEN_CLEAR = 3
"""Two-beat burst: the word at the first argument sets, the next one clears, in this order."""
IDLE = 4
"""A transfer without effect: sentinel of a padded wave, dummy in a chain."""
PATCH = 5
"""Copy the word at the first argument into the link of the block at the second."""
COUNT = 6
"""Loop counter: while its word (first argument) is above 0, decrement it and follow the word after
it; else reload it from the second argument and follow the link. In pigpio a counter is thirteen
blocks that move words around; jumps and duration are the same."""

_EMPTY: Block = (IDLE, 0, 0)


class WaveMemory:
    """Blocks, links and words, all writable while DMA reads them."""

    __slots__ = ("blocks", "links", "words")

    def __init__(self) -> None:
        self.blocks: list[Block] = [_EMPTY] * TOTAL_BLOCKS
        self.links = [END] * TOTAL_BLOCKS
        self.words = [0] * (TOTAL_WORDS + CHAIN_WORDS)
