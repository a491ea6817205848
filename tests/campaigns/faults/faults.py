"""Every fault of the campaign, with its budget and the reason for the budget.

Budgets restate docs/design.md section 6 and the rules of the interlocks; nothing is imported from
them. A tick is 10 ms; "cut" is a tick plus the cut itself, 20 ms. A rule that needs n pulses gets
one more: the pulse during which the fault was injected.
"""

from dataclasses import replace

from drivers.virtual.bench.fault_table import FAULTS
from tests.campaigns.faults.cases import Budget, Case, Must, Onset

CHANNELS = (1, 2)
GATES = ("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg")

HARDWARE = Budget(1, "fault latch: hardware, under 1 ms")
LIMITER = Budget(1, "phase limiter: 600 µs, then the fault latch")
GUARD_ESTOP = Budget(5, "e-stop level: daemon guard, under 5 ms")
CUT = Budget(20, "seen at the next tick: cut within 20 ms")
DAEMON = Budget(50, "lost or stalled daemon: cut within 50 ms")
SILENCE = Budget(100, "silence of the engine: guard or finite slices, under 100 ms")
THREE_PULSES = Budget(20, "a rule over 3 pulses, then a cut", pulses=4)
ONE_PULSE = Budget(20, "measured far above set on one pulse, then a cut", pulses=4)
FROZEN = Budget(40, "holds that should have changed sign and did not, 10 ms, a cut", pulses=4)
GATE_STUCK = Budget(40, "a gate on where no pulse is planned, on two ticks: a cut")
PHASE = Budget(20, "a phase missing: 8 holds, then a cut", pulses=10)
MISMATCH = Budget(20, "set against measured: 3 of 6 holds, then a ramp", pulses=7, ramp=True)
CLOCK = Budget(1_000, "the wave clock's drift, within 1 s")
FAST_CLOCK = Budget(100, "markers 2 ms off their plan: three slices and a tick")
FREEZE = Budget(20, "the next tick sees its own delay: the freeze, then a cut within 20 ms")
SCREEN = Budget(2_020, "no screen for 2 s, then a ramp", ramp=True)
RECORDS = Budget(1_030, "a record is due each second: then a ramp", ramp=True)
WALL_CLOCK = Budget(20, "wall clock against the engine's, each tick: a ramp", ramp=True)
NOTHING = Budget(0, "needs no stop: a person's own has to work")

SLOW_CLOCK_CODES = ("T03", "T19", "T20", "T21", "T22", "T23", "T33", "T34")
SPI_CODES = ("T05", "T06", "T13", "T14", "T15", "T16", "T24", "T31", "T33", "T37")
DAC_CODES = ("T03", "T04", "T05", "T06", "T07", "T11", "T13", "T14", "T15", "T33")
DAEMON_CODES = ("T16", "T17", "T19", "T23", "T30", "T33", "T34", "T36")
PHASE_CODES = (
    "T03",
    "T39",
    "T05",
    "T06",
    "T07",
    "T09",
    "T10",
    "T11",
    "T12",
    "T13",
    "T14",
    "T33",
    "T34",
)
SILENCE_CODES = ("T03", "T17", "T19", "T23", "T26", "T33", "T34")
ESTOP_CODES = ("T01", "T03", "T18")


def board_faults() -> list[Case]:
    """Return every fault of the virtual board, each with one to four representative values."""
    return [*_whole_board(), *_layers_dead(), *_of_channels(), *_of_gates()]


def _stop(name: str, budget: Budget, *codes: str, onset: Onset = Onset.INJECTION) -> Case:
    return Case(name, (name,), Must.STOP, budget, codes, onset, family=name.partition("=")[0])


def _go(name: str, *codes: str) -> Case:
    return Case(name, (name,), Must.GO, NOTHING, codes, family=name.partition("=")[0])


def _whole_board() -> list[Case]:
    return [
        _stop("estop", HARDWARE, *ESTOP_CODES),
        _stop("estop-wire=both", HARDWARE, *ESTOP_CODES),
        _stop("estop-wire=latch", HARDWARE, *ESTOP_CODES, "T33"),
        _stop("estop-wire=sense", GUARD_ESTOP, *ESTOP_CODES),
        _stop("estop-chatter=20", HARDWARE, *ESTOP_CODES, "T33"),
        _stop("estop-chatter=1000", HARDWARE, *ESTOP_CODES, "T33"),
        _stop("hand-switch", CUT, "T02"),
        _stop("slow-clock=1.02", CLOCK, *SLOW_CLOCK_CODES),
        _stop("slow-clock=1.13", FAST_CLOCK, *SLOW_CLOCK_CODES),
        _stop("slow-clock=2", FAST_CLOCK, *SLOW_CLOCK_CODES),
        _stop("slow-clock=0.9", FAST_CLOCK, *SLOW_CLOCK_CODES),
        _stop("lost-daemon", DAEMON, *DAEMON_CODES),
        _stop("stalled-daemon", DAEMON, *DAEMON_CODES),
        _stop("lost-spi", CUT, *SPI_CODES),
        _stop("short-frame", CUT, *SPI_CODES),
        _stop("frozen-adc", FROZEN, *SPI_CODES),
        _stop("supply-sag=0", CUT, "T24", "T25"),
        _stop("supply-sag=60", CUT, "T24", "T25"),
        _go("supply-sag=95"),
    ]


def _layers_dead() -> list[Case]:
    """Return the faults that disable a layer: without a second fault the patient feels nothing."""
    return [
        _go("watchdog-width=-25"),
        _go("watchdog-width=25"),
        _go("watchdog-dead", "T33"),
        _go("over-current-dead"),
        _go("limiter-dead"),
        _go("latch-dead", "T33"),
    ]


def _of_channels() -> list[Case]:
    cases = []
    for n in CHANNELS:
        cases += [
            _stop(f"lead-off:{n}", THREE_PULSES, "T06", "T05", "T14", "T11"),
            replace(_stop(f"short:{n}", THREE_PULSES, "T07"), judged_ua=2_000),
            replace(_stop(f"resistor:{n}=1", THREE_PULSES, "T07"), judged_ua=2_000),
            _stop(f"resistor:{n}=20000", THREE_PULSES, "T06", "T05", "T09", "T14"),
            _go(f"resistor:{n}=500"),
            _go(f"dry-pad:{n}=0", "T08", "T09", "T06"),
            _go(f"dry-pad:{n}=20", "T08", "T09", "T06"),
            _go(f"half-lifted:{n}", "T08", "T09", "T06"),
            _go(f"stuck-dac:{n}", *DAC_CODES),
            _stop(f"stuck-dac:{n}=0", THREE_PULSES, *DAC_CODES),
            _stop(f"stuck-dac:{n}=2000", ONE_PULSE, *DAC_CODES, onset=Onset.OVER),
            _stop(f"stuck-dac:{n}=4095", HARDWARE, *DAC_CODES, onset=Onset.OVER),
            _go(f"phase-mismatch:{n}=5"),
            # 40 % of 5 mA is the 2 mA allowed: it may end there, before the rule can decide
            replace(
                _stop(f"phase-mismatch:{n}=40", MISMATCH, *PHASE_CODES),
                check_ua=7_100,
                judged_ua=5_500,
            ),
            # 80 % above the contact check's 2 mA; above 2.5 mA a ramp down, later far above
            replace(
                _stop(f"phase-mismatch:{n}=80", ONE_PULSE, "T04", *PHASE_CODES),
                check_ua=3_700,
                judged_ua=2_700,
                rising=MISMATCH,
            ),
            _stop(f"phase-mismatch:{n}=-90", PHASE, *PHASE_CODES),
        ]
    return cases


def _of_gates() -> list[Case]:
    cases = []
    for gate in GATES:
        cases += [
            _stop(f"stuck-gate:{gate}=high", LIMITER, *PHASE_CODES),
            _stop(f"stuck-gate:{gate}=low", PHASE, *PHASE_CODES),
            _stop(f"bridge-open:{gate}", PHASE, *PHASE_CODES),
            # the charge stored in the tissue flows through the bridge, within tens of µs
            replace(
                _stop(f"bridge-short:{gate}", PHASE, "T04", "T15", *PHASE_CODES), check_ua=9_000
            ),
        ]
    return cases


def process_faults() -> list[Case]:
    """Return the faults that the board does not have: processes, power, disk, wall clock."""
    dead = ("engine-killed", "power-cut")
    return [
        *(Case(name, (name,), Must.STOP, SILENCE, passes=True, family=name) for name in dead),
        *(
            Case(name, (name,), Must.STOP, budget, SILENCE_CODES, passes=True, family=name)
            for name, budget in (
                ("engine-frozen=60", Budget(80, FREEZE.reason)),
                ("engine-frozen=200", SILENCE),
                ("engine-frozen=1000", SILENCE),
            )
        ),
        *(
            Case(name, (name,), Must.STOP, SCREEN, ("T27",), passes=True, family=name)
            for name in ("client-frozen", "client-gone")
        ),
        _stop("records-read-only", RECORDS, "T28"),
        replace(_stop("wall-clock-set", WALL_CLOCK, "T29"), passes=True),
    ]


def again() -> list[Case]:
    """Return faults that are cleared and come again, also after an acknowledgement."""
    names = (
        "estop",
        "hand-switch",
        "lead-off:1",
        "stuck-gate:gate2_neg=high",
        "stalled-daemon",
        "lost-spi",
        "slow-clock=1.13",
    )
    known = {case.name: case for case in board_faults()}
    return [
        replace(case, name=f"again({name})", codes=(), again=True, family="again")
        for name in names
        for case in (known[name],)
    ]


def untested() -> set[str]:
    """Return the board's faults that no case covers; must be empty for a complete campaign."""
    named = {
        fault.partition("=")[0].partition(":")[0] for c in board_faults() for fault in c.faults
    }
    return set(FAULTS) - named
