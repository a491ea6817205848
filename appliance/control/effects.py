"""Carry out what the state machine asks for. One method an effect; nothing here decides."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import assert_never

from appliance.control.engine_state import EngineState, Procedure
from appliance.control.output.cut import CutReport, cut
from appliance.control.output.handle import OutputHandle
from appliance.control.output.observation import Observation
from appliance.control.procedures.contact_check import contact_check
from appliance.control.procedures.latch_reset import release_latch
from appliance.control.procedures.self_test import self_test
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.stops.cause import LastValues, OutputEnd
from appliance.control.stops.every_step import first_failure
from appliance.control.stops.onset import Onset, OnsetTracker
from appliance.control.stops.zero_current import (
    GUARD_US,
    ZeroCurrent,
    time_to_zero_us,
    zero_of_cut,
    zero_of_fall,
)
from appliance.core.plan.compiler import Stage
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
from appliance.safety.state_machine.states import Paused, Ready, Tripped
from drivers.errors import DriverError, StopFailed
from drivers.pigpio.guard import SILENCE_US

SEEK_PERIOD_US = 500_000
"""A lost daemon is looked for this often; starting it again takes longer (D)."""
STARTING = (BeginStream, OpenSession, ResetLatch, RunContactCheck, RunSelfTest)
"""Effects that lead towards output: left out once one before them has failed."""


class EffectRunner:
    """Acts on effects in the order they come."""

    def __init__(
        self, output: OutputHandle, journal: EngineJournal, engine: EngineState, onset: OnsetTracker
    ) -> None:
        self._output = output
        self._journal = journal
        self._engine = engine
        self._onset = onset
        self._sought_us = 0
        self._latched_on_purpose = False
        """The last cut broke off a proof that holds the fault latch set."""
        self.daemon_lost = False
        """A lost daemon makes the next cut take the supply first."""
        self.cut_since_guard = False
        """What the present guard may have seen has been answered by a cut."""
        self.seen: Observation | None = None
        """The newest observation: what the layers below said of themselves."""
        self._cut: CutReport | None = None

    def carry_out(self, effect: Effect) -> None:  # noqa: C901, PLR0912 - one line an effect
        """Do one effect; raises `DriverError` where the rig fails, except in a cut."""
        match effect:
            case Refuse() | Record():
                return  # the loop answers and records
            case RunSelfTest():
                self._begin(self_test(self._output))
            case RunContactCheck():
                self._begin_contact_check()
            case BeginStream():
                self._begin_stream()
            case BeginRampDown():
                self._begin_ramp_down()
            case Cut():
                self._book_cut()
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
                self._begin(release_latch(self._output, known=self.cut_since_guard))
            case _:
                assert_never(effect)

    def begin_ending(
        self,
        cause: str,
        since: Onset,
        amplitudes: Mapping[int, int],
        *,
        anew: bool,
        fallen: bool = False,
    ) -> None:
        """Note that output begins to end, and what was set and measured until then.

        A fall that goes on for another cause keeps its beginning; with `anew` it is a cut, which
        is timed by itself unless it only follows a fall that has come to zero (`fallen`).
        """
        output, engine = self._output, self._engine
        if output.stream is None and not output.supply_on:
            self._note_idle(cause, since)
            return
        going_on = engine.ending if engine.ending_is_open else None
        if going_on is not None and (fallen or not anew):
            engine.ending = replace(going_on, cause=cause, fallen=fallen)
            return
        values = going_on.channels if going_on is not None else self._last_values(amplitudes)
        engine.ending_is_open = True
        engine.ending = OutputEnd(cause, engine.now_us, since, values, self._queue_ends_us())

    def _note_idle(self, cause: str, since: Onset) -> None:
        """Note what comes while nothing is on, so that no end before it is named or timed for it.

        In a tripped state the end that led there stays the one that is told.
        """
        engine, before = self._engine, self._engine.ending
        if engine.ending_is_open or isinstance(engine.state, Tripped):
            return
        paused = isinstance(engine.state, Paused) and before is not None
        values = before.channels if paused and before is not None else ()
        engine.ending = OutputEnd(cause, engine.now_us, since, values)
        engine.zero, engine.time_to_zero_us = None, None

    def rename_ending(self, cause: str) -> None:
        """Note why a session that was only interrupted is over for good; its end stays timed."""
        if self._engine.ending is not None:
            self._engine.ending = replace(self._engine.ending, cause=cause)

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
        return self._cut is not None and self._cut.began_us >= self._engine.now_us

    def settle_cut(self) -> None:
        """Bring what the engine believes of its output in line with the cut just made."""
        output, report = self._output, self._cut
        if report is None:
            return
        self._latched_on_purpose, self.cut_since_guard = output.life.latch_expected, True
        failed = first_failure(
            lambda: output.forget_stream(
                supply_off=report.supply_off, codes_zero=report.codes_zero
            ),
            output.gate.shut,
            self.end_procedure,
            self._after_stream,
        )
        if failed is not None:
            raise failed

    def stay_off(self) -> None:
        """In a tripped state: do what a cut could not, and look for a daemon that was lost.

        Finding it ends what it may still play. Output comes back by a person and the self-test
        alone. Raises `DriverError` where the supply cannot be switched off.
        """
        output, now_us = self._output, self._engine.now_us
        with suppress(DriverError):
            output.gate.zero_unknown()
        if output.supply_on:
            output.set_supply(on=False)
        elif now_us - self._sought_us >= SEEK_PERIOD_US:
            self._sought_us = now_us
            with suppress(DriverError):
                output.rig.pulses.reconnect()

    def end_procedure(self) -> None:
        """Close the present procedure, if there is one, and give heartbeat and refresh back."""
        procedure, self._engine.procedure = self._engine.procedure, None
        self._output.release()
        if procedure is not None:
            procedure.close()

    def _book_cut(self) -> None:
        report, self._cut = self._cut, None
        engine = self._engine
        if report is None:
            return
        if engine.ending_is_open:
            self._book_end(self._zero_of(report), report.failures)
        elif report.failures:  # the output had ended before: only what failed is new
            self._journal.stop(engine.ending, report.failures, self._output.gate.doses, self.seen)
        if not report.supply_off:
            raise StopFailed("; ".join(report.failures))
        if self._latched_on_purpose and isinstance(self._engine.state, Ready):
            # Left set, it would be found a tick later as if the hardware had cut something.
            self._latched_on_purpose = False
            self._begin(release_latch(self._output, known=self.cut_since_guard))

    def _zero_of(self, report: CutReport) -> ZeroCurrent | None:
        ending = self._engine.ending if self._engine.ending_is_open else None
        if ending is not None and ending.fallen:
            return zero_of_fall(self._engine.last_pulse_us, report.began_us)
        return zero_of_cut(
            report,
            self.seen,
            self._onset,
            queue_ends_us=ending.queue_ends_us if ending is not None else None,
            guard_tripped=self._guard_latch(report),
        )

    def _guard_latch(self, report: CutReport) -> int:
        """Return the guard's latch, asked anew where it can have been before the engine's cut."""
        known = self.seen.guard if self.seen is not None else None
        if known is not None and known.tripped:
            return known.tripped
        onset, began_us = self._onset, report.began_us
        opened = onset.fall_of("estop_closed")
        saw_estop = opened is not None and began_us - opened.at_us > GUARD_US // 2
        saw_silence = began_us - onset.refreshed_by_us > SILENCE_US
        if report.gates_off_us is None or not (saw_estop or saw_silence):
            return 0
        try:
            return self._output.rig.pulses.guard_status().tripped
        except DriverError:
            return 0

    def _book_end(self, zero: ZeroCurrent | None, failures: tuple[str, ...] = ()) -> None:
        """Record the end of output that was under way: it is over."""
        engine, ending = self._engine, self._engine.ending
        engine.ending_is_open = False
        engine.zero, engine.time_to_zero_us = zero, None
        if ending is not None and zero is not None:
            engine.time_to_zero_us = time_to_zero_us(ending.since, zero)
        self._journal.stop(ending, failures, self._output.gate.doses, self.seen)

    def _queue_ends_us(self) -> int | None:
        """Return when the last slice ended, where more were wanted and none plays any more."""
        stream, seen = self._output.stream, self.seen
        if stream is None or stream.is_spent or stream.playing is None or stream.upcoming:
            return None
        if seen is None or seen.stream is None or not seen.stream.idle:
            return None
        return stream.playing.end_us

    def _begin(self, procedure: Procedure) -> None:
        """Make this the present procedure; its first step is taken later in this tick."""
        self.end_procedure()
        self._engine.procedure, self._engine.procedure_begun = procedure, False

    def _begin_contact_check(self) -> None:
        if self._engine.treatment is not None:
            self._begin(contact_check(self._output, self._engine.treatment.prescription))

    def _begin_stream(self) -> None:
        treatment = self._engine.treatment
        if treatment is None:
            return
        treatment.rewind(self._engine.now_us)
        self._output.begin_stream(treatment.next_slice, treatment.codes_for)

    def _begin_ramp_down(self) -> None:
        if self._engine.treatment is not None:
            self._engine.treatment.fall(self._engine.now_us)

    def _end_stream(self) -> None:
        self._output.end_stream()
        self._after_stream()
        if self._engine.ending_is_open:
            self._book_end(zero_of_fall(self._engine.last_pulse_us, self._engine.now_us))

    def _after_stream(self) -> None:
        """Carry the pulse counts of the stream that ended over to the next."""
        engine = self._engine
        for number, channel in engine.channels.items():
            tracker = self._output.trackers.get(number)
            channel.pulses_before += tracker.total if tracker is not None else 0
            channel.pulsing = False
        self._output.forget_trackers()
        engine.stage = Stage.REST

    def _zero_levels(self) -> None:
        treatment = self._engine.treatment
        if treatment is not None:
            treatment.interrupt(self._engine.now_us)

    def _open_session(self) -> None:
        treatment = self._engine.treatment
        if treatment is None:
            return
        engine = self._engine
        engine.ending, engine.ending_is_open = None, False
        engine.zero, engine.time_to_zero_us = None, None
        engine.slices = engine.cues = engine.cues_withdrawn = 0
        for channel in engine.channels.values():
            channel.worst_error_ua = channel.highest_ua = 0
        self._output.gate.open(treatment.permit)
        self._journal.open_session()

    def _last_values(self, amplitudes: Mapping[int, int]) -> tuple[LastValues, ...]:
        treatment = self._engine.treatment
        if treatment is None:
            return ()
        return tuple(
            LastValues(
                channel,
                level.level_ua,
                amplitudes.get(channel, 0),
                self._engine.channels[channel].measured_ua,
                self._engine.channels[channel].contact_ohm,
            )
            for channel, level in treatment.levels.items()
        )
