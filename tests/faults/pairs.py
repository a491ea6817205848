"""Two faults at once: a layer is taken away, or a second thing breaks while the first one acts.

A seeded choice, always the same. The first of a pair goes in first, the second up to 50 ms later.
"""

import random

from tests.faults.cases import Budget, Case, Must, Onset
from tests.faults.cell import Cell
from tests.faults.faults import board_faults, process_faults
from tests.faults.scene import ENERGISING, STATES

COUNT = 72
SEED = 20_240_917
TAKE_AWAY = (
    "latch-dead",
    "limiter-dead",
    "over-current-dead",
    "watchdog-dead",
    "watchdog-width=25",
    "stalled-daemon",
    "lost-daemon",
    "frozen-adc",
    "lost-spi",
)
"""Each takes a layer, or what a layer lives on."""
COME_AFTER = (
    "estop",
    "estop-wire=sense",
    "hand-switch",
    "lead-off:1",
    "lead-off:2",
    "short:2",
    "stuck-dac:1=4095",
    "stuck-dac:2=2000",
    "stuck-gate:gate1_pos=high",
    "stuck-gate:gate2_neg=high",
    "stuck-gate:gate2_pos=low",
    "phase-mismatch:1=80",
    "slow-clock=1.13",
    "supply-sag=60",
    "engine-killed",
    "engine-frozen=200",
    "client-frozen",
)
LAYER_GONE_MS = 150
"""Where one of two faults took a layer away, the next one has to end it: the daemon guard or the
finite slices within 100 ms of silence, or a rule over ten pulses and a cut."""


def pair_cells() -> list[Cell]:
    """Return the seeded choice of pairs, each in one state; no pair twice."""
    known = {case.name: case for case in (*board_faults(), *process_faults())}
    chance = random.Random(SEED)
    pairs = [(a, b) for a in (*TAKE_AWAY, *COME_AFTER[:12]) for b in COME_AFTER if a != b]
    chance.shuffle(pairs)
    # Every layer that can be taken away comes in before any pair of plain faults.
    pairs.sort(key=lambda pair: pair[0] not in TAKE_AWAY)
    chosen = [*pairs[: COUNT * 3 // 4], *pairs[-COUNT // 4 :]]
    return [_cell(known[a], known[b], chance) for a, b in chosen]


def _cell(first: Case, second: Case, chance: random.Random) -> Cell:
    passes = first.passes or second.passes
    state = chance.choice(ENERGISING if passes else (*STATES, *ENERGISING))
    return Cell(_together(first, second), state)


def _together(first: Case, second: Case) -> Case:
    stops = [case for case in (first, second) if case.must is Must.STOP]
    slowest = max(stops, key=lambda case: case.budget.ms(12.5))
    budget = slowest.budget
    if first.name in TAKE_AWAY:
        fixed_ms = max(budget.fixed_ms, LAYER_GONE_MS)
        budget = Budget(fixed_ms, "a layer gone: the next one", budget.pulses, budget.ramp)
    onset = second.onset if len(stops) == 1 else Onset.INJECTION
    return Case(
        f"{first.name}+{second.name}",
        (first.name, second.name),
        Must.STOP,
        budget,
        onset=onset,
        set_ua=max(first.set_ua, second.set_ua),
        passes=first.passes or second.passes,
        family="pair",
    )
