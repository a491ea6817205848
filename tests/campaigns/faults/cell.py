"""Runs one cell of the campaign, a fault in a state; `verdict` judges it afterwards."""

import random
from pathlib import Path

from appliance.messages.actions import Stop
from appliance.records.storage.store import open_read_only
from appliance.records.verify import verify
from tests.campaigns.faults.cases import ABSENT_MS, FLICKERS, PRESENT_MS, Must
from tests.campaigns.faults.cell_log import Cell, CellLog
from tests.campaigns.faults.injections import GONE_MS, clear, inject, restarts
from tests.campaigns.faults.person import Person
from tests.campaigns.faults.scene import (
    ENERGISING,
    PERIOD_MS,
    NotReached,
    Scene,
    open_scene,
    reach,
    spread_us,
)

TRY_S = 14.0
NEXT_ON_TIME_MS = 13_000
"""The rest between two on-times of a programme, and the rise to its level."""
QUIET_MS, NO_RETURN_MS, CLEARED_MS = 2_000, 3_000, 1_000
PULSING = ("RampUp", "Delivering", "RampDown")
PHASE_LOOK_NS = 20_000
PHASE_LOOKS = 2_000
"""40 ms of looking for a phase: longer than the period of the trains used here."""
IN_PHASE_US = 140
"""A phase lasts 150 or 300 µs; the fault comes up to this long after it was seen."""
INJECTION_TICKS = 10
BETWEEN_TICKS = ("engine-killed", "engine-frozen", "power-cut")
"""Faults that stop the engine itself: they are injected between two ticks."""


def run_faults(cell: Cell, folder: Path) -> CellLog:
    """Run one cell; when this returns, its recordings are complete."""
    log = CellLog()
    with open_scene(folder) as scene:
        try:
            _Run(cell, scene, log).all()
        except NotReached as error:
            log.unreached = str(error)
        log.end_us = log.end_us if log.end_us >= 0 else scene.now_us
        scene.board.close()
        log.traces = scene.traces
        if not log.unreached:
            log.findings += _audit(scene)
    return log


class _Run:
    """The steps of one cell."""

    def __init__(self, cell: Cell, scene: Scene, log: CellLog) -> None:
        self._cell, self._case = cell, cell.case
        self._scene, self._log = scene, log
        self._chance = random.Random(cell.name)
        self._planned = 0

    def all(self) -> None:
        """Reach the state, inject, try for output, stop, wait, clear the fault, wait again."""
        cell, scene, log, case = self._cell, self._scene, self._log, self._case
        reach(scene, cell.state)
        log.period_ms = PERIOD_MS[scene.programme]
        self._wait_spread()
        self._inject(cell.state)
        if case.again:
            self._flicker()
        if cell.state in ENERGISING:
            self._watch()
        else:
            self._try()
        self._see()
        if cell.must is Must.GO:
            self._stop()
        self._quiet()
        self._clear()
        log.guard_us = scene.guard_us
        if case.again:
            self._repeat()
        if len(scene.traces) == 1:
            log.end_us = scene.now_us

    def _wait_spread(self) -> None:
        whole_us = spread_us(self._cell.state, self._chance.random())
        self._scene.clinic.ticks(whole_us // 10_000)

    def _inject(self, state: str | None) -> None:
        """Inject every fault at a random time within a tick, not at its edge."""
        scene, chance = self._scene, self._chance
        for place, fault in enumerate(self._case.faults):
            if place:
                scene.wait(chance.choice((0, 0, 10, 50)))
            at_us = chance.randrange(1, 9_999)
            if fault.partition("=")[0] in BETWEEN_TICKS:
                scene.board.advance_to_us(scene.now_us + at_us)
                self._note(state if not place else None)
                inject(scene, fault)
            elif scene.running:
                self._plan(fault, at_us, state if not place else None)
                self._wait_for_injection()
            else:
                self._note(None)
                inject(scene, fault)

    def _plan(self, fault: str, after_us: int, state: str | None) -> None:
        """Schedule a fault; in a pulsing state half of the faults come in the middle of a phase."""
        timeline = self._scene.board.timeline
        in_phase = self._cell.state in PULSING and self._chance.random() < 0.5
        looks = [PHASE_LOOKS if in_phase else 0]
        self._planned += 1

        def now() -> None:
            self._note(state)
            inject(self._scene, fault)
            self._planned -= 1

        def look() -> None:
            looks[0] -= 1
            if looks[0] < 0 or self._in_phase():
                timeline.after(self._chance.randrange(IN_PHASE_US) * 1_000, now)
            else:
                timeline.after(PHASE_LOOK_NS, look)

        timeline.after(after_us * 1_000, look)

    def _in_phase(self) -> bool:
        stage = self._scene.board.stage
        return stage is not None and any(stage.channels[n - 1].gates for n in self._case.channels)

    def _wait_for_injection(self) -> None:
        for _ in range(INJECTION_TICKS):
            self._scene.wait(10)
            if not self._planned:
                return

    def _note(self, state: str | None) -> None:
        log, scene = self._log, self._scene
        log.injected_us.append(scene.now_us)
        if len(log.injected_us) == 1:
            scene.guard_us = -1
            scene.watch_guard()
        if state is not None and scene.clinic.state != state:
            log.unreached = f"{state} was over: {scene.clinic.state}"

    def _flicker(self) -> None:
        """Clear and inject the fault again, before any action of a person."""
        for _ in range(FLICKERS):
            self._scene.wait(PRESENT_MS)
            self._clear_faults()
            self._scene.wait(ABSENT_MS)
            for fault in self._case.faults:
                inject(self._scene, fault)

    def _watch(self) -> None:
        """Wait for the budget and 2 s more; in `Resting` also for the next on-time."""
        scene, case = self._scene, self._case
        wait_ms = case.budget.ms(self._log.period_ms) + QUIET_MS
        if self._cell.state == "Resting" and not case.passes:
            wait_ms += NEXT_ON_TIME_MS
        steps = round(wait_ms / 100)
        for _ in range(steps):
            scene.wait(100)

    def _try(self) -> None:
        """Wait a moment, then let a person try to get output."""
        scene, case, log = self._scene, self._case, self._log
        scene.wait(300 if self._cell.state != "ContactCheck" else QUIET_MS)
        if case.passes:
            self._pass()
        person = Person(scene.clinic)
        log.held = person.try_for(TRY_S)
        log.attempted, log.refused = person.attempted, person.refused

    def _pass(self) -> None:
        """End the fault so that a person may try: clients reconnect, engines are restarted."""
        self._scene.wait(GONE_MS)
        for fault in self._case.faults:
            another = restarts(fault)
            if another is not None and not self._scene.running:
                self._restart(new_board=another)
            else:
                clear(self._scene, fault)

    def _restart(self, *, new_board: bool) -> None:
        """Start another engine; it must be locked, and stay locked without a person."""
        scene, log = self._scene, self._log
        if new_board:
            log.end_us = scene.now_us
        scene.restart(new_board=new_board)
        scene.wait(NO_RETURN_MS)
        open_sessions = [session.summary.outcome for session in scene.clinic.sessions()]
        log.after_restart = f"{scene.clinic.state}, {', '.join(map(str, open_sessions))}"

    def _see(self) -> None:
        if self._scene.running:
            view = self._scene.clinic.view
            self._log.seen = view.state
            self._log.trip = view.trip.code if view.trip is not None else ""

    def _stop(self) -> None:
        """Let a person stop what still plays."""
        scene, log = self._scene, self._log
        if not scene.running or scene.clinic.state not in ENERGISING:
            return
        log.stop_cut = self._chance.random() < 0.5
        log.stop_us = scene.now_us
        scene.clinic.link.ask(Stop(cut=log.stop_cut))
        scene.wait(600)
        log.after_stop = scene.clinic.state

    def _quiet(self) -> None:
        scene, log = self._scene, self._log
        log.quiet_us = scene.now_us
        if not scene.running:
            scene.wait(NO_RETURN_MS)
            log.gates_on = self._gates()
            self._clear_faults()  # a fault that prevents the engine's start would prove nothing
            self._restart(new_board=any(restarts(fault) for fault in self._case.faults))
            return
        scene.wait(QUIET_MS)
        log.gates_on = self._gates()
        scene.wait(NO_RETURN_MS)

    def _gates(self) -> list[str]:
        stage = self._scene.board.stage
        channels = stage.channels if stage is not None else ()
        return [f"channel {n}" for n, channel in enumerate(channels, 1) if channel.gates]

    def _clear(self) -> None:
        self._clear_faults()
        self._scene.wait(CLEARED_MS)

    def _clear_faults(self) -> None:
        active = {text.partition("=")[0] for text in self._scene.board.fault_list()}
        for fault in self._case.faults:
            key = fault.partition("=")[0]
            if key in active or key.startswith(("client-", "records-")):
                clear(self._scene, fault)

    def _repeat(self) -> None:
        """Acknowledge and run a treatment again; then inject the fault again."""
        scene, log = self._scene, self._log
        log.settled_us = scene.now_us
        person = Person(scene.clinic)
        if not person.try_for(TRY_S, hold_ms=500):
            log.findings.append(f"no treatment afterwards: {'; '.join(person.refused)}")
            return
        scene.board.advance_to_us(scene.now_us + self._chance.randrange(9_000))
        log.again_us = scene.now_us
        for fault in self._case.faults:
            inject(scene, fault)
        scene.wait(self._case.budget.ms(log.period_ms) + QUIET_MS)
        log.again_quiet_us = scene.now_us


def _audit(scene: Scene) -> list[str]:
    with open_read_only(scene.clinic.data) as db:
        report = verify(db)
    return [f"records: {finding}" for finding in report.findings]
