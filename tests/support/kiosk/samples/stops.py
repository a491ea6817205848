"""Samples of what follows a stop, and of stops that look otherwise."""

from dataclasses import replace
from functools import partial
from typing import Any

import msgspec

from appliance.messages.snapshot import CloseOutView, InterruptedView, SoundView, TripView
from appliance.messages.wire import ContactVerdict, SoundName, StateName, TextView
from tests.support.kiosk.channels import channel
from tests.support.kiosk.samples.output import CHANNELS, WITH_OUTPUT
from tests.support.kiosk.samples.sample import (
    PATIENT,
    PLACED,
    PROGRAMME,
    Sample,
    Samples,
    at,
    snapshot,
    treatment,
)
from ui.kiosk.journey.harm import TOLD
from ui.kiosk.journey.place import Sheet
from ui.kiosk.journey.sheets import GRADE
from ui.kiosk.journey.stops import AfterTrip, Interrupted

S_US = 1_000_000
AT_US = 1_795_962_686 * S_US
LEFT = InterruptedView(patient=PATIENT, programme=PROGRAMME, left_us=372 * S_US, for_us=540 * S_US)
HAPPENED = TextView(key="trip.T06.title")
HELD = CloseOutView(session="0001-002", pads_off=False, skin=False)
OFF = tuple(msgspec.structs.replace(each, level_ua=0, measured_ua=None) for each in CHANNELS)


def _of_trip(code: str, sheet: Sheet | None = None, **changed: Any) -> Sample:
    """Return the sample of a trip with other values of the trip, or else of the snapshot."""
    place, kiosk = WITH_OUTPUT[f"trip_{code}"]()
    assert kiosk.snapshot is not None
    assert kiosk.snapshot.trip is not None
    of_trip = {name: changed.pop(name) for name in list(changed) if name in TRIP_FIELDS}
    trip = msgspec.structs.replace(kiosk.snapshot.trip, **of_trip)
    values = {"trip": trip, "channels": OFF, "latches": (), **changed}
    now = msgspec.structs.replace(kiosk.snapshot, **values)
    return Sample(place, replace(kiosk, snapshot=now, sheet=sheet or kiosk.sheet))


TRIP_FIELDS = TripView.__struct_fields__


def _after(place: AfterTrip | Interrupted, state: StateName, **changed: Any) -> Sample:
    return at(place, {}, snapshot=snapshot(state, **changed))


def _playing(sheet: Sheet | None = None, **changed: Any) -> Sample:
    """Return the sample of a treatment with other values of the snapshot."""
    place, kiosk = WITH_OUTPUT["treatment"]()
    assert kiosk.snapshot is not None
    now = msgspec.structs.replace(kiosk.snapshot, **changed)
    return Sample(place, replace(kiosk, snapshot=now, sheet=sheet or kiosk.sheet))


WORSE = (
    CHANNELS[0],
    channel(2, 18_000, contact=ContactVerdict.ACCEPTABLE, contact_ohm=2_300),
)
LOWERED = TextView(
    key="caution.note",
    values={"code": "W02", "detail": TextView(key="caution.contact_rising", values={})},
)
FELL = TextView(
    key="caution.note",
    values={"code": "W05", "detail": TextView(key="caution.contact_fell", values={})},
)
SOUNDS = SoundView(
    name=SoundName.CONTACT, text=TextView(key="choice.sound_name.contact"), may_be_silenced=True
)
HEARD = SoundView(
    name=SoundName.HAND_SWITCH,
    text=TextView(key="choice.sound_name.hand_switch"),
    may_be_silenced=True,
)
STOPS: Samples = {
    "treatment_fell": lambda: _playing(channels=WORSE, notes=(FELL,), sound=SOUNDS),
    "treatment_lowered": lambda: _playing(channels=WORSE, notes=(LOWERED,), sound=SOUNDS),
    "treatment_skin": lambda: _playing(
        notes=(TextView(key="caution.note", values={"code": "W01", "detail": "x"}),),
        sound=msgspec.structs.replace(
            SOUNDS, name=SoundName.SKIN, text=TextView(key="choice.sound_name.skin")
        ),
    ),
    "treatment_silenced": lambda: _playing(
        channels=WORSE,
        sound=msgspec.structs.replace(SOUNDS, may_be_silenced=False, silenced_for_us=90 * S_US),
    ),
    "sheet_grade_of": lambda: _playing(Sheet(GRADE, "1", S_US)),
    "sheet_grade_discomfort": lambda: _playing(Sheet(GRADE, "1:visible", S_US)),
    "estop_pressed": lambda: _of_trip(
        "T01",
        cause_present=True,
        estop_closed=False,
        latch_clear=False,
        utc_us=AT_US,
    ),
    "estop_released": lambda: _of_trip("T01", latch_clear=False, utc_us=AT_US),
    "hand_switch_open": lambda: _of_trip(
        "T02", cause_present=True, hand_switch_closed=False, interrupted=LEFT, sound=HEARD
    ),
    "hand_switch_told": lambda: _of_trip("T02", Sheet(TOLD, "1:pain 2:burning")),
    "trip_may_continue": lambda: _of_trip(
        "T06",
        channel=2,
        cause_watched=False,
        interrupted=LEFT,
        utc_us=AT_US,
        time_to_zero_us=1_340_000,
    ),
    "after_trip": partial(
        _after,
        AfterTrip(patient=PATIENT, happened=HAPPENED, treatment=treatment(**PLACED)),
        StateName.READY,
        interrupted=LEFT,
        close_out=HELD,
    ),
    "after_trip_over": partial(
        _after, AfterTrip(patient=PATIENT, happened=HAPPENED), StateName.READY, close_out=HELD
    ),
    "after_trip_testing": partial(
        _after,
        AfterTrip(patient=PATIENT, happened=HAPPENED, treatment=treatment(**PLACED)),
        StateName.SELF_TEST,
        interrupted=LEFT,
    ),
    "interrupted": partial(
        _after,
        Interrupted(patient=PATIENT, because=TextView(key="ended.interrupted")),
        StateName.LOCKED,
    ),
}
