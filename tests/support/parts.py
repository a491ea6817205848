"""Prescriptions of several parts: one as a device gives it, and any for property tests."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from appliance.core.limits.limits import Purpose
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.prescription.waveform import (
    Biphasic,
    Burst,
    ChannelUse,
    OnOff,
    Part,
    PartKind,
)
from tests.support.strategies import prescription

S = 1_000_000
PULSE = Biphasic(300, 100)
WARM_UP = Part(waveform=PULSE, period_us=166_667, share_percent=50, duration_us=20 * S)
WORK_TIMES = OnOff.of_plateau(6 * S, 9_250_000, ramp_up_us=1_500_000, ramp_down_us=750_000)
WORK = Part(waveform=PULSE, period_us=28_572, on_off=WORK_TIMES)
ACTIVE_REST = Part(
    waveform=Biphasic(250, 100),
    period_us=250_000,
    on_off=OnOff(8 * S, 1 * S, 500_000, 500_000),
    share_percent=40,
    kind=PartKind.ACTIVE_REST,
)
COOL_DOWN = Part(waveform=PULSE, period_us=333_334, share_percent=25, duration_us=15 * S)
DEVICE = (WARM_UP, WORK, ACTIVE_REST, COOL_DOWN)
"""CefarCompex Physio 5 p. 9 with other minutes, and the silence before the active rest."""
MOTOR: dict[str, Any] = {"purpose": Purpose.MOTOR, "pad_area_mm2": 5_000, "tap_ua": 1_000}
ON_CALL = Part(
    waveform=PULSE,
    period_us=20_000,
    on_off=OnOff.of_plateau(5 * S, 12 * S, ramp_up_us=2 * S, ramp_down_us=1 * S),
    kind=PartKind.ON_CALL,
)


def of_parts(*parts: Part, **changes: Any) -> Prescription:
    """Return a motor prescription of these parts; raises `PrescriptionError`."""
    return prescription(**{**MOTOR, "parts": parts, **changes})


@st.composite
def twitching(draw: st.DrawFn) -> dict[str, Any]:
    """Draw trains of twitches: single pulses, or groups of them."""
    waveform = Biphasic(draw(st.integers(50, 400)), draw(st.integers(10, 250)))
    if draw(st.booleans()):
        return {"waveform": waveform, "period_us": draw(st.integers(100_000, 1_000_000))}
    burst = Burst(draw(st.integers(1, 10)), 10_000)
    return {
        "waveform": waveform,
        "burst": burst,
        "period_us": draw(st.integers(200_000, 1_000_000)),
    }


@st.composite
def working(draw: st.DrawFn, alternating: bool) -> list[Part]:
    """Draw a part with contractions, and perhaps an active rest."""
    share = draw(st.integers(10, 100))
    times = OnOff.of_plateau(
        draw(st.integers(0, 2 * S)),
        draw(st.integers(2 * S, 6 * S)),
        ramp_up_us=draw(st.integers(1 * S, 2 * S)),
        ramp_down_us=draw(st.integers(500_000, 1 * S)),
    )
    form = Biphasic(draw(st.integers(50, 400)), draw(st.integers(10, 250)))
    period_us = draw(st.integers(8_000, 60_000))
    parts = [Part(waveform=form, period_us=period_us, on_off=times, share_percent=share)]
    if not alternating and draw(st.booleans()):
        rest_us = draw(st.integers(1_070_000, 5 * S))
        lies = OnOff(rest_us, draw(st.integers(1 * S, 2 * S)), 500_000, 500_000)
        rest_share = draw(st.integers(10, share))
        at: dict[str, Any] = {"share_percent": rest_share, "kind": PartKind.ACTIVE_REST}
        parts.append(Part(**draw(twitching()), on_off=lies, **at))
    return parts


@st.composite
def unbroken(draw: st.DrawFn) -> Part:
    """Draw a warm-up or cool-down."""
    own: dict[str, Any] = {
        "share_percent": draw(st.integers(10, 100)),
        "duration_us": draw(st.integers(10 * S, 14 * S)),
    }
    return Part(**draw(twitching()), **own)


@st.composite
def several(draw: st.DrawFn) -> Prescription:
    """Draw prescriptions of several parts that the limits accept."""
    alternating = draw(st.booleans())
    before = draw(st.lists(unbroken(), max_size=2))
    after = draw(st.lists(unbroken(), max_size=1))
    parts = (*before, *draw(working(alternating)), *after)
    try:
        return of_parts(
            *parts,
            channels=draw(st.sampled_from([(1,), (2, 1), (1, 2, 3)])),
            use=ChannelUse.ALTERNATING if alternating else ChannelUse.SIMULTANEOUS,
            ceiling_ua=draw(st.integers(1_000, 30_000)),
            pad_area_mm2=draw(st.integers(2_500, 20_000)),
            duration_us=60 * S,
        )
    except PrescriptionError:
        assume(condition=False)
        raise
