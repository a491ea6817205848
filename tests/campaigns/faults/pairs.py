"""Two faults at once: one disables a layer, or a second fault comes while the first one acts.

The choice is seeded, so always the same. The second fault comes up to 50 ms after the first.
"""

import random
from dataclasses import replace

from tests.campaigns.faults.cases import Budget, Case, Must, Onset
from tests.campaigns.faults.cell import PULSING
from tests.campaigns.faults.cell_log import Cell
from tests.campaigns.faults.faults import (
    CUT,
    FROZEN,
    GATE_STUCK,
    GUARD_ESTOP,
    ONE_PULSE,
    SILENCE,
    board_faults,
    process_faults,
)
from tests.campaigns.faults.scene import ENERGISING, STATES

COUNT = 56
SEED = 20_240_917
TAKE_AWAY = (
    "latch-dead",
    "limiter-dead",
    "over-current-dead",
    "watchdog-dead",
    "stalled-daemon",
    "lost-daemon",
    "frozen-adc",
    "lost-spi",
)
"""Each disables a layer, or something that a layer depends on."""
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
TELLING = (
    ("latch-dead", "estop", GUARD_ESTOP),
    ("latch-dead", "stuck-gate:gate1_pos=high", GATE_STUCK),
    ("limiter-dead", "stuck-gate:gate1_pos=high", GATE_STUCK),
    ("limiter-dead", "stuck-gate:gate2_neg=high", GATE_STUCK),
    ("over-current-dead", "stuck-dac:1=4095", ONE_PULSE),
    ("latch-dead", "stuck-dac:2=4095", ONE_PULSE),
    ("watchdog-dead", "engine-killed", SILENCE),
    ("stalled-daemon", "engine-killed", SILENCE),
    ("lost-daemon", "engine-killed", SILENCE),
    ("frozen-adc", "stuck-dac:2=2000", FROZEN),
    ("lost-spi", "stuck-dac:1=2000", CUT),
)
"""A fault that disables the first layer, one that this layer would end, and the budget of the
next layer."""
LAYER_GONE_MS = 150
"""If one of two faults disabled a layer, the next one must end the output: the daemon guard or the
finite slices within 100 ms of silence, or a rule over ten pulses and a cut."""


def pair_cells() -> list[Cell]:
    """Return the pairs of `TELLING` in every pulsing state, then seeded pairs in one state each."""
    known = {case.name: case for case in (*board_faults(), *process_faults())}
    chance = random.Random(SEED)
    told = {(a, b) for a, b, _ in TELLING}
    first = (*TAKE_AWAY, *COME_AFTER[:12])
    pairs = [(a, b) for a in first for b in COME_AFTER if a != b and (a, b) not in told]
    chance.shuffle(pairs)
    # Every layer that can be disabled comes before the pairs of ordinary faults.
    pairs.sort(key=lambda pair: pair[0] not in TAKE_AWAY)
    chosen = [*pairs[: COUNT * 3 // 4], *pairs[-COUNT // 4 :]]
    telling = [
        Cell(
            replace(
                _together(known[a], known[b]),
                budget=budget,
                bleeds=a == "limiter-dead",
                family="telling",
            ),
            state,
        )
        for a, b, budget in TELLING
        for state in PULSING
    ]
    return [*telling, *(_cell(known[a], known[b], chance) for a, b in chosen)]


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
        judged_ua=max(first.judged_ua, second.judged_ua),
        check_ua=max(first.check_ua, second.check_ua),
        passes=first.passes or second.passes,
        rising=next((case.rising for case in stops if case.rising is not None), None),
        from_last=first.must is Must.GO,
        family="pair",
    )
