"""The limits of the interlocks, each number with its source and mark.

(D) marks our own choice. A number without it restates the section that is cited beside it.
"""

from drivers.quantities import Microamps, Microseconds, Millivolts, Ohms

# --- the safety chain: docs/design.md section 6 ------------------------------------------------
OVERRUN_US = Microseconds(50_000)
"""docs/design.md section 5: a tick starting > 50 ms after the last trips."""
GUARD_POLL_OVERDUE_US = Microseconds(150_000)
"""Three of the 50 ms reads of docs/design.md section 6. (D)"""
GUARD_COUNT_US = Microseconds(20_000)
"""The guard polls every 1 ms (docs/design.md section 6); within 20 ms its counter has moved. (D)"""
INPUTS_OVERDUE_US = Microseconds(50_000)
"""Inputs are read each 10 ms tick; as old as an overrun. (D)"""
SCREEN_SILENT_US = Microseconds(2_000_000)
"""docs/design.md section 6: a screen silent for 2 s ramps down."""
CLOCK_JUMP_US = Microseconds(1_000_000)
"""A set clock moves by more than any slewing does in one tick. (D)"""

# --- current: measured above set, set against measured, lead off (D) ---------------------------
ABOVE_SET_PERCENT = 25
ABOVE_SET_UA = Microamps(5_000)
"""More than both, one pulse is enough: cut."""
ABOVE_CEILING_PERCENT = 5
ABOVE_CEILING_UA = Microamps(1_000)
"""The larger of both over the ceiling: the error of sensing (ADC step 59 µA). (D)"""
DEVIATION_PERCENT = 15
DEVIATION_UA = Microamps(2_000)
"""The larger of both, on 3 pulses of the last 6: ramp."""
PULSES_IN_A_ROW = 3
"""A single odd hold is no fault; three are. (D)"""
HOLDS_LOOKED_AT = 6
"""In the order + − − + of docs/design.md section 4 one phase is held at most twice in a row; of any
six pulses three show it. (D)"""
LEAD_WINDOW = 12
LEAD_WINDOW_OPEN = 5
"""A contact over 5 kΩ that still passes current may be so for a pulse or two; five of twelve holds
are a lead that chatters. (D)"""
LEAD_GONE = 2
"""Of the same twelve: no current with the source at its rail is a lead that is open for certain.
One such hold may be a movement, a second one is a loose lead (decision 0017). (D)"""
LEAD_GONE_US = Microseconds(50_000)
"""A lead seen open for certain has to be seen closed again within this. Twitches fuse from about 20
per second on (M), so a shorter gap is not felt as an end, nor what follows it as a beginning. (D)
"""
SILENT_HOLDS = 5
"""So many holds in a row with neither current nor the rail: the source gives nothing. A missing
phase shows two in a row at most, and each DAC has been read back within four ticks. (D)"""
LEAD_OFF_PERCENT = 50
"""Measured below this share of set: no current gets through."""
JUDGED_FROM_UA = Microamps(1_000)
"""Below 1 mA a held value is a few ADC steps; only absolute checks are made there."""

# --- contact: docs/clinical-sources.md section 4.2 (D) -----------------------------------------
OPEN_OHM = Ohms(5_000)
SHORT_OHM = Ohms(100)
HIGH_OHM = Ohms(2_500)
"""2500 to 5000 Ω: warn."""
FIRST_PHASE_HOLDS = 8
"""Two rounds of + − − +; any eight holds the loop reads show two first phases or more, and the
second phase of a pulse reads up to 40 % lower on skin (docs/clinical-sources.md section 4.2). So
the second largest of eight is one of a first phase, and no single outlier. (D)"""
THERAPY_FROM_UA = Microamps(9_900)
"""From 10 mA, less three steps of the DAC, which rounds down, the rows of docs/clinical-sources.md
section 4.2 stand apart: below, a good pad reads like one that is half lifted at a larger current.
(D)"""
POOR_LEAST_OHM = Ohms(1_250)
POOR_BASE_OHM = Ohms(950)
POOR_OHM_PER_100_US = Ohms(175)
"""At therapy current, at the end of a first phase: the larger of 1250 Ω and 950 Ω + 175 Ω per
100 µs. By docs/clinical-sources.md section 4.2 a good pad shows 730, 980 and 1120 Ω after 150, 300
and 500 µs (at 10 mA up to a quarter more), a half-lifted one 1400, 1900 and 2190, a dry one 1960,
3040 and 3970; the line runs between. 1250 Ω is a test load of 1 kΩ with every error of sensing.
(D)"""
CONTACT_FROM_UA = Microamps(2_000)
"""From here a short (0.2 V) is three ADC steps of 73 mV away from nothing. (D)"""
DRIFT_PERCENT = 130
"""+30 % over this pad's own baseline: half-lifted pads overlap healthy ones in ohms."""
FORECAST_PERCENT = 110
"""A rise counts from +10 % on, a third of the way. (D)"""
FORECAST_US = Microseconds(30_000_000)
"""Warn when the trend crosses the drift limit within 30 s: time to look at the pad. (D)"""
FELL_CAUTION_PERCENT = 70
FELL_TRIP_PERCENT = 50
"""Of the baseline: warm, moist skin takes a fifth to a quarter off within a session, a level that
rises within its band 15 %; from half on the current has found another way (gel, sweat). (D)"""
RAIL_HOLDS = 3
RAIL_WINDOW = 12
"""Of any twelve holds the loop reads, four are of a first phase, in which alone skin stands at the
rail; three of them as for every pulse rule. (D)"""
RAIL_PERCENT = 95
"""Held voltage from 95 % of the compliance on is at the rail (sensing error 2 %). (D)"""

# --- test loads (hardware without the kiosk, and drills) ---------------------------------------
LOAD_OFF_PERCENT = 25
"""One reading at 1.25 mA through 500 Ω errs by 17 % (rounding and a step of each converter); skin
that was put in the load's place is further off in one of its phases. (D)"""
LOAD_WINDOW, LOAD_HOLDS = 12, 3
"""Twelve readings hold four of each phase at any rate; two outliers do not trip. (D)"""
LOAD_FROM_UA = Microamps(1_250)
"""Below, a step of the converter is too much of the current. (D)"""
LOAD_ALIKE_FROM_UA = Microamps(5_000)
"""From here a step is 3 % of the voltage through 500 Ω, so that two phases can be compared. (D)"""
ALIKE_PERCENT = 20
"""Of 500 Ω at 2 mA an ADC step is 7 % of the voltage and 3 % of the current; skin with good pads
differs by 45 %. (D)"""

# --- balance: residual d.c., docs/design.md section 7, docs/clinical-sources.md section 1.3 -----
RESIDUAL_WARN_UA = Microamps(10)
RESIDUAL_TRIP_UA = Microamps(50)

# --- readings ---------------------------------------------------------------------------------
STALE_US = Microseconds(20_000)
"""No new hold for 2 planned pulses + 20 ms. (D)"""
FROZEN_US = Microseconds(10_000)
"""A tick before an old hold is stale, one that is also the same bit by bit is frozen. (D)"""
HELD_OVERDUE_US = Microseconds(50_000)
"""Holds are read each tick while pulses play; as old as an overrun. (D)"""
SIGN_FROM_UA = Microamps(500)
SIGN_FROM_MV = Millivolts(1_000)
"""From 8 (current) or 14 (voltage) ADC steps off mid-scale the sign is certain. (D)"""
REFERENCE_PERCENT = 2
"""Reference (0.2 % part) and ADC (2 LSB) together stay well inside ±2 %. (D)"""
SAMPLE_OVERDUE_US = Microseconds(1_000_000)
"""Rail and reference are read at least twice a second. (D)"""
READBACK_CODES = 41
"""1 % of the DAC's range, 1.2 mA; both converters share a reference (docs/design.md section 4).
(D)"""
STILL_READS = 8
"""Rail and reference move by an ADC step (MCP3208: ±1 LSB) within a few reads; 0.3 s. (D)"""

# --- supply -----------------------------------------------------------------------------------
SUPPLY_SETTLE_US = Microseconds(200_000)
"""The isolated supply is good this long after SUPPLY_EN. (D)"""
SUPPLY_FALL_US = Microseconds(500_000)
"""SUPPLY_GOOD has fallen this long after SUPPLY_EN; with it high the supply is stuck on. (D)"""
RAIL_LOW_PERCENT = 90
RAIL_HIGH_PERCENT = 115
"""Of the compliance: below, current cannot be held; above, the board is not as described. (D)"""

# --- stream: docs/design.md section 5 ----------------------------------------------------------
LATE_SLICE_US = Microseconds(20_000)
"""docs/design.md section 5: a slice playing 20 ms past its length loops."""
MARKER_GAP_US = Microseconds(2_000)
"""Slices follow each other without a gap; 2 ms is DMA start and sampling many times over. (D)"""
FIRST_MARKER_US = Microseconds(100_000)
"""A stream starts within the dead man's time of docs/design.md section 5. (D)"""
DRIFT_PPM = 10_000
"""docs/design.md section 5: clock ratio within ±1 %."""
DRIFT_UNKNOWN_MARKERS = 40
"""One second of 25 ms slices: the ratio, taken over ≥ 200 ms, is known long before. (D)"""
