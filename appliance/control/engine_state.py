"""What is true of the engine between two ticks, in parts that one owner each writes.

Parts are frozen: everybody reads them, and the owner replaces its own by the writer that it claims
when the engine is put together. A second claim fails, so no part ever has two writers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from appliance.clinical.closing.close_out import CloseOut
from appliance.clinical.placement.personal_range import PersonalRange
from appliance.clinical.pre_use.hand_switch import HandSwitchProof
from appliance.control.procedures.contact_measurement import ContactResult
from appliance.control.stops.recorder import StopState
from appliance.control.treatment.raise_back import InterruptedSession
from appliance.control.treatment.treatment import Treatment
from appliance.core.plan.compiler import Stage
from appliance.core.refusal import Refusal
from appliance.errors import InternalFault
from appliance.messages.snapshot import DrillView, LastSession
from appliance.messages.wire import SoundName
from appliance.operators.presence import Attendance, SignedInOperator
from appliance.safety.contraction_cue_rules import Cue
from appliance.safety.interlocks.rule import Caution
from appliance.safety.state_machine.states import State
from appliance.safety.state_machine.step import boot
from appliance.safety.trips.trip import Trip
from appliance.texts.text import Text
from drivers.quantities import Microseconds

START_US = Microseconds(0)


class TickState(NamedTuple):
    """The present tick: its number, engine time and the trips it found. Written by `ControlLoop`.

    `shown_number` is the state number of the last snapshot sent.
    """

    number: int = 0
    now_us: Microseconds = START_US
    trips: tuple[Trip, ...] = ()
    shown_number: int = -1


class MachineState(NamedTuple):
    """The state machine's state and when it was entered. Written by `StateRunner`.

    `number` grows with every change of what clients have to see before they decide.
    """

    state: State
    number: int = 0
    entered_at_us: Microseconds = START_US


class CommandState(NamedTuple):
    """Who unlocked the unit, and the command being answered. Written by `CommandDispatcher`.

    `asked_at_us` is when that command arrived, None outside of an answer.
    """

    operator: str = ""
    asked_at_us: int | None = None


class PeopleState(NamedTuple):
    """Who is signed in. Written by `SignIns`.

    `sign_in_required` says that a lead clinician was set up: from then on the kiosk needs a PIN.
    """

    signed_in: SignedInOperator | None = None
    sign_in_required: bool = False


class SessionState(NamedTuple):
    """The open session's id, and the session that ended last. Written by `EngineJournal`.

    At the start the last one is what an earlier boot left behind. `treatment` is that of the open
    session, then of the last one; `continues` is what that session continued as it began.
    """

    id: str | None = None
    last: LastSession | None = None
    treatment: Treatment | None = None
    continues: InterruptedSession | None = None


class SetupState(NamedTuple):
    """What is set up to be given, and what stands in the way. Written by `TreatmentSetup`.

    `rested_from_us` is when the last contraction with a rise ended, in whatever session: rest is
    owed from then on. `interrupted` is the session before, where a harmless trip ended it.
    """

    treatment: Treatment | None = None
    contact: tuple[ContactResult, ...] = ()
    notes: tuple[Text, ...] = ()
    rested_from_us: int | None = None
    interrupted: InterruptedSession | None = None


class PlayedState(NamedTuple):
    """What has played. Written by `Feeder`.

    `slices` counts those of the session that began, over all its streams. `last_pulse_us` is when
    the last pulse above zero ends or ended. `drift_ppm` is the wave clock's error.
    """

    stage: Stage = Stage.REST
    slices: int = 0
    last_pulse_us: int = 0
    drift_ppm: int | None = None


class ChannelState(NamedTuple):
    """One channel of the session: what was last measured, and how far that was off.

    What is not known now is None: no pulse for a while, no stream, or an amplitude in motion.
    """

    measured_ua: int | None = None
    voltage_mv: int | None = None
    contact_ohm: int | None = None
    worst_error_ua: int = 0
    highest_ua: int = 0


class MeasuredState(NamedTuple):
    """What was measured of each channel of the board. Written by `ChannelMeasurements`."""

    channels: Mapping[int, ChannelState] = MappingProxyType({})


class CueState(NamedTuple):
    """Announcements of contractions. Written by `CueAnnouncer`.

    `cue` is announced and has not begun. Counts are of the session; `withdrawn` did not come.
    """

    cue: Cue | None = None
    announced: int = 0
    withdrawn: int = 0


class CautionState(NamedTuple):
    """The active cautions, the oldest first. Written by `ControlLoop`."""

    active: tuple[Caution, ...] = ()


class DrillState(NamedTuple):
    """The drill under way, or the result of the last one. Written by `DrillRunner`."""

    view: DrillView | None = None


class CloseOutState(NamedTuple):
    """A close-out without which nobody is treated, None without one. Written by `CloseOutRule`."""

    holding_up: CloseOut | None = None


class HandSwitchState(NamedTuple):
    """The proof of the patient's hand switch before a session. Written by `HandSwitchRule`.

    `patient` is whom it is for, None where none is prescribed; `waived` that they cannot squeeze.
    """

    patient: str | None = None
    proof: HandSwitchProof = HandSwitchProof()
    waived: bool = False


class LeftLoadState(NamedTuple):
    """What of an armed patient's contact looks like a test load that was left on a channel.

    Written by `LeftLoadRule`; empty once somebody has looked.
    """

    found: tuple[ContactResult, ...] = ()


class RangeState(NamedTuple):
    """The personal range of the patient, by channel of the treatment. Written by `RangeShown`."""

    by_channel: Mapping[int, PersonalRange] = MappingProxyType({})


class PresenceState(NamedTuple):
    """Whether somebody is with the patient. Written by `PresenceRule`.

    `asked` is what is asked of the operator, None while nothing plays for a patient or nobody is
    signed in. `leaving` refuses to leave the patient now; `stays` says that no waiting changes it.
    """

    asked: Attendance | None = None
    leaving: Refusal | None = None
    stays: bool = False


class FeelingState(NamedTuple):
    """The first feeling of the treatment. Written by `FirstFeelingRule`.

    `channel` plays alone until it is felt, None once nothing is to be felt; `wrong` says that
    something was felt where it must not be, and the pads are to be placed again.
    """

    channel: int | None = None
    wrong: bool = False


class SoundState(NamedTuple):
    """What sounds, None for nothing, and until when a person has silenced it. Written by `Sounds`.

    `until_us` is engine time, None for a sound that is heard; `may_be_silenced` is said of that.
    """

    name: SoundName | None = None
    until_us: int | None = None
    may_be_silenced: bool = False


class UnitState(NamedTuple):
    """What screens say of the unit: damage and care due; why it is out of use, None if it is not.

    Written by `UnitRegister`.
    """

    notes: tuple[Text, ...] = ()
    out_of_use: Text | None = None


P = TypeVar("P", bound=NamedTuple)


@dataclass(frozen=True, slots=True)
class EngineState:
    """Every part of the state, for reading; see each part for who writes it."""

    tick: TickState = field(default_factory=TickState)
    machine: MachineState = field(default_factory=lambda: MachineState(boot()))
    command: CommandState = field(default_factory=CommandState)
    people: PeopleState = field(default_factory=PeopleState)
    session: SessionState = field(default_factory=SessionState)
    setup: SetupState = field(default_factory=SetupState)
    played: PlayedState = field(default_factory=PlayedState)
    measured: MeasuredState = field(default_factory=MeasuredState)
    cues: CueState = field(default_factory=CueState)
    cautions: CautionState = field(default_factory=CautionState)
    stop: StopState = field(default_factory=StopState)
    drill: DrillState = field(default_factory=DrillState)
    hand_switch: HandSwitchState = field(default_factory=HandSwitchState)
    left_load: LeftLoadState = field(default_factory=LeftLoadState)
    close_out: CloseOutState = field(default_factory=CloseOutState)
    feeling: FeelingState = field(default_factory=FeelingState)
    presence: PresenceState = field(default_factory=PresenceState)
    ranges: RangeState = field(default_factory=RangeState)
    sound: SoundState = field(default_factory=SoundState)
    unit: UnitState = field(default_factory=UnitState)
    _claimed: set[type] = field(default_factory=set)

    @classmethod
    def for_channels(cls, count: int) -> "EngineState":
        """Return the state of an engine that starts on a board of that many channels."""
        channels = {channel: ChannelState() for channel in range(1, count + 1)}
        return cls(measured=MeasuredState(MappingProxyType(channels)))

    def claim(self, part: type[P]) -> Callable[[P], None]:
        """Return the writer of a part, once.

        Raises `InternalFault` for a part that has its writer.
        """
        if part in self._claimed:
            raise InternalFault(f"{part.__name__} has a writer")
        self._claimed.add(part)
        name = PARTS[part]
        return lambda value: object.__setattr__(self, name, value)


PARTS: Mapping[type, str] = {
    TickState: "tick",
    MachineState: "machine",
    CommandState: "command",
    PeopleState: "people",
    SessionState: "session",
    SetupState: "setup",
    PlayedState: "played",
    MeasuredState: "measured",
    CueState: "cues",
    CautionState: "cautions",
    StopState: "stop",
    DrillState: "drill",
    HandSwitchState: "hand_switch",
    LeftLoadState: "left_load",
    CloseOutState: "close_out",
    FeelingState: "feeling",
    PresenceState: "presence",
    RangeState: "ranges",
    SoundState: "sound",
    UnitState: "unit",
}
"""Where each part is kept."""
