"""What crosses the link: JSON lines of tagged structs. A leaf: it imports nothing of ours.

A client sends `Hello`, then `Command`s and `Query`s; the engine answers each with one `Reply`,
`Page` or `Refused`, and sends a full `Snapshot` 20 times a second and an `Event` when something
happens. Levels and amplitudes are microampere, times microseconds, charges picocoulomb.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

PROTOCOL_VERSION = 1
MAX_LINE_BYTES = 64 * 1024

ChannelNumber = Annotated[int, Meta(ge=1, le=4)]
"""A channel as a message names it; whether the board has it is for the engine to say."""


class _Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A frozen message; unknown fields are refused."""


# --- what a person asks for ------------------------------------------------------------------


class Unlock(_Wire, frozen=True, tag="unlock"):
    """Leave Locked: an operator takes responsibility."""

    operator: str


class Lock(_Wire, frozen=True, tag="lock"):
    """Go back to Locked from any state without output."""


class Prescribe(_Wire, frozen=True, tag="prescribe"):
    """Choose a programme of the catalogue; None keeps what the programme says."""

    programme: str
    channels: tuple[int, ...] = (1,)
    duration_us: int | None = None
    region: str | None = None
    pad_area_mm2: int | None = None
    ceiling_ua: int | None = None
    tap_ua: int = 500
    reason: str = ""
    patient: str | None = None
    """A pseudonym; what holds for that patient is for the engine to look up."""


class SetCeiling(_Wire, frozen=True, tag="set_ceiling"):
    """Set a patient's own ceiling, out of session; a kiosk may only lower it."""

    patient: str
    scope: Literal["neck", "back"]
    ceiling_ua: Annotated[int, Meta(ge=0, le=10_000_000)]
    reason: str
    operator: str


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
    operator: Annotated[str, Meta(max_length=64)] = ""


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

    version: int
    build: str
    peer: str


class Command(_Wire, frozen=True, tag="command"):
    """One action. `state_number` is that of the snapshot it was decided on."""

    request: int
    action: Action
    session: str | None = None
    state_number: int | None = None
    token: str = ""


class Query(_Wire, frozen=True, tag="query"):
    """Ask for a page of records: `what` is "sessions" or "session:ID"."""

    request: int
    what: str
    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100


class Seen(_Wire, frozen=True, tag="seen"):
    """A client has shown the snapshot of control tick `tick`; a screen silent for 2 s trips."""

    tick: int


# --- what the engine says --------------------------------------------------------------------


class Refused(_Wire, frozen=True, tag="refused"):
    """The answer "no, because": which limit or rule, asked, allowed, nearest accepted."""

    request: int
    limit: str
    asked: str
    allowed: str
    nearest: str


class Reply(_Wire, frozen=True, tag="reply"):
    """The command was accepted and acts from the control tick `tick` on."""

    request: int
    tick: int
    session: str | None = None


class Page(_Wire, frozen=True, tag="page"):
    """One page of records, each row a JSON object; `next_after` is None on the last page."""

    request: int
    rows: tuple[dict[str, object], ...]
    next_after: int | None


class TripView(_Wire, frozen=True):
    """A trip as screens show it; `cause_present` says that it cannot be acknowledged yet."""

    code: str
    severity: str
    text: str
    channel: int | None
    cause_present: bool


class ChannelView(_Wire, frozen=True):
    """One channel: what is set, what flows, what was delivered."""

    channel: int
    level_ua: int
    amplitude_ua: int
    measured_ua: int | None
    contact_ohm: int | None
    ceiling_ua: int
    highest_ua: int
    pulses: int
    charge_pc: int
    rms_ua: int
    worst_error_ua: int


class ContractionView(_Wire, frozen=True):
    """The contraction that plays or comes next, of `of` in all; times count from the snapshot.

    `next_on_in_us` is None while the one after it is not in sight. A rise counts from
    `rises_in_us` on (0: now, None: not before the next contraction) for `rises_for_us`.
    """

    number: int
    of: int
    channels: tuple[int, ...]
    playing: bool
    next_on_in_us: int | None
    rises_in_us: int | None
    rises_for_us: int


class DrillResult(_Wire, frozen=True):
    """How a drill ended; `measured` has its units in the names."""

    passed: bool
    failures: tuple[str, ...]
    measured: dict[str, object]


class DrillView(_Wire, frozen=True):
    """The drill under way, or with a `result` the last one.

    `key` names the text for other languages. Where it ends in "acknowledge" or "acknowledge-again"
    a person has to acknowledge the trip.
    """

    kind: str
    channel: int | None
    load_ohm: int | None
    step: int
    of: int
    key: str
    text: str
    left_us: int
    result: DrillResult | None = None


class Snapshot(_Wire, frozen=True, tag="snapshot"):
    """The whole state; `state_number` grows with every change of state.

    `contraction` is None for programmes without on and off times. `ceiling_by` names what lowers
    the ceiling for this patient, "" where nothing does. `drill_notes` say which drills are due or
    stand in the way; they are there long before arming is refused for them.
    """

    at_us: int
    tick: int
    state: str
    state_number: int
    session: str | None
    programme: str | None
    rig: str
    stage: str
    elapsed_us: int
    remaining_us: int
    slice_number: int
    channels: tuple[ChannelView, ...]
    trip: TripView | None
    estop_closed: bool
    hand_switch_closed: bool
    supply_good: bool
    latch_clear: bool
    drift_ppm: int | None
    rail_mv: int | None
    notes: tuple[str, ...]
    contraction: ContractionView | None = None
    patient: str | None = None
    ceiling_by: str = ""
    drill: DrillView | None = None
    drill_notes: tuple[str, ...] = ()


class Event(_Wire, frozen=True, tag="event"):
    """Something happened: a name of the journal's vocabulary and its facts."""

    name: str
    session: str | None
    facts: dict[str, object]


FromClient = Hello | Command | Query | Seen
FromEngine = Hello | Reply | Refused | Page | Snapshot | Event
