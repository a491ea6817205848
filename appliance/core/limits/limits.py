"""The hard limits: constants in code, never configuration, each number once with its source.

Marks: [...] names where a number was found, (M) is memory that still wants its source, (D) is
derived here by arithmetic or engineering judgement. A number without a standard behind it is a
judgement and says so. Nothing outside this module can raise a limit.

A limit on an amplitude, time, rate, charge or area may be reached. "Block" and "caution" levels
of density act when they are reached. Numbers for measurements are in
`appliance.safety.interlocks.limits`, those for changes of a level in `level_limits`.
"""

from enum import StrEnum

from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import (
    at_most,
    bare_microseconds,
    between,
    period,
    rate,
    seconds,
)
from appliance.texts.text import (
    microamps,
    microseconds,
    picocoulombs,
    square_millimetres,
    text,
)
from drivers.quantities import US_PER_S, phase_charge_pc

# --- peak phase current -----------------------------------------------------------------------
# Clinic units end at 99.5 to 100 mA [TensMed S84 manual p. 23; NeuroMove NM900 manual].
PEAK_UA = 100_000
# No trial-grade source for the neck was found: the caps are judgement (D).
NECK_SENSORY_UA = 40_000
NECK_MOTOR_UA = 40_000
NECK_MOTOR_WITH_REASON_UA = 50_000
SUBOCCIPITAL_SENSORY_UA = 20_000

# --- pulse shape ------------------------------------------------------------------------------
# 50 µs: shortest TENS phase in use [doi 10.1186/s13643-017-0532-5 table 1]; 500 µs: longest
# phase of a rehabilitation stimulator [RehaStim2 in pyScienceMode, commit 66b8454].
PHASE_MIN_US = 50
PHASE_MAX_US = 500
NECK_PHASE_MAX_US = 300  # (D) small muscles take 150 to 200 [memorize.com Estim for Rehab]
INTERPHASE_MIN_US = 10  # (D) dead time of the bridge
INTERPHASE_MAX_US = 250  # (D)

# --- rates ------------------------------------------------------------------------------------
# TENS in use goes from 1 pulse per second [Chattanooga Wireless Professional manual p. 126] to
# 150 [doi 10.1186/s13643-017-0532-5 table 1]; 250 is (D).
PERIOD_MAX_US = 1_000_000  # 1 per second
PERIOD_MIN_US = 4_000  # 250 per second
NECK_PERIOD_MIN_US = 8_334  # 120 per second, rounded to the slower side (D)

# --- burst-modulated a.c. ---------------------------------------------------------------------
# Carriers of 1, 2 and 4 kHz were tried [Corrêa 2013, scielo S2595-31922019000100027 and
# S1808-18512022000200201], 2.5 kHz is customary and on:off 1:5 the smallest duty in use
# [Enraf 1498-901 manual pp. 44-46; Ward and Shkuratova 2002]; bursts, place and pads are (D).
CARRIER_PHASE_MIN_US = 100
CARRIER_PHASE_MAX_US = 500
CARRIER_CYCLE_MIN_US = 250  # 4 kHz
CARRIER_CYCLE_MAX_US = 1_000  # 1 kHz
CARRIER_BURST_MAX_US = 10_000
CARRIER_DUTY_PARTS = 6  # on:off at most 1:5, so a burst fills at most a sixth of its period
CARRIER_PAD_MIN_MM2 = 5_000

# --- charge -----------------------------------------------------------------------------------
# 40 µC is 100 mA for 400 µs; at 100 per second a half-lifted 5 x 5 cm pad then carries
# 2.3 mA/cm² r.m.s., past what needs special attention (D). Neck (D).
PHASE_CHARGE_MAX_PC = 40_000_000
NECK_PHASE_CHARGE_MAX_PC = 15_000_000

# --- heating ----------------------------------------------------------------------------------
RMS_MAX_UA = 50_000  # IEC 60601-2-10, at most 400 Hz (M); makers too [Endomed 484 p. 47]
RMS_WINDOW_US = US_PER_S  # (D) the densest second, never averaged over rest
DENSITY_CAUTION_UA_PER_CM2 = 1_000  # (D) a half-lifted pad doubles it
DENSITY_BLOCK_UA_PER_CM2 = 2_000  # IEC 60601-2-10, special attention [AS 60601.2.10:2018]
NECK_DENSITY_BLOCK_UA_PER_CM2 = 1_000  # (D)
POWER_MAX_UW_PER_CM2 = 250_000  # FDA powered muscle stimulators, 0.25 W/cm² [reguvirta.com]
POWER_LOAD_OHM = 500  # load of the same summary

# --- pads -------------------------------------------------------------------------------------
PAD_MIN_MM2 = 500  # (D) below this 50 mA r.m.s. into 500 Ω breaks the power limit
NECK_PAD_MIN_MM2 = 1_200  # (D) a 3.5 x 3.5 cm pad
BACK_MOTOR_PAD_MIN_MM2 = 2_500  # (D) a 5 x 5 cm pad, as in [NCT02297685]
PAD_MAX_MM2 = 20_000  # (D) a larger number is a slip of the unit and would hide the density

# --- time -------------------------------------------------------------------------------------
# Motor programmes take 10 to 25 min [Alrwaily 2019, PMC6849075; CefarCompex Physio 5 manual p. 9],
# sensory ones 20 to 30 and more [Cefar Basic manual p. 35; NCT02297685]; the bounds are (D).
SESSION_MIN_US = 60 * US_PER_S
SESSION_MAX_US = 60 * 60 * US_PER_S
MOTOR_SESSION_MAX_US = 30 * 60 * US_PER_S
BRIEF_INTENSE_SESSION_MAX_US = 15 * 60 * US_PER_S  # (M)

# --- motor-point find -------------------------------------------------------------------------
# Single twitches under a pad that a clinician holds and moves. A pen electrode at 3 per second
# found the points of trunk and limbs below 10 mA [Behringer 2014], those of the calf at 4.0 to
# 17.5 mA [Schriwer 2023, PMC9976413]; the method is that of [Gobbo 2014, PMC3938308], a gelled pad
# at 2 per second that of [Enraf TensMed S84 manual]. The caps, widths and minutes are (D).
FIND_NECK_UA = 15_000
FIND_BACK_UA = 25_000
FIND_NECK_PHASE_MAX_US = 200
FIND_BACK_PHASE_MAX_US = 300
FIND_PERIOD_MIN_US = 333_334  # 3 per second, rounded to the slower side
FIND_PAD_MIN_MM2 = 400  # (D) a 2 x 2 cm pad; charge, heat and density are judged on it
FIND_SESSION_MAX_US = 3 * 60 * US_PER_S
FIND_TAP_UA = 500  # the smaller of both taps

# --- envelope ---------------------------------------------------------------------------------
# Ramps of trials take 0.5 to 3.5 s [PMC8167342 table 5]; the bounds are (D).
RAMP_UP_MIN_US = 1_000_000
NECK_RAMP_UP_MIN_US = 2_000_000
RAMP_DOWN_MIN_US = 500_000
RAMP_SLOPE_MAX_UA_PER_S = 60_000
# Trials hold 5 to 15 s [PMC8167342 table 5]; docs/design.md section 7 holds a contraction in which
# a level is set at most 10 s, and a level may be set in any of them. Devices list the plateau
# apart from its ramps [CefarCompex Physio 5 manual p. 9; BewellConnect BW-TSX manual p. 8], so 10 s
# is the plateau; with ramps of 2 and 1 s the whole on-time takes 13 s at most (D).
PLATEAU_MAX_US = 10_000_000
ON_MAX_US = 13_000_000
OFF_MIN_US = 1_000_000  # (D) the muscle relaxes before the next contraction

# --- contraction ------------------------------------------------------------------------------
# What a current does, whatever its programme is called. A first visible contraction comes at 10 to
# 20 mA [Globus Elite manual p. 23], a large muscle takes phases from 200 µs on [memorize.com Estim
# for Rehab]: less charge than 10 mA for 200 µs is taken as unable to contract (D).
ABLE_TO_CONTRACT_PC = 2_000_000
# Strongest unbroken train felt only: brief-intense, 50 mA for 250 µs at 100 per second (D; its
# width M). With more charge an unbroken train is tetanic, whatever it is meant for (D).
UNBROKEN_SENSORY_MAX_PC = 12_500_000
# Twitches are described up to 8 per second [Chattanooga Wireless Professional manual p. 126] and 10
# [doi 10.1186/s13643-017-0532-5 table 1]; above that they fuse (D). A group of pulses is a
# twitch up to 100 ms [Cefar Basic manual p. 35] with at least as long a silence (D).
TWITCH_PERIOD_US = 100_000
TWITCH_GROUP_US = 100_000
# Tetany without rest: no safe time is known, muscle broke down after single sessions [Kästner 2015,
# doi 10.1097/JSM.0000000000000153; Mallek 2025, doi 10.7759/cureus.95125]. So it needs on and off
# times, and each rest is at least as long as the work before it, as in contract-relax of 2 to 5 s
# on and off [memorize.com Estim for Rehab] (D).
TETANIC_OFF_MIN_US = 2_000_000  # the shortest rest in use [memorize.com Estim for Rehab]; bound (D)
# Of equal duty, 5 s on and 15 s off tire least [Pacific University thesis 1993]; strengthening
# takes 6 to 10 s on and 30 to 50 s off [memorize.com Estim for Rehab]: three times the on-time (D).
STRENGTHENING_REST_TIMES = 3

# --- parts ------------------------------------------------------------------------------------
# Devices have three parts and an active rest [CefarCompex Physio 5 manual p. 9], or five steps
# [Neotek DT8003TP manual p. 23].
PARTS_MAX = 5
SHARE_MIN_PERCENT = 10  # (D) 25 % is the smallest in use [BewellConnect BW-TSX manual p. 8]
SHARE_MAX_PERCENT = 100  # never more than the level that was set
# Between a tetanic on-time and active rest, and between any two parts, the muscle is off (D): the
# devices cited print no such gap. A second also keeps any two parts out of one heating window.
PART_GAP_US = 1_000_000
PART_MIN_US = 10_000_000  # (D) shorter than a level can be set in
# An active rest ramps up within 0.5 s [CefarCompex Physio 5 manual p. 9], as slope and neck allow.
ACTIVE_REST_RAMP_UP_MIN_US = 500_000

# --- on call ----------------------------------------------------------------------------------
# A contraction that a clinician calls ends 10 s after it began, ramp up included, as one in which a
# level is set; then it rests as long as it took, at least 5 s, the rest of contract-relax
# [memorize.com Estim for Rehab, 2 to 5 s] (D).
ON_CALL_MAX_US = 10_000_000
ON_CALL_REST_MIN_US = 5_000_000

MAX_CHANNELS = 4
DISCHARGE_US = 300  # the hardware shunt closes this long after both gates went low


class Region(StrEnum):
    """Where pads may lie; all regions are posterior, and there are no others."""

    NECK = "neck"
    SUBOCCIPITAL = "suboccipital"
    UPPER_BACK = "upper_back"
    LOWER_BACK = "lower_back"

    @property
    def is_neck(self) -> bool:
        """Return whether the tighter limits of the neck apply."""
        return self in {Region.NECK, Region.SUBOCCIPITAL}


class Purpose(StrEnum):
    """Sensory: felt only. Motor: anything meant to contract, twitch and burst included."""

    SENSORY = "sensory"
    MOTOR = "motor"


class Layout(StrEnum):
    """How a pair of pads lies: both on one side of the spine, or one on each side."""

    VERTICAL = "vertical"
    BILATERAL = "bilateral"


def ceiling_ua(
    region: Region,
    purpose: Purpose,
    *,
    reason_given: bool = False,
    patient_ceiling_ua: int | None = None,
    finds: bool = False,
) -> int:
    """Return the highest amplitude allowed; a patient's own ceiling can only lower it.

    `finds` says that a motor point is searched; no reason raises its cap.
    """
    allowed_ua = PEAK_UA
    if region is Region.SUBOCCIPITAL:
        allowed_ua = SUBOCCIPITAL_SENSORY_UA
    elif region is Region.NECK and purpose is Purpose.SENSORY:
        allowed_ua = NECK_SENSORY_UA
    elif region is Region.NECK:
        allowed_ua = NECK_MOTOR_WITH_REASON_UA if reason_given else NECK_MOTOR_UA
    if finds:
        allowed_ua = min(allowed_ua, FIND_NECK_UA if region.is_neck else FIND_BACK_UA)
    return allowed_ua if patient_ceiling_ua is None else min(allowed_ua, patient_ceiling_ua)


def check_amplitude(amplitude_ua: int, allowed_ua: int) -> Refusal | None:
    """Refuse an amplitude below zero or above `allowed_ua` (see `ceiling_ua`)."""
    nearest_ua = min(max(amplitude_ua, 0), allowed_ua)
    if amplitude_ua == nearest_ua:
        return None
    allowed = text("bound.from_zero", most=microamps(allowed_ua))
    asked, nearest = microamps(amplitude_ua), microamps(nearest_ua)
    return Refusal("refusal.peak_current", asked, allowed, nearest)


def check_phase(phase_us: int, region: Region, *, finds: bool = False) -> Refusal | None:
    """Refuse a phase that is too short or too long."""
    longest_us = NECK_PHASE_MAX_US if region.is_neck else PHASE_MAX_US
    if finds:
        longest_us = FIND_NECK_PHASE_MAX_US if region.is_neck else FIND_BACK_PHASE_MAX_US
    return within_us("refusal.phase", phase_us, PHASE_MIN_US, longest_us)


def check_interphase(interphase_us: int) -> Refusal | None:
    """Refuse a gap between the phases that is too short (shoot-through) or too long."""
    return within_us("refusal.interphase", interphase_us, INTERPHASE_MIN_US, INTERPHASE_MAX_US)


def check_rate(
    period_us: int, region: Region, rule: str = "refusal.rate", *, finds: bool = False
) -> Refusal | None:
    """Refuse a train that is too slow or too fast; `rule` says whose rate it is."""
    shortest_us = NECK_PERIOD_MIN_US if region.is_neck else PERIOD_MIN_US
    shortest_us = FIND_PERIOD_MIN_US if finds else shortest_us
    nearest_us = min(max(period_us, shortest_us), PERIOD_MAX_US)
    if period_us == nearest_us:
        return None
    allowed = text(
        "rate.allowed", least=microseconds(shortest_us), most=microseconds(PERIOD_MAX_US)
    )
    asked = rate(period_us) if period_us > 0 else bare_microseconds(period_us)
    return Refusal(rule, asked, allowed, rate(nearest_us))


def highest_by_charge_ua(phase_us: int, region: Region) -> int:
    """Return the highest amplitude by charge per phase; `phase_us` from 1 on."""
    return highest_phase_charge_pc(region) // phase_us


def highest_phase_charge_pc(region: Region) -> int:
    """Return the most charge per phase, in pC."""
    return NECK_PHASE_CHARGE_MAX_PC if region.is_neck else PHASE_CHARGE_MAX_PC


def check_phase_charge(amplitude_ua: int, phase_us: int, region: Region) -> Refusal | None:
    """Refuse more charge per phase than the region allows."""
    allowed_pc = highest_phase_charge_pc(region)
    charge_pc = phase_charge_pc(amplitude_ua, phase_us)
    if charge_pc <= allowed_pc:
        return None
    level, phase = microamps(highest_by_charge_ua(phase_us, region)), microseconds(phase_us)
    nearest = text("charge_per_phase.nearest", level=level, phase=phase)
    asked, allowed = picocoulombs(charge_pc), picocoulombs(allowed_pc)
    return Refusal("refusal.charge_per_phase", asked, allowed, nearest)


def smallest_pad_mm2(region: Region, purpose: Purpose, *, finds: bool = False) -> int:
    """Return the smallest pads of a region."""
    if finds:
        return FIND_PAD_MIN_MM2
    if region.is_neck:
        return NECK_PAD_MIN_MM2
    return BACK_MOTOR_PAD_MIN_MM2 if purpose is Purpose.MOTOR else PAD_MIN_MM2


def check_pad_area(
    area_mm2: int, region: Region, purpose: Purpose, *, finds: bool = False
) -> Refusal | None:
    """Refuse pads too small for the region, or larger than plausible."""
    smallest_mm2 = smallest_pad_mm2(region, purpose, finds=finds)
    nearest_mm2 = min(max(area_mm2, smallest_mm2), PAD_MAX_MM2)
    if area_mm2 == nearest_mm2:
        return None
    least, most = square_millimetres(smallest_mm2), square_millimetres(PAD_MAX_MM2)
    allowed = text("pad_area.allowed", least=least, most=most)
    asked, nearest = square_millimetres(area_mm2), square_millimetres(nearest_mm2)
    return Refusal("refusal.pad_area", asked, allowed, nearest)


def longest_session_us(purpose: Purpose, *, brief_intense: bool, finds: bool = False) -> int:
    """Return how long a session for a purpose may be, in µs."""
    if finds:
        return FIND_SESSION_MAX_US
    if brief_intense:
        return BRIEF_INTENSE_SESSION_MAX_US
    return MOTOR_SESSION_MAX_US if purpose is Purpose.MOTOR else SESSION_MAX_US


def check_session(
    duration_us: int, purpose: Purpose, *, brief_intense: bool, finds: bool = False
) -> Refusal | None:
    """Refuse a session that is too short or too long for its purpose."""
    longest_us = longest_session_us(purpose, brief_intense=brief_intense, finds=finds)
    nearest_us = min(max(duration_us, SESSION_MIN_US), longest_us)
    if duration_us == nearest_us:
        return None
    allowed = between(seconds(SESSION_MIN_US), seconds(longest_us))
    return Refusal("refusal.session", seconds(duration_us), allowed, seconds(nearest_us))


def check_sum(channels: int, block_us: int, period_us: int) -> Refusal | None:
    """Refuse channels that cannot take turns within one period.

    `block_us` is a whole pulse, or a whole carrier burst; each needs `DISCHARGE_US` after it.
    """
    needed_us = channels * (block_us + DISCHARGE_US)
    if needed_us <= period_us:
        return None
    asked = text(
        "channels_taking_turns.asked",
        channels=channels,
        block=microseconds(block_us),
        discharge=microseconds(DISCHARGE_US),
        period=microseconds(period_us),
    )
    allowed = at_most(bare_microseconds(period_us))
    return Refusal("refusal.channels_taking_turns", asked, allowed, period(needed_us))


def shortest_ramp_up_us(region: Region, amplitude_ua: int, *, active_rest: bool = False) -> int:
    """Return the shortest ramp up allowed for an amplitude, in µs."""
    gentle_us = -(-amplitude_ua * US_PER_S // RAMP_SLOPE_MAX_UA_PER_S)
    least_us = ACTIVE_REST_RAMP_UP_MIN_US if active_rest else RAMP_UP_MIN_US
    return max(NECK_RAMP_UP_MIN_US if region.is_neck else least_us, gentle_us)


def check_ramp_up(
    ramp_up_us: int, region: Region, amplitude_ua: int, *, active_rest: bool = False
) -> Refusal | None:
    """Refuse a ramp up that is too short or, at the ceiling, too steep."""
    shortest_us = shortest_ramp_up_us(region, amplitude_ua, active_rest=active_rest)
    if ramp_up_us >= shortest_us:
        return None
    least, slope = microseconds(shortest_us), microamps(RAMP_SLOPE_MAX_UA_PER_S)
    allowed = text("ramp_up.allowed", least=least, slope=slope)
    return Refusal("refusal.ramp_up", microseconds(ramp_up_us), allowed, least)


def within_us(rule: str, asked_us: int, least_us: int, most_us: int) -> Refusal | None:
    """Refuse a time outside `least_us` to `most_us`, both of which are allowed."""
    nearest_us = min(max(asked_us, least_us), most_us)
    if asked_us == nearest_us:
        return None
    least, most = microseconds(least_us), microseconds(most_us)
    allowed = text("bound.microseconds", least=least, most=most)
    return Refusal(rule, bare_microseconds(asked_us), allowed, bare_microseconds(nearest_us))
