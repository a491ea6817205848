"""Prescriptions for property tests: any that the limits accept, and a plain one to modify."""

from copy import copy
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from appliance.core.limits.limits import Layout, Purpose, Region
from appliance.core.prescription.prescription import (
    OF_ONE_TRAIN,
    Prescription,
    PrescriptionError,
)
from appliance.core.prescription.waveform import (
    Biphasic,
    Burst,
    Carrier,
    ChannelUse,
    Leading,
    OnOff,
    Part,
    ProgrammeKind,
    Sweep,
)

MINUTE_US = 60_000_000


def prescription(**changes: Any) -> Prescription:
    """Return a plain valid prescription with these changes; raises `PrescriptionError`.

    Values of a train are those of its only part, unless `parts` are given.
    """
    plain: dict[str, Any] = {
        "programme": "test",
        "kind": ProgrammeKind.CONVENTIONAL,
        "region": Region.LOWER_BACK,
        "purpose": Purpose.SENSORY,
        "pad_area_mm2": 5_000,
        "channels": (1,),
        "ceiling_ua": 20_000,
        "duration_us": MINUTE_US,
    }
    train: dict[str, Any] = {"waveform": Biphasic(100), "period_us": 20_000}
    train |= {name: changes.pop(name) for name in OF_ONE_TRAIN if name in changes}
    return Prescription(**({"parts": (Part(**train),)} | plain | changes))


def shortened(asked: Prescription, duration_us: int) -> Prescription:
    """Return the treatment with a session shorter than allowed, only to make tests faster."""
    short = copy(asked)
    object.__setattr__(short, "duration_us", duration_us)
    return short


def channels() -> st.SearchStrategy[tuple[int, ...]]:
    """Draw 1 to 4 channels in any order."""
    return st.lists(st.integers(1, 4), min_size=1, max_size=4, unique=True).map(tuple)


def biphasics() -> st.SearchStrategy[Biphasic]:
    """Draw pulses, including the ends of the range."""
    return st.builds(
        Biphasic,
        st.integers(50, 500),
        st.integers(10, 250),
        st.sampled_from(list(Leading)),
    )


def periods() -> st.SearchStrategy[int]:
    """Draw periods evenly over the rates, and periods that divide slices badly."""
    return st.integers(4_000, 60_000) | st.integers(60_000, 1_000_000)


def on_offs() -> st.SearchStrategy[OnOff]:
    """Draw on-times and rests so short that several fit into a few seconds."""
    return st.builds(
        OnOff,
        st.integers(2_570_000, 3_000_000),
        st.integers(3_000_000, 9_000_000),
        st.integers(1_000_000, 1_500_000),
        st.integers(500_000, 1_000_000),
    )


@st.composite
def steady(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a steady train."""
    return {"waveform": draw(biphasics()), "period_us": draw(periods())}


@st.composite
def bursts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw trains of pulse groups."""
    pulse_period_us, pulses = draw(st.integers(4_000, 20_000)), draw(st.integers(1, 12))
    assume(pulse_period_us * pulses <= 1_000_000)
    return {
        "waveform": draw(biphasics()),
        "burst": Burst(pulses, pulse_period_us),
        "period_us": draw(st.integers(pulse_period_us * pulses, 1_000_000)),
    }


@st.composite
def sweeps(draw: st.DrawFn) -> dict[str, Any]:
    """Draw sweeps of rate, of phase duration, or of both."""
    rates = draw(st.tuples(st.integers(1, 250), st.integers(1, 250)))
    phases = draw(st.tuples(st.integers(50, 500), st.integers(50, 500)))
    which = draw(st.sampled_from(["rate", "phase", "both"]))
    pulse = draw(biphasics())
    return {
        "waveform": Biphasic(
            pulse.phase_us if which == "rate" else phases[0], pulse.interphase_us, pulse.leading
        ),
        "period_us": -(-1_000_000 // rates[0]),
        "sweep": Sweep(
            draw(st.integers(1_000_000, 12_000_001)),
            None if which == "phase" else rates,
            None if which == "rate" else phases,
        ),
    }


@st.composite
def carriers(draw: st.DrawFn) -> dict[str, Any]:
    """Draw carrier bursts, including the longest, which hardly fit between slice boundaries."""
    gap_us = draw(st.integers(10, 60))
    phase_us = draw(st.integers(125 - gap_us, 500 - gap_us))
    most = (10_000 + gap_us) // (2 * (phase_us + gap_us))
    cycles = draw(st.sampled_from([most, most, max(most - 1, 1)]) | st.integers(1, most))
    carrier = Carrier(max(phase_us, 100), cycles, gap_us)
    least_us = max(6 * carrier.burst_us, 4_000)
    period_us = draw(st.integers(0, 200) | st.integers(0, 60_000)) + least_us
    return {"waveform": carrier, "period_us": period_us}


@st.composite
def prescriptions(draw: st.DrawFn) -> Prescription:
    """Draw any prescription that the limits accept, shortened to a few seconds."""
    shape = draw(steady() | bursts() | sweeps() | carriers())
    alternating = draw(st.booleans())
    times = draw(on_offs()) if alternating or draw(st.booleans()) else None
    wanted = {
        "purpose": Purpose.SENSORY if times is None else Purpose.MOTOR,
        "layout": draw(st.sampled_from(list(Layout))),
        "channels": draw(channels()),
        # Without rests at most 12.5 µC per phase: 25 mA for the longest phase.
        "ceiling_ua": draw(st.integers(0, 25_000 if times is None else 40_000)),
        "pad_area_mm2": draw(st.integers(5_000, 20_000)),
        "on_off": times,
        "use": ChannelUse.ALTERNATING if alternating else ChannelUse.SIMULTANEOUS,
        **shape,
    }
    try:
        asked = prescription(**wanted)
    except PrescriptionError as error:
        # Only these limits depend on several draws at once; any other refusal is an error.
        known = {
            "refusal.channels_taking_turns",
            "refusal.alternating_channels",
            "refusal.current_density",
        }
        unknown = {refusal.rule for refusal in error.refusals} - known
        carrier = {f"refusal.carrier_{what}" for what in ("cycle", "duty", "burst")}
        if unknown & carrier != unknown:
            raise
        assume(condition=False)
        raise
    seconds = 4 if times is None else 7
    return shortened(asked, seconds * 1_000_000 + draw(st.integers(0, 50_000)))
