"""Pads and leads: open, short, at the rail, high or poor."""

import pytest

from appliance.safety.interlocks.readings import ChannelReading
from appliance.safety.interlocks.rule import Caution
from drivers.quantities import Channel
from tests.appliance.safety.interlocks.bench import (
    MS,
    T,
    at_set,
    but,
    codes,
    last,
    look_channel,
    pulses,
    repeat,
    said,
)

# --- lead-off, short, compliance -------------------------------------------------------------


@pytest.mark.proves("lead-off")
@pytest.mark.parametrize(
    ("set_ua", "current_ua", "voltage_mv", "found"),
    [
        (20_000, 10_000, 114_000, [None, None, "T06"]),  # half of set still flows: over 5 kΩ
        (20_000, 9_999, 114_000, [None, "T06", "T06"]),  # at the rail with less: open for certain
        (20_000, 9_999, 113_999, [None] * 3),
        (20_000, 9_999, 20_000, [None] * 3),  # no lead takes current away without the rail
        (1_000, 499, 114_000, [None, "T06", "T06"]),
        (999, 0, 119_000, [None] * 3),  # below 1 mA nothing is judged
        (20_000, 20_000, 100_000, [None] * 3),  # 5 kΩ
        (20_000, 20_000, 100_001, [None, None, "T06"]),
        (40_000, 33_999, 114_000, [None] * 3),  # that is compliance, not a lead
    ],
)
def test_two_pulses_without_a_path_or_three_over_5_kilohm_are_a_lead_off(
    set_ua: int, current_ua: int, voltage_mv: int, found: list[str | None]
) -> None:
    series = pulses(repeat(3, **at_set(set_ua, current_ua, voltage_mv)))
    assert codes(look_channel("lead_off", series)) == found


LOOKS = {".": (20_000, 20_000), "x": (0, 119_000), "r": (20_000, 110_000)}


def holds_of(pattern: str, step_us: int = 10 * MS) -> list[ChannelReading]:
    """Return pulses at 20 mA: `x` where the lead was open, `r` over 5 kΩ, `.` where all was well.

    `_` is a tick without a new pulse.
    """
    looks = [at_set(20_000, *LOOKS[mark]) for mark in pattern if mark != "_"]
    played = iter(pulses(looks))
    found: list[ChannelReading] = []
    for n, mark in enumerate(pattern):
        newest = found[-1] if mark == "_" else next(played)
        found.append(but(newest, held_at_us=T + n * step_us))
    return found


@pytest.mark.proves("lead-off")
@pytest.mark.parametrize(
    ("pattern", "tripped_at"),
    [
        ("rr.rr.rr.rr.", None),  # the fifth is the seventh hold: too few to tell
        ("rr.rr.rr.rr.r", 12),
        ("rr.rr.......", None),
        ("..r.r.r.r.r.", None),  # five of twelve, but the twelfth was good
        (".r.r.r..r..r", 11),
        ("r.r.r.r......r", None),  # the first two are out of the window
        ("..rrr", 4),
        ("..xx", 3),
        ("..x..........x", 13),
        ("..x..........", None),
        ("..x...........x", None),  # twelve holds later the first is out of the window
        (".x...r.r..r.r", 12),
    ],
)
def test_a_lead_that_chatters_is_off(pattern: str, tripped_at: int | None) -> None:
    """Hazard: contact that comes and goes is felt as jolts and burns, without three in a row."""
    found = codes(look_channel("lead_off", holds_of(pattern)))
    first = next((at for at, code in enumerate(found) if code is not None), None)
    assert first == tripped_at
    assert set(found) <= {None, "T06"}


@pytest.mark.proves("lead-off")
@pytest.mark.parametrize(
    ("pattern", "tripped_at"),
    [
        ("..x____.", None),  # seen closed 50 ms later: in the tick that would have tripped
        ("..x_____", 7),
        ("..x___r", None),
        ("..x___r_", 7),  # over 5 kΩ is not closed
    ],
)
def test_an_open_lead_has_to_be_seen_closed_within_50_ms_at_any_rate(
    pattern: str, tripped_at: int | None
) -> None:
    """Hazard: at a low rate the very next pulse would come back at the full level."""
    found = codes(look_channel("lead_off", holds_of(pattern)))
    first = next((at for at, code in enumerate(found) if code is not None), None)
    assert first == tripped_at


@pytest.mark.proves("lead-off")
def test_an_open_lead_is_still_open_when_the_level_is_too_small_to_judge() -> None:
    series = holds_of("..x.....")
    series[3:] = [but(each, set_low_ua=999) for each in series[3:]]
    assert codes(look_channel("lead_off", series)) == [*[None] * 7, "T06"]
    assert codes(look_channel("lead_off", series, energising=False)) == [None] * 8


@pytest.mark.proves("lead-off")
def test_a_lead_seen_open_again_counts_from_when_it_was_first_seen() -> None:
    """Hazard: a lead that is seen open now and then is never open for long enough."""
    series = holds_of("x.x____")
    series[1] = but(series[1], set_low_ua=999)
    assert codes(look_channel("lead_off", series)) == [*[None] * 5, "T06", "T06"]


@pytest.mark.proves("compliance")
@pytest.mark.parametrize(
    ("current_ua", "voltage_mv", "code"),
    [
        (34_000, 114_000, "T09"),
        (34_000, 113_999, None),
        (40_000, 119_000, "T09"),
        (22_801, 114_000, "T09"),
        (22_799, 114_000, None),  # over 5 kΩ: a lead
    ],
)
def test_three_pulses_at_the_rail_with_half_their_current_are_compliance(
    current_ua: int, voltage_mv: int, code: str | None
) -> None:
    series = pulses(repeat(4, **at_set(40_000, current_ua, voltage_mv)))
    assert codes(look_channel("compliance_reached", series)) == [None, None, code, code]


def on_skin(first: tuple[int, int], second: tuple[int, int], count: int) -> list[ChannelReading]:
    """Return (current, voltage) of first and second phases as + − − + shows them."""
    fields = [at_set(40_000, *(first if n % 4 in (0, 3) else second)) for n in range(count)]
    return pulses(fields)


@pytest.mark.proves("compliance")
def test_skin_at_the_rail_in_its_first_phases_alone_is_compliance() -> None:
    """Hazard: dry pads at 119 of 120 V, unseen because every second phase reads lower."""
    series = on_skin((40_000, 119_000), (40_000, 70_000), 5)
    assert codes(look_channel("compliance_reached", series)) == [*[None] * 4, "T09"]
    low = [but(each, set_low_ua=999) for each in series]
    assert last("compliance_reached", low) is None
    twelve = [at_set(40_000, 40_000, 119_000 if n in (0, 5, 11) else 70_000) for n in range(12)]
    assert codes(look_channel("compliance_reached", pulses(twelve))) == [*[None] * 11, "T09"]
    few = [at_set(40_000, 40_000, 119_000 if n in (0, 11, 12) else 70_000) for n in range(24)]
    assert codes(look_channel("compliance_reached", pulses(few))) == [None] * 24


@pytest.mark.proves("short")
@pytest.mark.parametrize(
    ("set_ua", "current_ua", "voltage_mv", "code"),
    [
        (20_000, 20_000, 2_000, None),  # 100 Ω
        (20_000, 20_000, 1_999, "T07"),
        (2_000, 2_000, 0, "T07"),
        (1_999, 2_000, 0, None),
    ],
)
def test_three_pulses_into_less_than_100_ohm_are_a_short(
    set_ua: int, current_ua: int, voltage_mv: int, code: str | None
) -> None:
    series = pulses(repeat(4, **at_set(set_ua, current_ua, voltage_mv)))
    assert codes(look_channel("short", series)) == [None, None, code, code]


@pytest.mark.proves("short")
@pytest.mark.parametrize(
    ("pattern", "tripped_at"),
    [("..sss", 4), ("s.s.s.s.s", None), ("s.s.s.s....s", 11), ("s.s.s.s....s.", 11)],
)
def test_pads_that_touch_now_and_then_are_a_short(pattern: str, tripped_at: int | None) -> None:
    looks = {".": (20_000, 20_000), "s": (20_000, 1_000)}
    series = pulses([at_set(20_000, *looks[each]) for each in pattern])
    found = codes(look_channel("short", series))
    assert next((at for at, code in enumerate(found) if code), None) == tripped_at


@pytest.mark.proves_none
@pytest.mark.parametrize(
    ("set_ua", "ohm", "code"),
    [(20_000, 2_500, None), (20_000, 2_501, "W03"), (1_999, 2_501, None)],
)
def test_first_phases_over_2500_ohm_are_worth_a_caution(
    set_ua: int, ohm: int, code: str | None
) -> None:
    every = pulses(repeat(9, **at_set(set_ua, 20_000, 20 * ohm)))
    assert codes(look_channel("contact_high", every)) == [*[None] * 7, code, code]
    skin = pulses([at_set(set_ua, 20_000, (20 if n % 4 in (0, 3) else 11) * ohm) for n in range(9)])
    assert codes(look_channel("contact_high", skin)) == [*[None] * 7, code, code]


@pytest.mark.proves("contact-poor")
@pytest.mark.parametrize(
    ("phase_us", "set_ua", "ohm", "code"),
    [
        (150, 20_000, 1_251, None),  # less than a thousandth over
        (150, 20_000, 1_252, "W04"),
        (50, 20_000, 1_252, "W04"),
        (200, 20_000, 1_300, None),
        (200, 20_000, 1_302, "W04"),
        (300, 20_000, 1_475, None),
        (300, 20_000, 1_477, "W04"),
        (500, 60_000, 1_825, None),
        (500, 60_000, 1_827, "W04"),
        (150, 9_899, 1_964, None),  # below 10 mA good pads may show as much
        (150, 9_900, 1_964, "W04"),  # dry
        (150, 10_000, 1_405, "W04"),  # half lifted
        (150, 10_000, 819, None),  # good
    ],
)
def test_a_pad_that_looks_dry_or_half_lifted_at_therapy_current_derates(
    phase_us: int, set_ua: int, ohm: int, code: str | None
) -> None:
    """Hazard: the contact check, at 2 mA, takes a half-lifted pad for a good one."""
    volts = [ohm * set_ua // 1_000 * share // 100 for share in (100, 60)]
    fields = [at_set(set_ua, set_ua, volts[n % 4 in (1, 2)]) for n in range(8)]
    found = look_channel("contact_poor", pulses(fields, phase_us=phase_us))
    assert codes(found) == [*[None] * 7, code]
    assert all(each is None or (isinstance(each, Caution) and each.derates) for each in found)


@pytest.mark.proves("contact-poor", "contact-drift")
def test_a_pulse_that_did_not_flow_is_no_poor_contact() -> None:
    for name in ("contact_high", "contact_poor", "contact_drift"):
        fields = [at_set(20_000, *LOOKS["x" if n % 3 else "."]) for n in range(60)]
        assert codes(look_channel(name, pulses(fields))) == [None] * 60


CONTACT = [
    ("lead_off", (20_000, 0, 119_000)),
    ("compliance_reached", (40_000, 40_000, 119_000)),
    ("short", (20_000, 20_000, 0)),
    ("contact_high", (20_000, 20_000, 60_000)),
    ("contact_poor", (20_000, 20_000, 60_000)),
]


@pytest.mark.proves("lead-off", "short", "compliance", "contact-poor")
@pytest.mark.parametrize(("name", "hold"), CONTACT, ids=[name for name, _ in CONTACT])
def test_contact_is_not_judged_during_its_check_nor_after_one_pulse(
    name: str, hold: tuple[int, int, int]
) -> None:
    series = pulses(repeat(8, **at_set(*hold)))
    assert last(name, series) is not None
    assert last(name, series, checking=True) is None
    assert last(name, [but(each, pulses=1) for each in series[:5]]) is None


@pytest.mark.proves("lead-off")
def test_a_lead_that_chatters_tells_on_how_many_pulses() -> None:
    opened = at_set(20_000, 20_000, 110_000)
    series = repeat(8, **at_set(20_000, 20_000))
    for n in (0, 1, 3, 5, 7):
        series[n] = opened
    fields = [*repeat(4, **at_set(20_000, 20_000)), *series]
    found = look_channel("lead_off", pulses(fields, channel=Channel(2)))
    told = "set 20000 µA, measured 20000 µA at 110000 mV on 5 of 12 pulses"
    assert said(found[-1]) == ("T06", 2, told)
    assert found[:-1] == [None] * 11
