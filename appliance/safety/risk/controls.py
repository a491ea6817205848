"""Every risk control there is, by the name tests prove it under. A name is never reused."""

from appliance.safety.risk.control_types import Control, Kind, Layer
from appliance.safety.trips.codes import TripCode

_HARDWARE = (
    Control(
        "estop-latch", "The e-stop's own contact sets the fault latch: zero in under 1 ms.",
        Layer.HARDWARE,
    ),
    Control(
        "watchdog", "A one-shot sets the fault latch when the heartbeat ends: 120 to 200 ms.",
        Layer.HARDWARE,
    ),
    Control(
        "phase-limiter", "A gate that is high longer than 600 µs is forced off: at most 60 µC.",
        Layer.HARDWARE,
    ),
    Control("over-current", "A comparator at 110 mA sets the fault latch.", Layer.HARDWARE),
    Control(
        "fault-latch", "Once set it disables supply and both bridges, and set dominates reset.",
        Layer.HARDWARE, trips=(TripCode.FAULT_LATCH,),
    ),
    Control(
        "source-follows-gates", "The current source is on only while one of its gates is.",
        Layer.HARDWARE, Kind.DESIGN,
    ),
    Control(
        "dc-block", "A series capacitor, discharged after each pulse, lets no direct current pass.",
        Layer.HARDWARE, Kind.DESIGN,
    ),
    Control(
        "isolation", "Supply and signals of the output stage are isolated from mains and ground.",
        Layer.HARDWARE, Kind.DESIGN,
        inspect="two means of patient protection, leakage currents, creepage: on the real stage",
    ),
    Control(
        "fuse", "A fuse in the patient circuit opens when everything else has failed.",
        Layer.HARDWARE, Kind.DESIGN, inspect="its rating against the sum of all phases",
    ),
)  # fmt: skip

_GUARD_AND_SLICES = (
    Control(
        "guard-estop", "A script inside the daemon polls the e-stop each millisecond and cuts.",
        Layer.GUARD,
    ),
    Control(
        "guard-silence", "It cuts when the engine has been silent for 80 ms, looping waves too.",
        Layer.GUARD,
    ),
    Control(
        "guard-latch", "Once tripped it cuts again and again; no refresh and no client revives it.",
        Layer.GUARD,
    ),
    Control(
        "finite-slices", "Output is sent in slices of 30 ms at most, three at a time: it runs dry.",
        Layer.SLICES, Kind.DESIGN,
    ),
)  # fmt: skip

_OUTPUT = (
    Control("cut", "One order of steps, each tried, ends output whatever fails.", Layer.ENGINE),
    Control(
        "failed-cut", "A step of an end that failed is tried again, shown and recorded.",
        Layer.ENGINE, trips=(TripCode.STOP_FAILED,),
    ),
    Control(
        "soft-fall", "Where a cut would startle, the amplitude falls to zero in 250 to 450 ms.",
        Layer.ENGINE,
    ),
    Control(
        "stop-first", "A stop is never refused or stale and overtakes all that waits.",
        Layer.ENGINE,
    ),
    Control(
        "states", "A pure state machine allows output in few states; every way back is from zero.",
        Layer.ENGINE, Kind.DESIGN,
    ),
    Control(
        "latched-trips", "A trip stays until its cause is gone and a person acknowledged it.",
        Layer.ENGINE,
    ),
    Control(
        "gate", "Each slice is judged once more with the highest code it can meet in flight.",
        Layer.ENGINE, trips=(TripCode.GATE_REFUSED,),
    ),
    Control(
        "limits", "A prescription beyond any limit does not exist: no object can be made of it.",
        Layer.BEFORE, Kind.DESIGN,
    ),
    Control(
        "balanced-pulses", "Pulses are symmetric: both phases equal to the picocoulomb.",
        Layer.BEFORE, Kind.DESIGN,
    ),
    Control(
        "whole-slices", "Slices are cut between pulses and the amplitude changes at strobes alone.",
        Layer.BEFORE, Kind.DESIGN,
    ),
)  # fmt: skip

_MEASURED = (
    Control(
        "measured-above-set", "One pulse far above what was set, or above the ceiling, cuts.",
        Layer.ENGINE, trips=(TripCode.MEASURED_ABOVE_SET,),
    ),
    Control(
        "set-against-measured", "Three of six pulses off by 15 % or 2 mA end the output.",
        Layer.ENGINE, trips=(TripCode.SET_AGAINST_MEASURED,),
    ),
    Control(
        "lead-off", "A lead open on two of twelve pulses, or for 50 ms, or over 5 kΩ, cuts.",
        Layer.ENGINE, trips=(TripCode.LEAD_OFF,),
    ),
    Control("short", "Three pulses into less than 100 Ω cut.", Layer.ENGINE,
            trips=(TripCode.SHORT,)),
    Control(
        "contact-check", "Before each session every pad is measured at 2 mA at most.",
        Layer.BEFORE,
    ),
    Control(
        "contact-drift", "A pad 30 % above its own baseline, or at half of it, ends the output.",
        Layer.ENGINE, trips=(TripCode.CONTACT_DRIFT, TripCode.CONTACT_FELL),
    ),
    Control(
        "contact-forecast", "A pad that worsens fades its channel before it would hurt.",
        Layer.ENGINE,
    ),
    Control(
        "contact-poor", "A pad that looks dry or half lifted at therapy current fades its channel.",
        Layer.ENGINE,
    ),
    Control(
        "compliance", "Output at its highest voltage ends before current crowds.",
        Layer.ENGINE, trips=(TripCode.COMPLIANCE_REACHED,),
    ),
    Control(
        "residual-charge", "10 µA of mean direct current warn, 50 µA end the output.",
        Layer.ENGINE, trips=(TripCode.RESIDUAL_CHARGE,),
    ),
    Control(
        "phase-missing", "A phase that is missing or never seen cuts.",
        Layer.ENGINE, trips=(TripCode.PHASE_MISSING,),
    ),
    Control(
        "gates-off", "A gate seen high around a strobe, where all are off, cuts.",
        Layer.ENGINE, trips=(TripCode.BOTH_GATES, TripCode.GATE_STUCK),
    ),
    Control(
        "dac-readback", "The DAC is read back at zero, at the test code, and all the time.",
        Layer.ENGINE, trips=(TripCode.DAC_STUCK,),
    ),
    Control(
        "readings-fresh", "No new hold for two pulses and 20 ms, or a frozen ADC, cuts.",
        Layer.ENGINE, trips=(TripCode.READINGS_STALE, TripCode.ADC_IMPLAUSIBLE),
    ),
)  # fmt: skip

_WATCHED = (
    Control(
        "estop-engine", "The engine reads the e-stop each tick; a broken wire reads as pressed.",
        Layer.ENGINE, trips=(TripCode.ESTOP, TripCode.INPUTS_STALE),
    ),
    Control(
        "hand-switch", "The patient's switch, squeezed or unplugged, cuts.",
        Layer.ENGINE, trips=(TripCode.HAND_SWITCH,),
    ),
    Control(
        "guard-watched", "A guard that stands still, or has tripped, is a trip.",
        Layer.ENGINE,
        trips=(TripCode.GUARD_STILL, TripCode.GUARD_SAW_ESTOP, TripCode.GUARD_SAW_SILENCE),
    ),
    Control(
        "stream-watched", "Markers tell loops, gaps and underruns; each cuts.",
        Layer.ENGINE, trips=(TripCode.LOOPING_WAVE, TripCode.MARKER_GAP, TripCode.UNDERRUN),
    ),
    Control(
        "wave-clock", "Markers against the engine's clock: more than 1 % off cuts.",
        Layer.ENGINE, trips=(TripCode.WAVE_CLOCK,),
    ),
    Control(
        "timing-proof", "Clock and gates are proven at boot and before each session.",
        Layer.BEFORE, trips=(TripCode.TIMING_PROOF_FAILED,),
    ),
    Control(
        "self-test", "Guard, watchdog, DAC, reference and supply prove themselves before use.",
        Layer.BEFORE, trips=(TripCode.SELF_TEST_FAILED,),
    ),
    Control(
        "supply-watched", "The isolated supply has to come, stay within bounds, and go.",
        Layer.ENGINE,
        trips=(
            TripCode.SUPPLY_NOT_GOOD, TripCode.HEARTBEAT_WITHOUT_SUPPLY, TripCode.SUPPLY_STUCK_ON
        ),
    ),
    Control(
        "loop-in-time", "A tick that starts 50 ms after the last sends nothing and cuts.",
        Layer.ENGINE, trips=(TripCode.LOOP_OVERRUN,),
    ),
    Control(
        "daemon-lost", "No answer in 20 ms: the supply goes first, through the kernel.",
        Layer.ENGINE, trips=(TripCode.DAEMON_LOST,),
    ),
    Control(
        "parts-answer", "SPI, a line or the program itself failing is a trip, never ignored.",
        Layer.ENGINE, trips=(TripCode.SPI_LOST, TripCode.DRIVER_FAULT, TripCode.INTERNAL_FAULT),
    ),
    Control(
        "drills", "A person proves each layer every 30 days; overdue, hardware cannot be armed.",
        Layer.BEFORE,
    ),
)  # fmt: skip

_PEOPLE = (
    Control(
        "level-rules", "One small rise at a time, felt before the next; none while resting.",
        Layer.ENGINE, Kind.DESIGN,
    ),
    Control(
        "zero-after-interruption", "After any interruption the level starts from zero.",
        Layer.ENGINE, Kind.DESIGN,
    ),
    Control(
        "announced", "A contraction that was not announced does not play.", Layer.ENGINE,
    ),
    Control(
        "first-session", "Who has felt little of a current that can contract begins low and short.",
        Layer.BEFORE,
    ),
    Control(
        "courses", "Rest, days, weeks and courses hold for each patient, region and goal.",
        Layer.BEFORE,
    ),
    Control(
        "felt", 'Only what a patient said is felt counts; "too strong" lowers at once.',
        Layer.ENGINE,
    ),
    Control(
        "patient-ceiling", "A ceiling set out of session holds and is never raised at the bedside.",
        Layer.BEFORE,
    ),
    Control(
        "screen-watched", "A screen silent for 2 s, or a held key whose screen is gone, ends it.",
        Layer.ENGINE, trips=(TripCode.SCREEN_SILENT,),
    ),
    Control(
        "stale-commands", "What was decided on an older picture is refused.", Layer.ENGINE,
    ),
    Control("roles", "A peer's user decides what it may ask; every peer may stop.", Layer.ENGINE),
    Control(
        "bystander", "On hardware a person is treated through the kiosk alone; others get a load.",
        Layer.ENGINE, trips=(TripCode.TEST_LOAD_GONE,),
    ),
    Control(
        "bad-input", "Malformed, huge or flooding input is refused; ticks stay in time.",
        Layer.ENGINE,
    ),
    Control(
        "daemon-isolated", "With the daemon in reach of others hardware is not armed.",
        Layer.BEFORE,
    ),
    Control("one-engine", "One engine a data folder and a board.", Layer.BEFORE, Kind.DESIGN),
    Control(
        "regions", "Neck and back from behind only, with lower limits for the neck.",
        Layer.BEFORE, Kind.DESIGN,
    ),
    Control(
        "trip-texts", "Each trip says what happened and what to do, in one line.",
        Layer.ENGINE, Kind.INFORMATION,
    ),
    Control(
        "labelling", "README, about screen and reports say: no cleared device, no efficacy claim.",
        Layer.BEFORE, Kind.INFORMATION, inspect="every page that leaves the house",
    ),
)  # fmt: skip

_RECORDS = (
    Control(
        "boot-locked", "Every start is Locked; a session cut off is closed as interrupted.",
        Layer.SERVICE, Kind.DESIGN,
    ),
    Control(
        "journal", "What is acknowledged survives a power cut; a journal that fails ends output.",
        Layer.AFTER, trips=(TripCode.JOURNAL_FAULT, TripCode.CLOCK_JUMP),
    ),
    Control(
        "stop-record", "Each stop keeps cause, layer, measured time to zero, last values, dose.",
        Layer.AFTER,
    ),
    Control(
        "kept-first", "What a person is told was recorded is on the disk before it is said.",
        Layer.AFTER,
    ),
    Control("capsule", "The last 60 s before a stop are sealed in one file.", Layer.AFTER),
    Control("chain", "Records are chained and signed: an alteration is found.", Layer.AFTER),
)  # fmt: skip

CONTROLS: dict[str, Control] = {
    control.name: control
    for control in (
        *_HARDWARE, *_GUARD_AND_SLICES, *_OUTPUT, *_MEASURED, *_WATCHED, *_PEOPLE, *_RECORDS
    )
}  # fmt: skip
