"""What crosses the link: JSON lines of tagged structs. A leaf: it imports nothing of ours.

A client sends `Hello`, then `Command`s and `Query`s; the engine answers each with one `Reply`,
`Page` or `Refused`, and sends a full `Snapshot` 20 times a second and an `Event` when something
happens. Levels and amplitudes are microampere, times microseconds, charges picocoulomb.

Every text, number and list of every message has a bound in its type, far outside what is meant and
near enough that nothing behind the link meets a value it cannot compute with, record or print. What
may be given is for the limits of the engine to say, in words; what breaks a bound here is refused
as a line that cannot be read.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

PROTOCOL_VERSION = 1
MAX_LINE_BYTES = 64 * 1024

ChannelNumber = Annotated[int, Meta(ge=1, le=4)]
"""A channel as a message names it; whether the board has it is for the engine to say."""
Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""A number, time or tick from zero on, that SQLite can keep."""
Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""A number of either sign, that SQLite can keep."""
AskedUa = Annotated[int, Meta(ge=-10_000_000, le=10_000_000)]
"""A current as a client asks for it, in µA; 10 A is a hundred times the highest limit."""
AskedUs = Annotated[int, Meta(ge=-86_400_000_000, le=86_400_000_000)]
"""A duration as a client asks for it, in µs; a day."""
AskedMm2 = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
"""An area as a client asks for it, in mm²; a square metre."""
AskedChannels = Annotated[tuple[Annotated[int, Meta(ge=-256, le=256)], ...], Meta(max_length=16)]
"""Channels as a client asks for them."""
Name = Annotated[str, Meta(max_length=64)]
"""An identifier: a programme, a patient, an operator, a client, a session."""
Sentence = Annotated[str, Meta(max_length=500)]
"""What a person typed."""
Words = Annotated[str, Meta(max_length=8_192)]
"""What the engine says; an eighth of a line."""
Texts = Annotated[tuple[Words, ...], Meta(max_length=64)]
"""A list of what the engine says."""
MAX_ROWS = 1_000
"""Rows of one page at most."""
Facts = Annotated[dict[Name, object], Meta(max_length=256)]
"""Facts of the journal by name; their values are bounded by the line alone."""


class _Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A frozen message; unknown fields are refused."""


# --- texts for people --------------------------------------------------------------------------


class QuantityView(_Wire, frozen=True, tag="quantity"):
    """A whole number of a unit, the unit as `appliance.texts.text.Unit` writes it."""

    value: Whole
    unit: Name


class TextView(_Wire, frozen=True, tag="text"):
    """A key of the catalogue of texts and its values by name; a value may be a text itself."""

    key: Name
    values: Annotated[dict[Name, "TextValueView"], Meta(max_length=16)] = {}


TextValueView: TypeAlias = Whole | Words | QuantityView | TextView
"""A value of a text: a number, a name or words of others, a quantity, or a text."""
TextViews = Annotated[tuple[TextView, ...], Meta(max_length=64)]
"""A list of texts."""


# --- what a person asks for ------------------------------------------------------------------


class Unlock(_Wire, frozen=True, tag="unlock"):
    """Leave Locked: an operator takes responsibility."""

    operator: Name


class Lock(_Wire, frozen=True, tag="lock"):
    """Go back to Locked from any state without output."""


class Prescribe(_Wire, frozen=True, tag="prescribe"):
    """Choose a programme of the catalogue; None keeps what the programme says."""

    programme: Name
    channels: AskedChannels = (1,)
    duration_us: AskedUs | None = None
    region: Name | None = None
    pad_area_mm2: AskedMm2 | None = None
    ceiling_ua: AskedUa | None = None
    tap_ua: AskedUa = 500
    reason: Sentence = ""
    patient: Name | None = None
    """A pseudonym; what holds for that patient is for the engine to look up."""


class SetCeiling(_Wire, frozen=True, tag="set_ceiling"):
    """Set a patient's own ceiling, out of session; a kiosk may only lower it."""

    patient: Name
    scope: Literal["neck", "back"]
    ceiling_ua: Annotated[int, Meta(ge=0, le=10_000_000)]
    reason: Sentence
    operator: Name


class CheckContact(_Wire, frozen=True, tag="check_contact"):
    """Prove the DAC, then measure each pad with sub-sensory pulses; leads to Armed."""


class Start(_Wire, frozen=True, tag="start"):
    """Begin to pulse at level zero."""


class Rise(_Wire, frozen=True, tag="rise"):
    """One tap upward on a channel."""

    channel: ChannelNumber


class HoldRise(_Wire, frozen=True, tag="hold_rise"):
    """Press (`pressed`) or release the rise key of a channel."""

    channel: ChannelNumber
    pressed: bool


class Fall(_Wire, frozen=True, tag="fall"):
    """Lower a channel by `step_ua`; never stale, never limited in rate, never negative."""

    channel: ChannelNumber
    step_ua: Annotated[int, Meta(ge=1, le=120_000)]


class MarkFelt(_Wire, frozen=True, tag="mark_felt"):
    """The patient says what is felt on a channel now, while it pulses at a level.

    Only a session with such a mark counts as felt. "too_strong" lowers the level by one tap as
    well, at once.
    """

    channel: ChannelNumber
    felt: Literal["first_felt", "comfortable", "too_strong"]


class Pause(_Wire, frozen=True, tag="pause"):
    """Ramp down and wait; the treatment clock stands."""


class Resume(_Wire, frozen=True, tag="resume"):
    """Go on from a pause, at level zero."""


class Stop(_Wire, frozen=True, tag="stop"):
    """Ramp down and end the session; with `cut`, end output at once."""

    cut: bool = False


class Acknowledge(_Wire, frozen=True, tag="acknowledge"):
    """A person has seen the trip."""


class CloseSession(_Wire, frozen=True, tag="close_session"):
    """Leave Finished for Ready."""


class BeginDrill(_Wire, frozen=True, tag="begin_drill"):
    """Begin a drill, in Ready only; `load_ohm` is the known load on the channel, if any.

    `operator` is who does it, "" for whoever unlocked.
    """

    kind: Literal["e-stop", "hand-switch", "lead", "known-load", "watchdog"]
    channel: ChannelNumber = 1
    load_ohm: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    operator: Name = ""


class EndDrill(_Wire, frozen=True, tag="end_drill"):
    """End the drill under way, which counts as not passed; after its end, put the result away."""


Action = (
    Unlock
    | Lock
    | Prescribe
    | SetCeiling
    | CheckContact
    | Start
    | Rise
    | HoldRise
    | Fall
    | MarkFelt
    | Pause
    | Resume
    | Stop
    | Acknowledge
    | CloseSession
    | BeginDrill
    | EndDrill
)
NEVER_STALE = (Stop, Pause, Fall, Acknowledge, EndDrill)
"""Actions that carry no state number and are accepted from any view of the state."""


class Hello(_Wire, frozen=True, tag="hello"):
    """First message of either side."""

    version: Count
    build: Name
    peer: Name


class Command(_Wire, frozen=True, tag="command"):
    """One action. `state_number` is that of the snapshot it was decided on."""

    request: Count
    action: Action
    session: Name | None = None
    state_number: Count | None = None
    token: Annotated[str, Meta(max_length=256)] = ""


class Query(_Wire, frozen=True, tag="query"):
    """Ask for a page of records: `what` is "sessions" or "session:ID"."""

    request: Count
    what: Annotated[str, Meta(max_length=128)]
    after: Count = 0
    limit: Annotated[int, Meta(ge=1, le=MAX_ROWS)] = 100


class Seen(_Wire, frozen=True, tag="seen"):
    """A client has shown the snapshot of control tick `tick`; a screen silent for 2 s trips."""

    tick: Count


# --- what the engine says --------------------------------------------------------------------


class Refused(_Wire, frozen=True, tag="refused"):
    """The answer "no, because": which limit or rule, asked, allowed, nearest accepted."""

    request: Count
    limit: Words
    asked: Words
    allowed: Words
    nearest: Words


class Reply(_Wire, frozen=True, tag="reply"):
    """The command was accepted and acts from the control tick `tick` on."""

    request: Count
    tick: Whole
    session: Words | None = None


class Page(_Wire, frozen=True, tag="page"):
    """One page of records, each row a JSON object; `next_after` is None on the last page."""

    request: Count
    rows: Annotated[tuple[Facts, ...], Meta(max_length=MAX_ROWS)]
    next_after: Count | None


class TripView(_Wire, frozen=True):
    """A trip as screens show it; `cause_present` says that it cannot be acknowledged yet.

    `cause_watched` says that its cause is looked at with the output off as well; where it is not,
    nobody knows whether it is gone.
    """

    code: Words
    severity: Words
    text: Words
    channel: Whole | None
    cause_present: bool
    cause_watched: bool = True


class ChannelView(_Wire, frozen=True):
    """One channel: what is set, what flows, what was delivered."""

    channel: Whole
    level_ua: Whole
    amplitude_ua: Whole
    measured_ua: Whole | None
    contact_ohm: Whole | None
    ceiling_ua: Whole
    highest_ua: Whole
    pulses: Whole
    charge_pc: Whole
    rms_ua: Whole
    worst_error_ua: Whole


class ContractionView(_Wire, frozen=True):
    """The contraction that plays or comes next, of `of` in all; times count from the snapshot.

    `next_on_in_us` is None while the one after it is not in sight. A rise counts from
    `rises_in_us` on (0: now, None: not before the next contraction) for `rises_for_us`.
    """

    number: Whole
    of: Whole
    channels: Annotated[tuple[ChannelNumber, ...], Meta(max_length=4)]
    playing: bool
    next_on_in_us: Whole | None
    rises_in_us: Whole | None
    rises_for_us: Whole


class DrillResult(_Wire, frozen=True):
    """How a drill ended; `measured` has its units in the names."""

    passed: bool
    failures: Texts
    measured: Facts


class DrillView(_Wire, frozen=True):
    """The drill under way, or with a `result` the last one.

    `key` names the text for other languages. Where it ends in "acknowledge" or "acknowledge-again"
    a person has to acknowledge the trip.
    """

    kind: Words
    channel: Whole | None
    load_ohm: Whole | None
    step: Whole
    of: Whole
    key: Words
    text: Words
    left_us: Whole
    result: DrillResult | None = None


class LastSession(_Wire, frozen=True):
    """A session that is over, and its outcome as the records have it."""

    session: Words
    outcome: Words


class Snapshot(_Wire, frozen=True, tag="snapshot"):
    """The whole state; `state_number` grows with every change of state.

    `contraction` is None for programmes without on and off times. `ceiling_by` names what lowers
    the ceiling for this patient, "" where nothing does. `drill_notes` say which drills are due or
    stand in the way; they are there long before arming is refused for them. `board` is the name in
    the board file, `board_digest` its SHA-256 in hex. `last_session` is the one that ended last.
    """

    at_us: Whole
    tick: Whole
    state: Words
    state_number: Whole
    session: Words | None
    programme: Words | None
    rig: Words
    stage: Words
    elapsed_us: Whole
    remaining_us: Whole
    slice_number: Whole
    channels: Annotated[tuple[ChannelView, ...], Meta(max_length=4)]
    trip: TripView | None
    estop_closed: bool
    hand_switch_closed: bool
    supply_good: bool
    latch_clear: bool
    drift_ppm: Whole | None
    rail_mv: Whole | None
    notes: Texts
    contraction: ContractionView | None = None
    patient: Words | None = None
    ceiling_by: Words = ""
    drill: DrillView | None = None
    drill_notes: Texts = ()
    board: Words = ""
    board_digest: Words = ""
    last_session: LastSession | None = None


class Event(_Wire, frozen=True, tag="event"):
    """Something happened: a name of the journal's vocabulary and its facts."""

    name: Words
    session: Words | None
    facts: Facts


FromClient = Hello | Command | Query | Seen
FromEngine = Hello | Reply | Refused | Page | Snapshot | Event
