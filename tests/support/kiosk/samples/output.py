"""Samples of the screens that the state of the engine demands."""

from functools import partial
from typing import Any

import msgspec

from appliance.clinical.pre_use.left_load import like_a_load
from appliance.link.text_conversion import view_of
from appliance.messages.snapshot import (
    ContractionView,
    FirstFeelingView,
    LastSession,
    LatchView,
    OnCallView,
    PartView,
    PlanView,
    PresenceView,
    TripView,
)
from appliance.messages.wire import (
    CallWaits,
    ContactVerdict,
    LatchName,
    PartRole,
    StateName,
    Subject,
    TextView,
)
from appliance.texts.catalogue import TEXTS
from tests.support.kiosk.channels import channel
from tests.support.kiosk.samples.sample import (
    PATIENT,
    PLACED,
    PROGRAMME,
    REGION,
    SIDE,
    Sample,
    Samples,
    at,
    snapshot,
    treatment,
    way_to_start,
)
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.over import HELP
from ui.kiosk.journey.place import NO_SHEET, Sheet
from ui.kiosk.journey.ready import Ready
from ui.kiosk.journey.sheets import LEAVE, MARKS, PIN

S_US = 1_000_000
PLAN = PlanView(
    kind="nmes",
    purpose="motor",
    region=REGION.value,
    rate_millihertz=50_000,
    phase_us=300,
    pulses_per_second=50,
    side=SIDE.value,
)
PLAYING = ContractionView(
    number=4,
    of=10,
    channels=(1, 2),
    playing=True,
    next_on_in_us=None,
    rises_in_us=0,
    rises_for_us=4 * S_US,
    into_us=5 * S_US,
    ramp_up_us=2 * S_US,
    on_us=10 * S_US,
    ramp_down_us=S_US,
    period_us=60 * S_US,
)
RESTING = ContractionView(
    number=5,
    of=10,
    channels=(1, 2),
    playing=False,
    next_on_in_us=32 * S_US,
    rises_in_us=34 * S_US,
    rises_for_us=6 * S_US,
    ramp_up_us=2 * S_US,
    on_us=10 * S_US,
    ramp_down_us=S_US,
    period_us=60 * S_US,
)
TURN = msgspec.structs.replace(PLAYING, channels=(2,))
CALLED = msgspec.structs.replace(PLAYING, number=5, of=5, into_us=4 * S_US)
WARM_UP = PartView(
    number=1,
    of=3,
    role=PartRole.BEFORE,
    contracts=False,
    left_us=85 * S_US,
    then=PartRole.MAIN,
    then_from_zero=True,
)
WORK = PartView(
    number=2,
    of=3,
    role=PartRole.MAIN,
    contracts=True,
    left_us=200 * S_US,
    then=PartRole.AFTER,
)
COOL_DOWN = PartView(number=3, of=3, role=PartRole.AFTER, contracts=False, left_us=85 * S_US)
HALF = msgspec.structs.replace(PLAN, share_percent=50)
BETWEEN_CALLS = OnCallView(by_cycle=False, given=12, of=60)
HERE = PresenceView(attendance="with_patient", locks_in_us=22 * S_US)
CHANNELS = (
    channel(1, 32_000, measured_ua=31_900, comfortable_ua=33_500),
    channel(2, 30_500, measured_ua=30_400, comfortable_ua=31_000),
)


def _output(state: StateName, sheet: Sheet = NO_SHEET, **changed: Any) -> Sample:
    """Return the screen that the engine demands in a state."""
    values: dict[str, Any] = {
        "session": "0001-002",
        "programme": PROGRAMME,
        "patient": PATIENT,
        "subject": Subject.PATIENT,
        "stage": "on",
        "elapsed_us": 228 * S_US,
        "remaining_us": 372 * S_US,
        "channels": CHANNELS,
        "contraction": PLAYING,
        "plan": PLAN,
        "presence": HERE,
        "operator": "anna",
        "operator_role": "lead",
        "at_us": S_US,
        **changed,
    }
    peaks = tuple({1: (31_900, 32_000), 2: (30_400, 30_500)} for _ in range(20))
    pages = way_to_start()["Ready"].pages
    place = Ready(treatment=treatment(**PLACED))
    age_s = float(values.pop("age_s", 0.0))
    sample = at(
        place, pages, snapshot=snapshot(state, **values), peaks=peaks, sheet=sheet, age_s=age_s
    )
    return Sample(engine_place(sample.kiosk) or place, sample.kiosk)


def _trip(code: str, **changed: Any) -> Sample:
    values: dict[str, Any] = {
        "code": code,
        "severity": "high",
        "title": TextView(key=f"trip.{code}.title"),
        "instruction": TextView(key=f"trip.{code}.instruction"),
        "detail": None,
        "channel": None,
        "cause_present": False,
        "ago_us": 12 * S_US,
        "layer": "engine",
        "time_to_zero_us": 4_000,
        **changed,
    }
    return _output(StateName.TRIPPED, trip=TripView(**values), contraction=None, latches=(LATCH,))


def _trips() -> Samples:
    codes = sorted({key.split(".")[1] for key in TEXTS if key.startswith("trip.T")})
    return {f"trip_{code}": partial(_trip, code) for code in codes}


def _feeling(channel_number: int | None, key: str) -> FirstFeelingView:
    most = None if channel_number is None else 20_000
    return FirstFeelingView(channel=channel_number, up_to_ua=most, text=TextView(key=key))


FELT_SOON = (channel(1, 6_500, measured_ua=6_400), channel(2))
"""Levels of a first feeling, below what the engine allows until then."""


def _like_a_load() -> Sample:
    """Return a contact check that found what looks like a test load on the first channel."""
    asked = view_of(like_a_load(1, 1_010))
    shown = (channel(1, contact_ohm=1_010), channel(2))
    return _output(StateName.ARMED, channels=shown, contraction=None, notes=(asked,))


def _contact(verdict: ContactVerdict) -> Sample:
    shown = (channel(1, contact=verdict, contact_ohm=4_200), channel(2))
    return _output(StateName.ARMED, channels=shown, contraction=None)


def _called(**changed: Any) -> Sample:
    """Return a treatment whose contractions are called, between two of them."""
    view = msgspec.structs.replace(BETWEEN_CALLS, **changed)
    return _output(StateName.RESTING, stage="rest", contraction=None, on_call=view)


LATCH = LatchView(
    latch=LatchName.FAULT_LATCH,
    causes=(TextView(key="latch.cause.estop_was_open"),),
    clear=TextView(key="latch.clear.estop"),
)
NOBODY = TextView(key="ended.nobody_there")
AWAY = PresenceView(
    attendance="left",
    locks_in_us=0,
    left_for_us=130 * S_US,
    pauses_in_us=50 * S_US,
)
ASKED = PresenceView(attendance="are_you_there", locks_in_us=0, pauses_in_us=50 * S_US)
STAYS = PresenceView(
    attendance="with_patient",
    locks_in_us=22 * S_US,
    leave_refusal=TextView(key="none"),
    stays=True,
)

WITH_OUTPUT: Samples = {
    "contact_checking": lambda: _output(StateName.CONTACT_CHECK, contraction=None),
    "armed": lambda: _output(StateName.ARMED, contraction=None),
    **{f"armed_{verdict.value}": partial(_contact, verdict) for verdict in ContactVerdict},
    "armed_like_load": _like_a_load,
    "armed_on_call": lambda: _output(StateName.ARMED, contraction=None, on_call=BETWEEN_CALLS),
    "rising": lambda: _output(StateName.RAMP_UP, stage="ramp_up"),
    "rising_plus_waits": lambda: _output(
        StateName.RAMP_UP,
        stage="ramp_up",
        contraction=msgspec.structs.replace(PLAYING, into_us=S_US, rises_in_us=S_US),
    ),
    "treatment": lambda: _output(StateName.DELIVERING),
    "treatment_tens": lambda: _output(
        StateName.DELIVERING, programme="conventional-tens", contraction=None
    ),
    "treatment_poor": lambda: _output(
        StateName.DELIVERING,
        channels=(channel(1, 32_000, contact=ContactVerdict.POOR, contact_ohm=9_300), CHANNELS[1]),
    ),
    "treatment_pin_needed": lambda: _output(StateName.DELIVERING, pin_needed=True),
    "resting": lambda: _output(StateName.RESTING, contraction=RESTING),
    "on_call": _called,
    "on_call_held": lambda: _output(
        StateName.DELIVERING,
        contraction=CALLED,
        on_call=OnCallView(by_cycle=False, called=True, holds_us=5 * S_US, given=13, of=60),
    ),
    "on_call_falls": lambda: _output(
        StateName.DELIVERING,
        stage="ramp_down",
        contraction=msgspec.structs.replace(CALLED, on_us=4_500_000),
        on_call=OnCallView(by_cycle=False, called=True, given=13, of=60),
    ),
    "on_call_sheet": lambda: _output(
        StateName.DELIVERING, Sheet(MARKS, "", S_US), on_call=OnCallView(by_cycle=True)
    ),
    "on_call_pin": lambda: _output(
        StateName.RESTING, contraction=None, on_call=BETWEEN_CALLS, pin_needed=True
    ),
    "on_call_cycle": lambda: _output(
        StateName.RESTING, contraction=RESTING, on_call=OnCallView(by_cycle=True, given=1, of=60)
    ),
    **{
        f"on_call_{waits.value}": partial(_called, waits_for=waits, rest_us=7 * S_US)
        for waits in CallWaits
        if waits is not CallWaits.NOTHING
    },
    "on_call_lost": lambda: _output(
        StateName.RESTING, contraction=None, on_call=BETWEEN_CALLS, age_s=2.0
    ),
    "on_call_poor": lambda: _output(
        StateName.RESTING,
        channels=(channel(1, 32_000, contact=ContactVerdict.POOR, contact_ohm=9_300), CHANNELS[1]),
        contraction=None,
        on_call=BETWEEN_CALLS,
    ),
    "turns": lambda: _output(StateName.DELIVERING, contraction=TURN),
    "part_warm_up": lambda: _output(
        StateName.DELIVERING, plan=HALF, part=WARM_UP, contraction=RESTING
    ),
    "part_work": lambda: _output(StateName.DELIVERING, part=WORK),
    "part_work_resting": lambda: _output(StateName.RESTING, part=WORK, contraction=RESTING),
    "part_active_rest": lambda: _output(
        StateName.DELIVERING, stage="active_rest", plan=HALF, part=WORK, contraction=RESTING
    ),
    "part_cool_down": lambda: _output(
        StateName.DELIVERING, part=COOL_DOWN, contraction=None, stage="on"
    ),
    "falling": lambda: _output(StateName.RAMP_DOWN, stage="ramp_down"),
    "away": lambda: _output(StateName.DELIVERING, presence=AWAY),
    "asked": lambda: _output(StateName.DELIVERING, presence=ASKED),
    "stays": lambda: _output(StateName.DELIVERING, presence=STAYS),
    **{
        f"sheet_{name}": partial(_output, StateName.DELIVERING, Sheet(name, "12", S_US))
        for name in (MARKS, LEAVE, PIN, HELP)
    },
    "feeling": lambda: _output(
        StateName.DELIVERING,
        channels=FELT_SOON,
        first_feeling=_feeling(1, "first_feeling.raise_first"),
    ),
    "feeling_wrong": lambda: _output(
        StateName.DELIVERING,
        channels=FELT_SOON,
        first_feeling=_feeling(None, "first_feeling.other_pair"),
    ),
    "paused": lambda: _output(StateName.PAUSED),
    "paused_alone": lambda: _output(StateName.PAUSED, paused_because=NOBODY),
    "paused_raise_back": lambda: _output(
        StateName.PAUSED,
        channels=(
            channel(1, 0, comfortable_ua=32_000, raise_back_to_ua=25_500),
            channel(2, 0, comfortable_ua=30_000, raise_back_to_ua=24_000),
        ),
    ),
    "ended": lambda: _output(
        StateName.FINISHED,
        contraction=None,
        last_session=LastSession(session="0001-002", outcome="finished", cause="time"),
    ),
    "trip_here": lambda: _trip(
        "T07", channel=1, cause_present=True, detail=TextView(key="none"), cause_watched=False
    ),
    "no_engine": lambda: _output(StateName.DELIVERING, age_s=2.0),
    **_trips(),
}
