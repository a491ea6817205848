"""All risk controls, by the name that tests prove them under. A name is never reused."""

from appliance.safety.risk.control_types import Layer, RiskControl, RiskControlKind
from appliance.safety.trips.codes import TripCode

_HARDWARE = (
    RiskControl(
        "estop-latch", "The e-stop's own contact sets the fault latch: zero in under 1 ms.",
        Layer.HARDWARE,
    ),
    RiskControl(
        "watchdog", "A one-shot sets the fault latch when the heartbeat ends: 120 to 200 ms.",
        Layer.HARDWARE,
    ),
    RiskControl(
        "phase-limiter", "A gate that is high longer than 600 µs is forced off: at most 60 µC.",
        Layer.HARDWARE,
    ),
    RiskControl("over-current", "A comparator at 110 mA sets the fault latch.", Layer.HARDWARE),
    RiskControl(
        "fault-latch", "Once set it disables supply and both bridges, and set dominates reset.",
        Layer.HARDWARE, trips=(TripCode.FAULT_LATCH,),
    ),
    RiskControl(
        "source-follows-gates", "The current source is on only while one of its gates is.",
        Layer.HARDWARE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "dc-block", "A series capacitor, discharged after each pulse, lets no direct current pass.",
        Layer.HARDWARE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "isolation", "Supply and signals of the output stage are isolated from mains and ground.",
        Layer.HARDWARE, RiskControlKind.DESIGN,
        inspect="two means of patient protection, leakage currents, creepage: on the real stage",
    ),
    RiskControl(
        "fuse", "A fuse in the patient circuit opens when everything else has failed.",
        Layer.HARDWARE, RiskControlKind.DESIGN, inspect="its rating against the sum of all phases",
    ),
)  # fmt: skip

_GUARD_AND_SLICES = (
    RiskControl(
        "guard-estop", "A script inside the daemon polls the e-stop each millisecond and cuts.",
        Layer.GUARD,
    ),
    RiskControl(
        "guard-silence", "It cuts when the engine has been silent for 80 ms, looping waves too.",
        Layer.GUARD,
    ),
    RiskControl(
        "guard-latch", "Once tripped it cuts again and again; no refresh and no client revives it.",
        Layer.GUARD,
    ),
    RiskControl(
        "finite-slices", "Output is sent in slices of 30 ms at most, three at a time: it runs dry.",
        Layer.SLICES, RiskControlKind.DESIGN,
    ),
)  # fmt: skip

_OUTPUT = (
    RiskControl("cut", "One order of steps, each tried, ends output whatever fails.", Layer.ENGINE),
    RiskControl(
        "failed-cut", "A step of an end that failed is tried again, shown and recorded.",
        Layer.ENGINE, trips=(TripCode.STOP_FAILED,),
    ),
    RiskControl(
        "soft-fall", "Where a cut would startle, the amplitude ramps down to 0 in 250 to 450 ms.",
        Layer.ENGINE,
    ),
    RiskControl(
        "stop-first", "A stop is never refused or stale and overtakes all waiting commands.",
        Layer.ENGINE,
    ),
    RiskControl(
        "states", "A pure state machine allows output in few states; every way back is from zero.",
        Layer.ENGINE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "latched-trips", "A trip stays until its cause is gone and a person acknowledged it.",
        Layer.ENGINE,
    ),
    RiskControl(
        "gate", "Each slice is judged again at the highest amplitude it can play at.",
        Layer.ENGINE, trips=(TripCode.GATE_REFUSED,),
    ),
    RiskControl(
        "limits", "A prescription beyond any limit does not exist: it cannot be constructed.",
        Layer.BEFORE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "balanced-pulses", "Pulses are symmetric: both phases equal to the picocoulomb.",
        Layer.BEFORE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "whole-slices", "Slices end between pulses, and the amplitude changes only at strobes.",
        Layer.BEFORE, RiskControlKind.DESIGN,
    ),
)  # fmt: skip

_MEASURED = (
    RiskControl(
        "measured-above-set", "One pulse far above what was set, or above the ceiling, cuts.",
        Layer.ENGINE, trips=(TripCode.MEASURED_ABOVE_SET,),
    ),
    RiskControl(
        "set-against-measured", "Three of six pulses off by 15 % or 2 mA end the output.",
        Layer.ENGINE, trips=(TripCode.SET_AGAINST_MEASURED,),
    ),
    RiskControl(
        "lead-off", "A lead open on two of twelve pulses, or for 50 ms, or over 5 kΩ, cuts.",
        Layer.ENGINE, trips=(TripCode.LEAD_OFF,),
    ),
    RiskControl(
        "held-pad",
        "A held pad that opens has level zero; a held key brings back 80 %, nothing by itself.",
        Layer.ENGINE,
    ),
    RiskControl("short", "Three pulses into less than 100 Ω cut.", Layer.ENGINE,
            trips=(TripCode.SHORT,)),
    RiskControl(
        "contact-check",
        "Before each session pads are measured at 2 mA at most; a test load left on is noticed.",
        Layer.BEFORE,
    ),
    RiskControl(
        "contact-drift", "A pad 30 % above its own baseline, or at half of it, ends the output.",
        Layer.ENGINE, trips=(TripCode.CONTACT_DRIFT, TripCode.CONTACT_FELL),
    ),
    RiskControl(
        "contact-forecast", "A pad that worsens derates its channel before it would hurt.",
        Layer.ENGINE,
    ),
    RiskControl(
        "contact-poor", "A pad that looks dry or half lifted at therapy current derates a channel.",
        Layer.ENGINE,
    ),
    RiskControl(
        "compliance", "Output at its highest voltage is ended before current crowds.",
        Layer.ENGINE, trips=(TripCode.COMPLIANCE_REACHED,),
    ),
    RiskControl(
        "residual-charge", "10 µA of mean direct current warn, 50 µA end the output.",
        Layer.ENGINE, trips=(TripCode.RESIDUAL_CHARGE,),
    ),
    RiskControl(
        "phase-missing", "A phase that is missing or never seen cuts.",
        Layer.ENGINE, trips=(TripCode.PHASE_MISSING,),
    ),
    RiskControl(
        "gates-off", "A gate seen high around a strobe, where all are off, cuts.",
        Layer.ENGINE, trips=(TripCode.BOTH_GATES, TripCode.GATE_STUCK),
    ),
    RiskControl(
        "dac-readback", "The DAC is read back at zero, at the test code, and all the time.",
        Layer.ENGINE, trips=(TripCode.DAC_STUCK,),
    ),
    RiskControl(
        "readings-fresh", "No new hold for two pulses and 20 ms, or a frozen ADC, cuts.",
        Layer.ENGINE, trips=(TripCode.READINGS_STALE, TripCode.ADC_IMPLAUSIBLE),
    ),
)  # fmt: skip

_WATCHED = (
    RiskControl(
        "estop-engine", "The engine reads the e-stop each tick; a broken wire reads as pressed.",
        Layer.ENGINE, trips=(TripCode.ESTOP, TripCode.INPUTS_STALE),
    ),
    RiskControl(
        "hand-switch", "The patient's switch, squeezed or unplugged, cuts.",
        Layer.ENGINE, trips=(TripCode.HAND_SWITCH,),
    ),
    RiskControl(
        "guard-watched", "A guard that has stopped counting, or has tripped, is a trip.",
        Layer.ENGINE,
        trips=(TripCode.GUARD_STILL, TripCode.GUARD_SAW_ESTOP, TripCode.GUARD_SAW_SILENCE),
    ),
    RiskControl(
        "stream-watched", "Markers show loops, gaps and underruns; each cuts.",
        Layer.ENGINE, trips=(TripCode.LOOPING_WAVE, TripCode.MARKER_GAP, TripCode.UNDERRUN),
    ),
    RiskControl(
        "wave-clock", "Markers against the engine's clock: more than 1 % off cuts.",
        Layer.ENGINE, trips=(TripCode.WAVE_CLOCK,),
    ),
    RiskControl(
        "timing-proof", "Clock and gates are proven at boot and before each session.",
        Layer.BEFORE, trips=(TripCode.TIMING_PROOF_FAILED,),
    ),
    RiskControl(
        "self-test", "Guard, watchdog, DAC, reference and supply prove themselves before use.",
        Layer.BEFORE, trips=(TripCode.SELF_TEST_FAILED,),
    ),
    RiskControl(
        "supply-watched", "The isolated supply has to come up, stay within bounds, and switch off.",
        Layer.ENGINE,
        trips=(
            TripCode.SUPPLY_NOT_GOOD, TripCode.HEARTBEAT_WITHOUT_SUPPLY, TripCode.SUPPLY_STUCK_ON
        ),
    ),
    RiskControl(
        "loop-in-time", "A tick that starts 50 ms after the last sends nothing and cuts.",
        Layer.ENGINE, trips=(TripCode.LOOP_OVERRUN,),
    ),
    RiskControl(
        "daemon-lost", "No answer in 20 ms: the supply goes first, through the kernel.",
        Layer.ENGINE, trips=(TripCode.DAEMON_LOST,),
    ),
    RiskControl(
        "parts-answer", "SPI, a line or the program itself failing is a trip, never ignored.",
        Layer.ENGINE, trips=(TripCode.SPI_LOST, TripCode.DRIVER_FAULT, TripCode.INTERNAL_FAULT),
    ),
    RiskControl(
        "drills", "A person proves each layer every 30 days; overdue, hardware cannot be armed.",
        Layer.BEFORE,
    ),
)  # fmt: skip

_PEOPLE = (
    RiskControl(
        "hand-switch-proven",
        "No session of a patient begins unless the hand switch was seen to open and close.",
        Layer.BEFORE,
    ),
    RiskControl(
        "first-feeling",
        "On new pads one channel rises alone until it is felt at its pads; else zero at once.",
        Layer.ENGINE,
    ),
    RiskControl(
        "attended",
        "While a patient is treated somebody touches the screen every 2 min, or has left by rule.",
        Layer.ENGINE,
    ),
    RiskControl(
        "level-rules", "One small rise at a time, felt before the next; none while resting.",
        Layer.ENGINE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "zero-after-interruption", "After any interruption the level starts from zero.",
        Layer.ENGINE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "raise-back", "A held key returns to 80 % of what was comfortable, after harm not.",
        Layer.ENGINE,
    ),
    RiskControl(
        "announced", "A contraction that was not announced does not play.", Layer.ENGINE,
    ),
    RiskControl(
        "first-session", "A patient new to a current that can contract begins low and short.",
        Layer.BEFORE,
    ),
    RiskControl(
        "courses", "Rest, days, weeks and courses hold for each patient, region and goal.",
        Layer.BEFORE,
    ),
    RiskControl(
        "course-reviews", "A course ends with a review; a third in a row needs the lead clinician.",
        Layer.BEFORE,
    ),
    RiskControl(
        "felt", 'Only what a patient said is felt counts; "too strong" lowers at once.',
        Layer.ENGINE,
    ),
    RiskControl(
        "patient-ceiling", "A ceiling is set outside a session and never raised at the bedside.",
        Layer.BEFORE,
    ),
    RiskControl(
        "screen-watched", "A silent screen (2 s), or a pressed key whose screen is gone, ends it.",
        Layer.ENGINE, trips=(TripCode.SCREEN_SILENT,),
    ),
    RiskControl(
        "stale-commands", "A command decided on an older snapshot is refused.", Layer.ENGINE,
    ),
    RiskControl(
        "roles",
        "A peer's user decides what it may ask; every peer may stop.",
        Layer.ENGINE,
    ),
    RiskControl(
        "bystander", "On hardware only the kiosk treats patients; others get a measured test load.",
        Layer.ENGINE, trips=(TripCode.TEST_LOAD_GONE,),
    ),
    RiskControl(
        "signed-in", "A patient needs a unit that is set up, and a clinician signed in by PIN.",
        Layer.ENGINE,
    ),
    RiskControl(
        "sign-in-apart", "Sign-ins, lock-outs and floods of them move no level, state or output.",
        Layer.ENGINE,
    ),
    RiskControl(
        "bad-input", "Malformed, huge or flooding input is refused; ticks stay in time.",
        Layer.ENGINE,
    ),
    RiskControl(
        "unit-check", "The unit is looked at each day; a damaged part stays out until released.",
        Layer.BEFORE,
    ),
    RiskControl(
        "unit-care", "Cleaning between patients, inspection and yearly checks: overdue they lock.",
        Layer.BEFORE,
    ),
    RiskControl(
        "out-of-use", "A unit taken out of use treats nobody until service releases it.",
        Layer.BEFORE,
    ),
    RiskControl(
        "daemon-isolated", "With the daemon in reach of others hardware is not armed.",
        Layer.BEFORE,
    ),
    RiskControl(
        "one-engine",
        "One engine per data folder and per board.",
        Layer.BEFORE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "regions", "Neck and back from behind only, with lower limits for the neck.",
        Layer.BEFORE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "patient-facts", "A patient gets no current while a fact is missing that it needs.",
        Layer.BEFORE,
    ),
    RiskControl(
        "planned-pads", "A patient's channels and pad area are those of one planned placement.",
        Layer.BEFORE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "close-out", "Nobody is treated before pads and skin of the last session have an answer.",
        Layer.BEFORE,
    ),
    RiskControl(
        "own-levels", "A cap on marked skin comes from levels the unit gave, not from a client.",
        Layer.BEFORE,
    ),
    RiskControl(
        "trip-texts", "Each trip says what happened and what to do, in one line.",
        Layer.ENGINE, RiskControlKind.INFORMATION,
    ),
    RiskControl(
        "sounds", "Each sound has its own number and length; a trip's repeats, silence is 120 s.",
        Layer.ENGINE, RiskControlKind.INFORMATION,
    ),
    RiskControl(
        "state-shown",
        "Screens see since when a trip stands, what clears each latch, contact in a word.",
        Layer.ENGINE, RiskControlKind.INFORMATION,
    ),
    RiskControl(
        "instructions",
        'Instructions and "?" say who is not treated, the output, how to stop, faults and care.',
        Layer.BEFORE, RiskControlKind.INFORMATION,
    ),
    RiskControl(
        "labelling", "README, about screen and reports say: no cleared device, no efficacy claim.",
        Layer.BEFORE, RiskControlKind.INFORMATION, inspect="every page that leaves the house",
    ),
)  # fmt: skip

_RECORDS = (
    RiskControl(
        "boot-locked", "Every start is Locked; a session cut off is closed as interrupted.",
        Layer.SERVICE, RiskControlKind.DESIGN,
    ),
    RiskControl(
        "journal", "What is acknowledged survives a power cut; a journal that fails ends output.",
        Layer.AFTER, trips=(TripCode.JOURNAL_FAULT, TripCode.CLOCK_JUMP),
    ),
    RiskControl(
        "stop-record", "Each stop keeps cause, layer, measured time to zero, last values, dose.",
        Layer.AFTER,
    ),
    RiskControl(
        "kept-first", "A person is told that something was recorded only when it is on the disk.",
        Layer.AFTER,
    ),
    RiskControl("capsule", "The last 60 s before a stop are sealed in one file.", Layer.AFTER),
    RiskControl("chain", "Records are chained and signed: an alteration is found.", Layer.AFTER),
)  # fmt: skip

CONTROLS: dict[str, RiskControl] = {
    control.name: control
    for control in (
        *_HARDWARE, *_GUARD_AND_SLICES, *_OUTPUT, *_MEASURED, *_WATCHED, *_PEOPLE, *_RECORDS
    )
}  # fmt: skip
