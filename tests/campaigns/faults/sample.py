"""The cells that every test run includes: a fixed sample that covers every fault and state.

Every fault is included with one of its values, every state at least twice.
"""

import random
from collections import Counter

from tests.campaigns.faults.cell_log import Cell
from tests.campaigns.faults.cells import all_cells
from tests.campaigns.faults.scene import STATES

SEED = 17
SIZE = 56
LEAST_OF_A_STATE = 2


def sample() -> list[Cell]:
    """Return the seeded choice, in the order of the campaign."""
    chance = random.Random(SEED)
    by_family: dict[str, list[Cell]] = {}
    for cell in all_cells():
        by_family.setdefault(family(cell), []).append(cell)
    chosen = [chance.choice(cells) for cells in by_family.values()]
    taken = {cell.name for cell in chosen}
    states = Counter(cell.state for cell in chosen)
    rest = [cell for cell in all_cells() if cell.name not in taken]
    chance.shuffle(rest)
    for state in STATES:
        missing = LEAST_OF_A_STATE - states[state]
        chosen += [cell for cell in rest if cell.state == state][: max(missing, 0)]
    taken = {cell.name for cell in chosen}
    chosen += [cell for cell in rest if cell.name not in taken][: max(SIZE - len(chosen), 0)]
    return sorted(chosen, key=lambda cell: STATES.index(cell.state))


def family(cell: Cell) -> str:
    """Return the fault's name without channel, gate and value."""
    return cell.case.family.partition(":")[0].partition("=")[0]
