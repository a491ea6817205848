"""Judges one cell by the board's recording: did output end, in time, for good, by which layer?"""

from dataclasses import asdict, dataclass, field

from tests.campaigns.faults.cases import Must, Onset
from tests.campaigns.faults.cell import PULSING
from tests.campaigns.faults.cell_log import Cell, CellLog
from tests.campaigns.faults.evidence import Evidence
from tests.campaigns.faults.part import Row
from tests.campaigns.faults.scene import ENERGISING

COUNTS_UA = 5_000
CHECK_COUNTS_UA = 1_000
"""The contact check is limited to 2 mA."""
FULL_SCALE_UA, FULL_SCALE_CODE = 120_000, 4_096
ABOVE_CHECK_UA = 2_200
"""More than the contact check's 2 mA."""
WITHIN_UA = 8_900
"""8 mA set, plus 5 % and 0.5 mA tolerance of a source."""
OVER_UA = 13_000
"""8 mA set plus 5 mA: "far above" in the rule "measured above set"."""
BLEED_UA, BLEED_MS = 1_300, 3_000
"""120 V behind 100 kΩ; with 10 µF it is under 0.1 mA within three time constants of 1 s."""
ACT_US = 2_000
"""What ends a current acts at most this long before the current is zero."""
PLAYING = ("RampUp", "Delivering", "Resting")
TRIPPED_BEFORE = ("T02",)
"""The hand switch, by which the state was reached: the first trip remains the one shown."""
CUT_MS, FALL_MS, ABRUPT_MS = 20, 470, 200
"""A person's stop: a cut, or a ramp down of 450 ms from the next tick plus one slice. The smallest
amplitudes at the end of a ramp down of 250 ms no longer count as current."""


@dataclass
class Verdict:
    """One row of the report."""

    cell: str
    family: str
    state: str
    must: str
    channels: tuple[int, ...]
    counted: bool = False
    why: str = ""
    budget_ms: float = 0.0
    budget: str = ""
    zero_ms: float | None = None
    tail_ms: float = 0.0
    """How long less than `BLEED_UA` then continued to flow out of the DC block."""
    layer: str = ""
    before_ma: float = 0.0
    after_ma: float = 0.0
    charge_uc: tuple[float, ...] = ()
    net_uc: tuple[float, ...] = ()
    seen: str = ""
    trip: str = ""
    stop_ms: float | None = None
    problems: list[str] = field(default_factory=list)

    def row(self) -> Row:
        """Return the verdict as plain values."""
        return asdict(self)


def judge(cell: Cell, log: CellLog) -> Verdict:
    """Return the verdict; a cell that does not count says why, and is still judged."""
    case = cell.case
    verdict = Verdict(cell.name, case.family, cell.state, cell.must.value, case.channels)
    rising = case.rising if cell.state not in PULSING[:2] else None
    budget = rising or case.budget
    verdict.budget, verdict.budget_ms = case.budget.reason, budget.ms(log.period_ms)
    if case.again and cell.state in PULSING:
        verdict.budget_ms += budget.late_ms(log.period_ms)
    if log.unreached or not log.injected_us:
        verdict.why = log.unreached or "no fault was injected"
        return verdict
    judge_ = _Judge(cell, log, verdict)
    judge_.count()
    judge_.output()
    judge_.person()
    judge_.rest()
    judge_.records()
    return verdict


class _Judge:
    """The checks of a cell, one method each."""

    def __init__(self, cell: Cell, log: CellLog, verdict: Verdict) -> None:
        self._cell, self._log, self._verdict = cell, log, verdict
        self._trace = Evidence(log.traces[0], log.end_us)
        self._moved = len(log.traces) > 1
        self._later = Evidence(log.traces[-1], 1e12) if self._moved else self._trace
        self._at_us = log.injected_us[-1 if cell.case.from_last else 0]
        self._live = cell.state in ENERGISING and cell.state != "Resting"

    def count(self) -> None:
        """Decide whether the cell counts: current before the fault, or output requested later."""
        verdict, log, state = self._verdict, self._log, self._cell.state
        window_us = 4_000_000 if state == "Resting" else 1_000_000
        before_ua = self._trace.peak_ua(
            self._cell.case.channels, self._at_us - window_us, self._at_us
        )
        verdict.before_ma = round(before_ua / 1_000, 2)
        if state in ENERGISING:
            verdict.counted = before_ua >= COUNTS_UA
            verdict.why = "" if verdict.counted else f"only {verdict.before_ma} mA before"
        else:
            flowed = state == "ContactCheck" and before_ua >= CHECK_COUNTS_UA
            verdict.counted = flowed or log.attempted
            verdict.why = "" if verdict.counted else "nobody asked for output afterwards"

    # --- the output --------------------------------------------------------------------------

    def output(self) -> None:
        """Judge the current after the fault."""
        until_us = self._until_us()
        verdict, trace = self._verdict, self._trace
        verdict.after_ma = round(trace.peak_ua((1, 2), self._at_us, until_us) / 1_000, 2)
        charges = [trace.charge_uc(n, self._at_us, until_us) for n in (1, 2)]
        verdict.charge_uc = tuple(round(total, 2) for total, _ in charges)
        verdict.net_uc = tuple(round(net, 2) for _, net in charges)
        if self._cell.must is Must.STOP:
            self._stopped(until_us)
        else:
            self._within(until_us)

    def _until_us(self) -> float:
        log = self._log
        if self._moved:
            return log.end_us
        return log.settled_us if log.settled_us >= 0 else log.end_us

    def _stopped(self, until_us: float) -> None:
        verdict, trace, case = self._verdict, self._trace, self._cell.case
        onset_us = self._onset_us(until_us)
        last_us = trace.last_current_us(self._at_us, until_us)
        if onset_us is None:
            self._never_set(until_us)
            played = last_us > self._at_us
            verdict.layer = self._layer(last_us) if played else "nothing played"
            return
        if case.bleeds:
            last_us = self._bleed(last_us, until_us)
        zero_ms = max(last_us - onset_us, 0) / 1_000
        verdict.zero_ms = round(zero_ms, 3)
        verdict.layer = self._layer(last_us)
        falling = self._cell.state == "RampDown" and verdict.layer == "engine ramp"
        if zero_ms > (max(verdict.budget_ms, FALL_MS) if falling else verdict.budget_ms):
            allowed = f"{verdict.budget_ms:.4g} ms allowed ({verdict.budget})"
            self._problem(f"{zero_ms:.1f} ms to zero current, {allowed}, {verdict.layer}")

    def _bleed(self, last_us: float, until_us: float) -> float:
        """Return when current was last driven; discharge of the DC block is recorded separately."""
        _, driven_us = self._trace.over_us(BLEED_UA, self._at_us, until_us)
        driven_us = max(driven_us, self._at_us)
        self._verdict.tail_ms = round((last_us - driven_us) / 1_000, 1)
        if self._verdict.tail_ms > BLEED_MS:
            self._problem(f"the DC block bled for {self._verdict.tail_ms:.0f} ms")
        return driven_us

    def _onset_us(self, until_us: float) -> float | None:
        case, at_us = self._cell.case, self._at_us
        if case.onset is Onset.OVER:
            first_us, _ = self._trace.over_us(OVER_UA, at_us, until_us)
            return first_us if first_us >= 0 else at_us if self._live else None
        if self._live:
            return at_us
        resting = self._cell.state == "Resting"
        least_ua = case.judged_ua if resting else max(case.judged_ua, ABOVE_CHECK_UA)
        code = round(least_ua * FULL_SCALE_CODE / FULL_SCALE_UA)
        return self._trace.first_pulse_us(case.channels, code, at_us, until_us)

    def _never_set(self, until_us: float) -> None:
        peak_ua = self._trace.peak_ua((1, 2), self._at_us, until_us)
        if peak_ua > self._cell.case.check_ua:
            self._problem(f"{peak_ua / 1_000:.1f} mA though nothing was set above the check")

    def _within(self, until_us: float) -> None:
        peak_ua = self._trace.peak_ua((1, 2), self._at_us, until_us)
        if peak_ua > WITHIN_UA and self._cell.case.onset is Onset.INJECTION:
            self._problem(f"{peak_ua / 1_000:.1f} mA, 8 mA were set")

    def _layer(self, last_us: float) -> str:
        """Name the layer that ended it: the first to act before the next pulse was due."""
        if self._moved:
            return "power"
        trace, log = self._trace, self._log
        since_us, due_us = last_us - ACT_US, last_us + log.period_ms * 1_000 + 5_000
        acts = {
            "hardware latch": trace.first_edge_us("fault_latch", 1, since_us),
            "engine": trace.first_edge_us("supply_en", 0, since_us),
            "guard": float(log.guard_us) if log.guard_us >= since_us else None,
        }
        acted = {name: at for name, at in acts.items() if at is not None and at <= due_us}
        first = min(acted, key=lambda name: acted[name], default="slices")
        if first == "engine":
            return "engine ramp" if self._fell(last_us) else "engine cut"
        if first == "slices" and self._fell(last_us) and not log.after_restart:
            return "engine ramp"
        return first

    def _fell(self, last_us: float) -> bool:
        """Tell whether the last pulses were much smaller than those 300 ms before."""
        trace = self._trace
        before_ua = trace.peak_ua((1, 2), last_us - 400_000, last_us - 250_000)
        last_ua = trace.peak_ua((1, 2), last_us - 40_000, last_us + 1)
        return last_ua < before_ua * 0.6

    # --- the person --------------------------------------------------------------------------

    def person(self) -> None:
        """Judge the person's own stop, and what the person was shown."""
        verdict, log, case = self._verdict, self._log, self._cell.case
        verdict.seen, verdict.trip = log.seen, log.trip
        if log.stop_us >= 0:
            last_us = self._later.last_current_us(log.stop_us, log.quiet_us)
            verdict.stop_ms = round((last_us - log.stop_us) / 1_000, 3)
            allowed_ms = CUT_MS if log.stop_cut else FALL_MS
            if verdict.stop_ms > allowed_ms:
                self._problem(f"a person's stop took {verdict.stop_ms} ms of {allowed_ms}")
            fell = not log.stop_cut and log.after_stop == "Finished"
            if fell and 0 < verdict.stop_ms < ABRUPT_MS:
                self._problem(f"a person's stop fell in {verdict.stop_ms} ms")
        if self._cell.must is Must.STOP and log.seen in PLAYING:
            self._problem(f"still {log.seen} at the end")
        known = TRIPPED_BEFORE if self._cell.state == "Tripped" else ()
        if log.trip and case.codes and log.trip not in (*case.codes, *known):
            self._problem(f"trip {log.trip} does not fit; expected {', '.join(case.codes)}")
        needs = self._cell.must is Must.STOP and self._live and self._cell.state != "RampDown"
        if needs and not self._moved and not log.after_restart and log.seen != "Tripped":
            self._problem(f"ended, but the person sees {log.seen}")

    def rest(self) -> None:
        """Check that no current flows 2 s later, by itself, or when the fault is cleared."""
        log, verdict = self._log, self._verdict
        if log.quiet_us >= 0 and not (self._moved and self._cell.state in ENERGISING):
            later, until_us = self._later, self._rest_until_us()
            peak_ua = later.peak_ua((1, 2), log.quiet_us + 1, until_us)
            if peak_ua > 100:
                self._problem(f"{peak_ua / 1_000:.2f} mA after the stop")
        if self._moved and self._cell.state in ENERGISING:
            peak_ua = self._later.peak_ua((1, 2), 0, 1e12)
            if peak_ua > 100:
                self._problem(f"{peak_ua / 1_000:.2f} mA after the power came back")
        if log.gates_on:
            self._problem(f"gates on 2 s after the stop: {', '.join(log.gates_on)}")
        if log.again_us >= 0:
            self._again(verdict)

    def _rest_until_us(self) -> float:
        log = self._log
        if log.settled_us >= 0:
            return log.settled_us
        return 1e12 if self._moved else log.end_us

    def _again(self, verdict: Verdict) -> None:
        log = self._log
        last_us = self._trace.last_current_us(log.again_us, log.again_quiet_us)
        again_ms = (last_us - log.again_us) / 1_000
        if verdict.zero_ms is None or again_ms > verdict.zero_ms:
            verdict.zero_ms, verdict.layer = round(again_ms, 3), self._layer(last_us)
        if again_ms > self._cell.case.budget.ms(log.period_ms):
            self._problem(f"{again_ms:.1f} ms to zero current when it came again")

    def records(self) -> None:
        """Check that the records are valid and that after a passing fault treatment is possible."""
        log = self._log
        for finding in log.findings:
            self._problem(finding)
        if len(self._cell.case.faults) > 1 and "tripped" in log.after_restart:
            return  # the first of two faults was detected before the second killed the engine
        if self._cell.case.passes and log.attempted and not log.held:
            self._problem(f"no treatment afterwards: {'; '.join(log.refused)}")
        wanted = "Locked" if self._cell.state not in ENERGISING else "Locked, interrupted"
        if log.after_restart and not log.after_restart.startswith(wanted):
            self._problem(f"after the restart: {log.after_restart}, not {wanted}")

    def _problem(self, text: str) -> None:
        self._verdict.problems.append(text)
