"""The whole state as screens show it, sent 20 times a second; docs/link.md says what is where."""

from typing import Annotated

import msgspec
from msgspec import Meta

from appliance.messages.wire import (
    CallWaits,
    ChannelNumber,
    ContactVerdict,
    DrillKind,
    Facts,
    LatchName,
    PartRole,
    SoundName,
    StateName,
    Subject,
    TextView,
    TextViews,
    Whole,
    Wire,
    Words,
)


class TripView(Wire, frozen=True, omit_defaults=True):
    """A trip as screens show it; `cause_present` says that it cannot be acknowledged yet.

    `title` says what happened, `instruction` what to do, `detail` what was seen.
    `cause_watched` says that its cause is looked at with the output off as well; where it is not,
    nobody knows whether it is gone.

    `ago_us` is how long ago its cause was, as far as known, `utc_us` when by the wall clock, None
    where that was not set. `layer` says what ended the output first (engine, guard, slices,
    hardware) and `time_to_zero_us` how long that took from the cause, at the most; "" and None
    where output was off already, still falls, or nobody knows.
    """

    code: Words
    severity: Words
    title: TextView
    instruction: TextView
    detail: TextView | None
    channel: Whole | None
    cause_present: bool
    cause_watched: bool = True
    ago_us: Whole = 0
    utc_us: Whole | None = None
    layer: Words = ""
    time_to_zero_us: Whole | None = None


class LatchView(Wire, frozen=True):
    """A latch that is set: why, as far as the engine can read it, and what clears it."""

    latch: LatchName
    causes: TextViews
    clear: TextView


class ChannelView(Wire, frozen=True, omit_defaults=True):
    """One channel: what is set, what flows, what was delivered.

    `contact` is the verdict on `contact_ohm`; while no pulses play, the last one.
    `comfortable_ua` is the last level kept for 3 s in this session. `raise_back_to_ua` is where the
    pressed rise key ends after an interruption; None where raising back is not offered. `lifted`
    says that the contact of a held pad opened and its level went to zero, until a person raises it.
    """

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
    contact: ContactVerdict = ContactVerdict.UNKNOWN
    comfortable_ua: Whole = 0
    raise_back_to_ua: Whole | None = None
    lifted: bool = False


class PlanView(Wire, frozen=True, omit_defaults=True):
    """The pulses of the programme as they are now, also under a sweep, and what they are for.

    `rate_millihertz` is that of the pulses, or of the bursts where `pulses_in_burst` says that
    there are any, `pulse_period_us` apart; a cycle of a carrier is a pulse. `phase_us` is the width
    of one phase. They play at `share_percent` of the set level. `pulses_per_second` is what plays
    on a channel now, at level zero too, 0 while nothing does. `side`, placement, depth and set of
    pads are those of a patient, "" on a test load.
    """

    kind: Words
    purpose: Words
    region: Words
    rate_millihertz: Whole
    phase_us: Whole
    pulses_in_burst: Whole = 1
    pulse_period_us: Whole | None = None
    pulses_per_second: Whole = 0
    share_percent: Whole = 100
    side: Words = ""
    placement: Words = ""
    depth: Words = ""
    pad_set: Words = ""


class ContractionView(Wire, frozen=True):
    """The contraction that plays or comes next, of `of` in all; times count from the snapshot.

    `next_on_in_us` is None while the one after it is not in sight. A rise counts from
    `rises_in_us` on (0: now, None: not before the next contraction) for `rises_for_us`.

    `channels` are those whose turn it is: not all of them where they alternate.

    `into_us` of it have played. `on_us` includes both ramps; one begins each `period_us`, and rest
    is what is left of that.
    """

    number: Whole
    of: Whole
    channels: Annotated[tuple[ChannelNumber, ...], Meta(max_length=4)]
    playing: bool
    next_on_in_us: Whole | None
    rises_in_us: Whole | None
    rises_for_us: Whole
    into_us: Whole = 0
    ramp_up_us: Whole = 0
    on_us: Whole = 0
    ramp_down_us: Whole = 0
    period_us: Whole = 0


class PartView(Wire, frozen=True, omit_defaults=True):
    """The part that plays, `number` of `of`, `left_us` before its end.

    `contracts` says that it has on-times; where it has none a rise counts while it is `stage` on.
    `then` is the part after it, None for the last; `then_from_zero` says that its level begins at
    zero, because it may be stronger.
    """

    number: Whole
    of: Whole
    role: PartRole
    contracts: bool
    left_us: Whole
    then: PartRole | None = None
    then_from_zero: bool = False


class OnCallView(Wire, frozen=True, omit_defaults=True):
    """Contractions on call: whether one may be called now, and what plays.

    `by_cycle` says that they still come by cycle, so that a level can be set. `called` one is given
    and holds for `holds_us` yet unless it is released, 0 once it ramps down. A call waits for
    `waits_for`; where that is the rest, `rest_us` of it are left. `given` contractions began, of
    `of` that the session may have, None for any number.
    """

    by_cycle: bool
    called: bool = False
    holds_us: Whole = 0
    waits_for: CallWaits = CallWaits.NOTHING
    rest_us: Whole = 0
    given: Whole = 0
    of: Whole | None = None


class DrillResult(Wire, frozen=True):
    """How a drill ended; `measured` has its units in the names."""

    passed: bool
    failures: TextViews
    measured: Facts


class DrillView(Wire, frozen=True):
    """The drill under way, or with a `result` the last one; `measured` fills as it goes on.

    `key` names the text of the step. Where it ends in "acknowledge" or "acknowledge-again"
    a person has to acknowledge the trip.
    """

    kind: DrillKind
    channel: Whole | None
    load_ohm: Whole | None
    step: Whole
    of: Whole
    key: Words
    left_us: Whole
    result: DrillResult | None = None
    measured: Facts = msgspec.field(default_factory=dict)


class HandSwitchView(Wire, frozen=True):
    """The proof of the patient's hand switch, before a session of a patient.

    `step` is what it waits for (close, squeeze, release) or proven, or waived where the patient
    cannot squeeze; `text` says it in words. A proof holds for `valid_for_us` from the snapshot on.
    """

    step: Words
    text: TextView
    valid_for_us: Whole | None = None


class CloseOutView(Wire, frozen=True):
    """A close-out without which nobody is treated: whether pads and skin have an answer.

    Who it is of stands on the page `close_out:SESSION`.
    """

    session: Words
    pads_off: bool
    skin: bool


class PresenceView(Wire, frozen=True):
    """Whether somebody is with the patient; times count from the snapshot.

    `attendance` is with_patient, are_you_there, left or look_in, "" while nothing plays for a
    patient; `text` says it in words. Plus and settings need the PIN after `locks_in_us`. The
    question comes after `asks_in_us`; once it was asked, the pause comes after `pauses_in_us`.
    `leave_refusal` says why the patient may not be left now, None if they may be; `stays` that
    no waiting changes it.
    """

    attendance: Words
    locks_in_us: Whole
    text: TextView | None = None
    left_for_us: Whole | None = None
    asks_in_us: Whole | None = None
    pauses_in_us: Whole | None = None
    leave_refusal: TextView | None = None
    stays: bool = False


class SoundView(Wire, frozen=True, omit_defaults=True):
    """What the buzzer plays, and `text` in words; times count from the snapshot.

    `silenced_for_us` is how long it stays silent because a person silenced it, None while it is
    heard. `may_be_silenced` says that `Silence` with this `name` is accepted now. A sound that is
    heard once is named for 2 s.
    """

    name: SoundName
    text: TextView
    silenced_for_us: Whole | None = None
    may_be_silenced: bool = False


class RangeView(Wire, frozen=True):
    """The personal range of a channel: the level of the newest mark of each kind, None for none."""

    channel: Whole
    first_felt_ua: Whole | None = None
    comfortable_ua: Whole | None = None
    too_strong_ua: Whole | None = None


class FirstFeelingView(Wire, frozen=True):
    """What the first feeling waits for: `channel` alone rises, up to `up_to_ua`, until it is felt.

    `channel` is None after a wrong feeling: the pads are placed again. `text` says it in words.
    """

    channel: Whole | None
    up_to_ua: Whole | None
    text: TextView


class InterruptedView(Wire, frozen=True):
    """A session that a harmless trip ended and that the same patient may continue.

    `left_us` of its minutes are left; it may be continued for `for_us` from the snapshot on, which
    runs while the trip stands too.
    """

    patient: Words
    programme: Words
    left_us: Whole
    for_us: Whole


class LastSession(Wire, frozen=True, omit_defaults=True):
    """A session that is over: its outcome, cause, layer and time to zero as the records have them.

    `because` says the cause in words, None where there are none for it.
    """

    session: Words
    outcome: Words
    cause: Words = ""
    because: TextView | None = None
    layer: Words = ""
    time_to_zero_us: Whole | None = None


class Snapshot(Wire, frozen=True, tag="snapshot", omit_defaults=True):
    """The whole state; `state_number` grows with every change of state.

    Fields with a default are left out of the line while they have it.

    `contraction` is None for programmes without on and off times, `part` for treatments of one
    part, `on_call` where contractions are not on call. `ceiling_by` names what lowers
    the ceiling for this patient, "" where nothing does. `drill_notes` say which drills are due or
    stand in the way; they are there long before arming is refused for them. `board` is the name in
    the board file, `board_digest` its SHA-256 in hex. `last_session` is the one that ended last.
    `latches` are those that keep output off, the engine's own first. `unit_notes` say what is
    damaged and which care is due, `out_of_use` why nobody is treated until service releases it.
    `resumable` is False once harm was told that ends the session. `paused_because` says why it is
    paused where nobody asked for it.
    `programme_title` is the title of an own programme in the words of whoever made it, "" for one
    of the catalogue.
    `simulated_time` says that times are those of a virtual board that waits for a late machine.

    `operator` is in charge, with `operator_role` where signed in by PIN. `pin_needed` says that
    nobody touched for 2 min: plus and settings wait for the PIN, stop, pause and minus do not.
    """

    at_us: Whole
    tick: Whole
    state: StateName
    state_number: Whole
    session: Words | None
    programme: Words | None
    rig: Words
    stage: Words
    elapsed_us: Whole
    remaining_us: Whole
    slice_number: Whole
    channels: Annotated[tuple[ChannelView, ...], Meta(max_length=4)]
    estop_closed: bool
    hand_switch_closed: bool
    supply_good: bool
    latch_clear: bool
    drift_ppm: Whole | None
    rail_mv: Whole | None
    trip: TripView | None = None
    programme_title: Words = ""
    notes: TextViews = ()
    contraction: ContractionView | None = None
    subject: Subject | None = None
    patient: Words | None = None
    ceiling_by: Words = ""
    drill: DrillView | None = None
    drill_notes: TextViews = ()
    unit_notes: TextViews = ()
    out_of_use: TextView | None = None
    board: Words = ""
    board_digest: Words = ""
    last_session: LastSession | None = None
    latches: Annotated[tuple[LatchView, ...], Meta(max_length=8)] = ()
    plan: PlanView | None = None
    hand_switch: HandSwitchView | None = None
    operator: Words = ""
    operator_role: Words = ""
    pin_needed: bool = False
    close_out: CloseOutView | None = None
    first_feeling: FirstFeelingView | None = None
    presence: PresenceView | None = None
    ranges: Annotated[tuple[RangeView, ...], Meta(max_length=4)] = ()
    simulated_time: bool = False
    interrupted: InterruptedView | None = None
    resumable: bool = True
    paused_because: TextView | None = None
    sound: SoundView | None = None
    part: PartView | None = None
    on_call: OnCallView | None = None
