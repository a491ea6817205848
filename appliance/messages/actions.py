"""What a client sends: `Hello`, then `Command`s, each with one action, `Query`s and `Seen`."""

from typing import Annotated, Literal

from msgspec import Meta

from appliance.messages.sheets import ExportSheet, MakeSheet
from appliance.messages.wire import (
    MAX_ROWS,
    ChannelNumber,
    Count,
    DrillKind,
    Facts,
    Name,
    Sentence,
    SoundName,
    Subject,
    Wire,
)

AskedUa = Annotated[int, Meta(ge=-10_000_000, le=10_000_000)]
"""A current as a client asks for it, in µA; 10 A is a hundred times the highest limit."""
AskedUs = Annotated[int, Meta(ge=-86_400_000_000, le=86_400_000_000)]
"""A duration as a client asks for it, in µs; a day."""
AskedMm2 = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
"""An area as a client asks for it, in mm²; a square metre."""
Pin = Annotated[str, Meta(max_length=64)]
"""A PIN as a client sends it; it is in no event, text or log, and in no `repr` of a message."""
AskedChannels = Annotated[tuple[Annotated[int, Meta(ge=-256, le=256)], ...], Meta(max_length=16)]
"""Channels as a client asks for them."""
FeltMark = Literal["first_felt", "comfortable", "too_strong", "pain", "burning", "faintness"]


class Unlock(Wire, frozen=True, tag="unlock"):
    """Leave Locked: an operator takes responsibility."""

    operator: Name


class Lock(Wire, frozen=True, tag="lock"):
    """Go back to Locked from any state without output."""


class Prescribe(Wire, frozen=True, tag="prescribe"):
    """Choose a programme of the catalogue for a subject; None keeps what the programme says.

    `patient` is a pseudonym, needed for a patient and refused for a test load. A subject left out
    is refused: nobody is treated by default.
    `side` (left, right, both), `placement`, `depth` and `pad_set` say where the pads lie on a
    patient and which they are: "" means the usual placement and its usual depth. No `channels` are
    those of the placement, and channel 1 for a test load. `feel_again` asks for the first feeling
    where it may be skipped. Contractions are `alternating` between channels, or `on_call`. `draft`
    is that of an own programme which nobody kept, for a test load alone, in place of `programme`.
    """

    programme: Name
    subject: Subject | None = None
    patient: Name | None = None
    side: Name = ""
    placement: Name = ""
    depth: Name = ""
    pad_set: Name = ""
    feel_again: bool = False
    channels: AskedChannels = ()
    duration_us: AskedUs | None = None
    region: Name | None = None
    pad_area_mm2: AskedMm2 | None = None
    ceiling_ua: AskedUa | None = None
    tap_ua: AskedUa = 500
    reason: Sentence = ""
    alternating: bool = False
    on_call: bool = False
    draft: Facts | None = None


class RepeatLast(Wire, frozen=True, tag="repeat_last"):
    """Prescribe a patient's last treatment again: programme, placement, minutes and tap.

    Everything is checked anew, as for `Prescribe`; levels are never restored. `pad_set` names
    another set in the same place, "" the same one. A reason is never repeated.
    """

    patient: Name
    pad_set: Name = ""
    reason: Sentence = ""

    @property
    def subject(self) -> Subject:
        """Return who is treated: always a patient."""
        return Subject.PATIENT


class SetCeiling(Wire, frozen=True, tag="set_ceiling"):
    """Set a patient's own ceiling, out of session; a kiosk may only lower it."""

    patient: Name
    scope: Literal["neck", "back"]
    ceiling_ua: Annotated[int, Meta(ge=0, le=10_000_000)]
    reason: Sentence
    operator: Name


class RecordFact(Wire, frozen=True, tag="record_fact"):
    """Record a fact about a patient; it changes neither state nor output.

    `kind` is the name of its event and `values` are its own fields (docs/records.md). The engine
    adds the rest: `operator` is who unlocked; another name here is refused, "" is always right. A
    new patient is registered without an id: the reply names the one the unit has made.
    """

    kind: Name
    values: Facts
    operator: Name = ""
    simulated: bool = False


class CheckContact(Wire, frozen=True, tag="check_contact"):
    """Prove the DAC, then measure each pad with sub-sensory pulses; leads to Armed."""


class Start(Wire, frozen=True, tag="start"):
    """Begin to pulse at level zero."""


class Rise(Wire, frozen=True, tag="rise"):
    """One tap upward on a channel."""

    channel: ChannelNumber


class HoldRise(Wire, frozen=True, tag="hold_rise"):
    """Press (`pressed`) or release the rise key of a channel."""

    channel: ChannelNumber
    pressed: bool


class Contract(Wire, frozen=True, tag="contract"):
    """Begin a contraction on call, or release it; it ends 10 s after it began, or with a screen."""

    pressed: bool


class ContractByCycle(Wire, frozen=True, tag="contract_by_cycle"):
    """Let the contractions of a treatment on call come by cycle again, so that a level is set."""


class Fall(Wire, frozen=True, tag="fall"):
    """Lower a channel by `step_ua`; never stale, never limited in rate, never negative."""

    channel: ChannelNumber
    step_ua: Annotated[int, Meta(ge=1, le=120_000)]


class MarkFelt(Wire, frozen=True, tag="mark_felt"):
    """The patient says what is felt on a channel now, while it pulses at a level.

    Only a session with such a mark counts as felt. "too_strong" lowers the level by one tap as
    well, at once. "pain", "burning" and "faintness" pause the output at once, and are accepted in
    a pause and in a trip as well. After these four nothing is raised back until a level is kept.
    """

    channel: ChannelNumber
    felt: FeltMark


class Pause(Wire, frozen=True, tag="pause"):
    """Ramp down and wait; the treatment clock stands."""


class ChangeMinutes(Wire, frozen=True, tag="change_minutes"):
    """Let the session under way end after `duration_us` of treatment time, at most as prescribed.

    Nothing else changes: neither a level nor a pulse before the new end.
    """

    duration_us: AskedUs


class LeavePatient(Wire, frozen=True, tag="leave_patient"):
    """Leave the patient for 15 min at most, while the treatment plays on.

    The screen needs the PIN again from then on; a sign-in says that somebody is back.
    """


class Resume(Wire, frozen=True, tag="resume"):
    """Go on from a pause, at level zero."""


class Stop(Wire, frozen=True, tag="stop"):
    """Ramp down and end the session; with `cut`, end output at once."""

    cut: bool = False


class Acknowledge(Wire, frozen=True, tag="acknowledge"):
    """A person has seen the trip."""


class Silence(Wire, frozen=True, tag="silence"):
    """Silence what sounds for 120 s; `sound` is what the sender saw named in the snapshot.

    It changes nothing but the sound, which comes back at once for another cause. A cue, the end, a
    drill step and "Are you with the patient?" cannot be silenced.
    """

    sound: SoundName


class CloseSession(Wire, frozen=True, tag="close_session"):
    """Leave Finished for Ready."""


class BeginDrill(Wire, frozen=True, tag="begin_drill"):
    """Begin a drill, in Ready only; `load_ohm` is the known load on the channel, if any.

    `operator` is who does it, "" for whoever unlocked.
    """

    kind: DrillKind
    channel: ChannelNumber = 1
    load_ohm: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    operator: Name = ""


class EndDrill(Wire, frozen=True, tag="end_drill"):
    """End the drill under way, which counts as not passed; after its end, put the result away."""


class _WithPin(Wire, frozen=True):
    """An action that carries a PIN: whoever prints it prints its name only."""

    def __repr__(self) -> str:
        """Return the name of the action, without any value."""
        return f"{type(self).__name__}(...)"


class SignIn(_WithPin, frozen=True, tag="sign_in"):
    """Take charge with a PIN; a locked unit is unlocked. The reply has the token of the sign-in.

    During a session it takes over: the token of whoever was signed in ends, nothing else changes.
    """

    operator: Name
    pin: Pin


class SignOut(Wire, frozen=True, tag="sign_out"):
    """Give up charge and lock the unit; needs the token, and no session."""


class TryPin(_WithPin, frozen=True, tag="try_pin"):
    """Ask whether a PIN is right before `SetPin`: it opens nothing; a wrong one is counted."""

    operator: Name
    pin: Pin


class SetPin(_WithPin, frozen=True, tag="set_pin"):
    """Set the own `pin` with the `old_pin`, or have a `one_time` one drawn for somebody else.

    A one-time PIN is good for nothing but replacing it; only the reply has it.
    """

    operator: Name
    pin: Pin = ""
    old_pin: Pin = ""
    one_time: bool = False


class EnrolOperator(_WithPin, frozen=True, tag="enrol_operator"):
    """Add an operator; the first one of a unit is a lead clinician and needs no token."""

    operator: Name
    role: Name
    pin: Pin = ""
    one_time: bool = False


class RetireOperator(Wire, frozen=True, tag="retire_operator"):
    """Let an operator sign in no more; the last lead clinician stays."""

    operator: Name


class ResetOperators(Wire, frozen=True, tag="reset_operators"):
    """Clear the PINs of all lead clinicians; over SSH only, shown until a lead has one again."""


class SetUpUnit(Wire, frozen=True, tag="set_up_unit"):
    """Record steps of the first set-up; what is left out stays as it is.

    `telephone` is the clinic's, for the sheet of a patient; it is no step, and "" takes it away.
    """

    language: Name | None = None
    clinic: Name | None = None
    telephone: Name | None = None
    clock_confirmed: bool = False
    board_checked: bool = False


class Touched(Wire, frozen=True, tag="touched"):
    """Somebody touched the screen that is signed in; the token says which."""


Action = (
    Unlock
    | Lock
    | Prescribe
    | RepeatLast
    | SetCeiling
    | RecordFact
    | CheckContact
    | Start
    | Rise
    | HoldRise
    | Contract
    | ContractByCycle
    | Fall
    | MarkFelt
    | Pause
    | ChangeMinutes
    | LeavePatient
    | Resume
    | Stop
    | Acknowledge
    | Silence
    | CloseSession
    | BeginDrill
    | EndDrill
    | SignIn
    | SignOut
    | TryPin
    | SetPin
    | EnrolOperator
    | RetireOperator
    | ResetOperators
    | SetUpUnit
    | Touched
    | MakeSheet
    | ExportSheet
)
ABOUT_PEOPLE = (
    *(SignIn, SignOut, TryPin, SetPin),
    *(EnrolOperator, RetireOperator, ResetOperators, SetUpUnit, Touched),
)
"""Actions about operators and the first set-up; they move no level and no output."""
ABOUT_SHEETS = (MakeSheet, ExportSheet)
"""Actions about the sheet of a session that has ended."""
NEVER_STALE = (Stop, Pause, Fall, Acknowledge, Silence, EndDrill, *ABOUT_PEOPLE, *ABOUT_SHEETS)
"""Actions that carry no state number and are accepted from any view of the state."""


class Hello(Wire, frozen=True, tag="hello"):
    """First message of either side."""

    version: Count
    build: Name
    peer: Name


class Command(Wire, frozen=True, tag="command"):
    """One action. `state_number` is that of the snapshot it was decided on.

    `act` is an id for what a person did once, "" for none: an action is recorded once with it.
    """

    request: Count
    action: Action
    session: Name | None = None
    state_number: Count | None = None
    token: Annotated[str, Meta(max_length=256)] = ""
    act: Name = ""


class Query(Wire, frozen=True, tag="query"):
    """Ask for a page; `what` is a kind, or a kind, a colon and what it is about.

    `USAGE` in `appliance/control/pages/answers.py` lists the kinds, and so does the refusal of one
    that is unknown.
    """

    request: Count
    what: Annotated[str, Meta(max_length=4_096)]
    after: Count = 0
    limit: Annotated[int, Meta(ge=1, le=MAX_ROWS)] = 100
    token: Annotated[str, Meta(max_length=256)] = ""


class Seen(Wire, frozen=True, tag="seen"):
    """A client has shown the snapshot of control tick `tick`; a screen silent for 2 s trips."""

    tick: Count


FromClient = Hello | Command | Query | Seen
