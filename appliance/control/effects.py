"""Carry out the effects of the state machine, one method an effect; no decisions here.

The procedure that an effect begins (self-test, contact check, latch reset) is held here too: at
most one, one step a tick.
"""

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import replace
from typing import Any, assert_never

from appliance.control.engine_state import EngineState
from appliance.control.output.cut import CutReport, cut
from appliance.control.output.handle import OutputHandle
from appliance.control.output.rig_observation import Observation
from appliance.control.procedures.contact_check import contact_check
from appliance.control.procedures.latch_reset import release_latch
from appliance.control.procedures.self_test import self_test
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.stops.recorder import StopRecorder
from appliance.control.tick.contraction_cues import CueAnnouncer
from appliance.control.tick.feeder import Feeder
from appliance.control.tick.last_measurements import ChannelMeasurements
from appliance.safety.state_machine.events import (
    BeginRampDown,
    BeginStream,
    Cut,
    Effect,
    EnableSupply,
    EndStream,
    OpenSession,
    Record,
    RecordSessionEnd,
    Refuse,
    ResetLatch,
    RunContactCheck,
    RunSelfTest,
    ZeroLevels,
)
from appliance.safety.state_machine.states import Ready
from drivers.errors import DriverError, StopFailed

Procedure = Generator[None, Observation, Any]

SEEK_PERIOD_US = 500_000
"""A lost daemon is looked for this often; starting it again takes longer (D)."""
STARTING = (BeginStream, OpenSession, ResetLatch, RunContactCheck, RunSelfTest)
"""Effects that lead towards output: left out once one before them has failed."""


class RunningProcedure:
    """Holds and steps a procedure; beginning or ending one gives heartbeat and refresh back."""

    def __init__(self, output: OutputHandle) -> None:
        self._output = output
        self._procedure: Procedure | None = None
        self._begun = False

    @property
    def is_running(self) -> bool:
        """Say whether a procedure has been begun and has not ended."""
        return self._procedure is not None

    def begin(self, procedure: Procedure) -> None:
        """Replace the procedure under way; the first step is taken later in this tick."""
        self.end()
        self._procedure, self._begun = procedure, False

    def end(self) -> None:
        """Close the procedure under way, if there is one."""
        procedure, self._procedure = self._procedure, None
        self._output.release()
        if procedure is not None:
            procedure.close()

    def step(self, observation: Observation) -> None:
        """Take one step; raises `StopIteration` with the result where the procedure has ended."""
        procedure = self._procedure
        if procedure is None:
            return
        if self._begun:
            procedure.send(observation)
        else:
            self._begun = True
            next(procedure)


def first_failure(*steps: Callable[[], object]) -> Exception | None:
    """Run every step in turn, whatever one of them raises; return the first exception.

    For what follows a cut: a note that fails must not keep the state, the records or the levels
    from following. `KeyboardInterrupt` and `SystemExit` pass through.
    """
    failed: Exception | None = None
    for step in steps:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - raised by the caller once every step was tried
            failed = failed or error
    return failed


class EffectRunner:
    """Acts on effects in the order they come."""

    def __init__(
        self,
        output: OutputHandle,
        engine: EngineState,
        journal: EngineJournal,
        stops: StopRecorder,
        procedure: RunningProcedure,
        feeder: Feeder,
        cues: CueAnnouncer,
        measurements: ChannelMeasurements,
    ) -> None:
        self._output = output
        self._engine = engine
        self._journal = journal
        self._stops = stops
        self._procedure = procedure
        self._feeder = feeder
        self._cues = cues
        self._measurements = measurements
        self._sought_us = 0
        self._latched_on_purpose = False
        """The last cut broke off a proof that holds the fault latch set."""
        self.daemon_lost = False
        """A lost daemon makes the next cut take the supply first."""
        self.cut_since_guard = False
        """What the present guard may have seen has been answered by a cut."""
        self._cut: CutReport | None = None

    def carry_out(self, effect: Effect) -> None:  # noqa: C901, PLR0912 - one line an effect
        """Do one effect; raises `DriverError` where the rig fails, except in a cut."""
        match effect:
            case Refuse() | Record():
                return  # the loop answers and records
            case RunSelfTest():
                self._procedure.begin(self_test(self._output))
            case RunContactCheck():
                self._begin_contact_check()
            case BeginStream():
                self._begin_stream()
            case BeginRampDown():
                self._begin_ramp_down()
            case Cut():
                self._finish_cut()
            case EndStream():
                self._end_stream()
            case ZeroLevels():
                self._zero_levels()
            case EnableSupply(on=on):
                self._output.set_supply(on=on)
            case OpenSession():
                self._open_session()
            case RecordSessionEnd(outcome=outcome):
                self._output.gate.shut()
                self._journal.close_session(outcome, self._output.gate.doses)
            case ResetLatch():
                self._procedure.begin(release_latch(self._output, known=self.cut_since_guard))
            case _:
                assert_never(effect)

    def cut(self) -> None:
        """Take the output off, whatever fails; nothing is noted, settled or raised here.

        `settle_cut` follows, then `carry_out`. Twice in a tick is harmless: what failed the first
        time is kept.
        """
        before = self._cut.failures if self._cut is not None and self.has_cut else ()
        report = cut(self._output.rig, daemon_lost=self.daemon_lost)
        failures = tuple(dict.fromkeys((*before, *report.failures)))
        self._cut = replace(report, failures=failures)

    @property
    def has_cut(self) -> bool:
        """Say whether a cut of this tick has not been carried on yet by `carry_out`."""
        return self._cut is not None and self._cut.began_us >= self._engine.tick.now_us

    def settle_cut(self) -> None:
        """Update the engine's view of its output after the cut just made."""
        output, report = self._output, self._cut
        if report is None:
            return
        self._latched_on_purpose, self.cut_since_guard = output.life.latch_expected, True
        failed = first_failure(
            lambda: output.forget_stream(
                supply_off=report.supply_off, codes_zero=report.codes_zero
            ),
            output.gate.shut,
            self._procedure.end,
            self._feeder.end_stream,
        )
        if failed is not None:
            raise failed

    def stay_off(self) -> None:
        """In a tripped state: do what a cut could not, and look for a daemon that was lost.

        A daemon that is found ends what it may still play. Output returns only by a
        person and a self-test. Raises `DriverError` where the supply cannot be switched off.
        """
        output, now_us = self._output, self._engine.tick.now_us
        with suppress(DriverError):
            output.gate.zero_unknown()
        if output.supply_on:
            output.set_supply(on=False)
        elif now_us - self._sought_us >= SEEK_PERIOD_US:
            self._sought_us = now_us
            with suppress(DriverError):
                output.rig.pulses.reconnect()

    def _finish_cut(self) -> None:
        report, self._cut = self._cut, None
        if report is None:
            return
        self._stops.cut_done(report, self._engine.played.last_pulse_us)
        if not report.supply_off:
            raise StopFailed("; ".join(report.failures))
        if self._latched_on_purpose and isinstance(self._engine.machine.state, Ready):
            # Left set, it would be found a tick later as if the hardware had cut something.
            self._latched_on_purpose = False
            self._procedure.begin(release_latch(self._output, known=self.cut_since_guard))

    def _begin_contact_check(self) -> None:
        if self._engine.setup.treatment is not None:
            self._procedure.begin(
                contact_check(self._output, self._engine.setup.treatment.prescription)
            )

    def _begin_stream(self) -> None:
        treatment = self._engine.setup.treatment
        if treatment is None:
            return
        treatment.rewind(self._engine.tick.now_us)
        self._output.begin_stream(treatment.next_slice, treatment.amplitudes_for)

    def _begin_ramp_down(self) -> None:
        if self._engine.setup.treatment is not None:
            self._engine.setup.treatment.fall(self._engine.tick.now_us)

    def _end_stream(self) -> None:
        self._output.end_stream()
        self._feeder.end_stream()
        engine = self._engine
        self._stops.ramp_done(engine.played.last_pulse_us, engine.tick.now_us)

    def _zero_levels(self) -> None:
        treatment = self._engine.setup.treatment
        if treatment is not None:
            treatment.interrupt(self._engine.tick.now_us)

    def _open_session(self) -> None:
        treatment = self._engine.setup.treatment
        if treatment is None:
            return
        self._stops.begin_session()
        self._feeder.begin_session()
        self._cues.begin_session()
        self._measurements.begin_session()
        self._output.gate.open(treatment.permit, treatment.level_ua)
        self._journal.open_session()
