"""What is the case right now: one mutable value, owned by the control thread alone."""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from appliance.control.output.observation import Observation
from appliance.control.procedures.contact_rules import ContactResult
from appliance.control.stops.cause import OutputEnd
from appliance.control.stops.zero_current import ZeroCurrent
from appliance.control.treatment.treatment import Treatment
from appliance.core.plan.compiler import Stage
from appliance.messages.snapshot import DrillView, LastSession
from appliance.safety.cue_rules import Cue
from appliance.safety.interlocks.rule import Caution
from appliance.safety.state_machine.states import State
from appliance.safety.state_machine.step import boot
from drivers.quantities import Microseconds

Procedure = Generator[None, Observation, Any]


@dataclass(slots=True)
class ChannelState:
    """One channel of the session: what was last measured of it, and how far that was off.

    What is not known now is None: no pulse for a while, no stream, or an amplitude in motion.
    """

    measured_ua: int | None = None
    voltage_mv: int | None = None
    contact_ohm: int | None = None
    worst_error_ua: int = 0
    highest_ua: int = 0
    pulsing: bool = False
    pulses_before: int = 0
    """Pulses of earlier streams, since the engine began."""


@dataclass(slots=True)
class EngineState:
    """The engine's state between two ticks. `state_number` grows with every change of state."""

    state: State = field(default_factory=boot)
    state_number: int = 0
    tick: int = 0
    now_us: Microseconds = field(default_factory=lambda: Microseconds(0))
    operator: str = ""
    session: str | None = None
    last_session: LastSession | None = None
    """The session that ended last; at the start the one that an earlier boot left open."""
    treatment: Treatment | None = None
    procedure: Procedure | None = None
    procedure_begun: bool = False
    stage: Stage = Stage.REST
    contact: tuple[ContactResult, ...] = ()
    channels: dict[int, ChannelState] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()
    notes: tuple[str, ...] = ()
    rested_from_us: int | None = None
    """When the last contraction with a rise ended, in whatever session: rest is owed from then."""
    drill: DrillView | None = None
    """The drill under way, or the result of the last one."""
    drill_notes: tuple[str, ...] = ()
    cues: int = 0
    cues_withdrawn: int = 0
    """Contractions of the session that were announced, and of these the ones taken back."""
    cue: Cue | None = None
    """What is announced and has not come yet."""
    slices: int = 0
    """Slices of the session that began to play, over all its streams."""
    ending: OutputEnd | None = None
    """The end of output that is under way, or the last one of this session."""
    ending_is_open: bool = False
    last_pulse_us: int = 0
    """When the last pulse ends, or ended, of those booked with an amplitude above zero."""
    zero: ZeroCurrent | None = None
    """When the last end had come to zero current, and by which layer."""
    time_to_zero_us: int | None = None
    """How long that took from its cause, at the most."""
    asked_at_us: int | None = None
    """When the command being answered had arrived; None outside of an answer."""
    drift_ppm: int | None = None
    entered_at_us: Microseconds = field(default_factory=lambda: Microseconds(0))
    """When the present state was entered."""
    shown_number: int = -1
    """State number of the last snapshot sent."""

    def forget_treatment(self) -> None:
        """Let the treatment go; what rest is owed after it stays owed."""
        if self.treatment is not None:
            rested_from_us = self.treatment.rested_from_us
            if rested_from_us is not None:
                self.rested_from_us = max(self.rested_from_us or 0, rested_from_us)
        self.treatment, self.contact = None, ()
