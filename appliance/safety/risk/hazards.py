"""The hazards in the terms of ISO 14971: causes, situation, harm, controls, residual risk.

The one source of `docs/hazards.md`. Probability is not estimated: a reference design has no field
data. What the clinician sees are the texts of the trips its controls raise (`trips.table`).
"""

from dataclasses import dataclass
from enum import IntEnum

from appliance.safety.hazard_ids import Hazard


class HarmSeverity(IntEnum):
    """How bad the harm can get."""

    MINOR = 1
    """Discomfort, reddened skin; passes by itself."""
    SERIOUS = 2
    """Needs a physician: burn, torn muscle, fall."""
    CRITICAL = 3
    """Lasting damage or death."""


@dataclass(frozen=True, slots=True)
class HazardRow:
    """One hazard.

    `causes` are the foreseeable sequences of events, `situation` the hazardous situation they lead
    to, `controls` names of `controls.CONTROLS`. `incidents` are public reports of the like.
    `residual` is the risk that is left, and what software cannot do.
    """

    hazard: Hazard
    title: str
    causes: tuple[str, ...]
    situation: str
    harm: str
    severity: HarmSeverity
    controls: tuple[str, ...]
    residual: str
    incidents: tuple[str, ...] = ()


HAZARDS = (
    HazardRow(
        Hazard.OUTPUT_AFTER_STOP,
        "Current goes on after a stop",
        (
            "The engine hangs or dies while waves play in the daemon, which keeps playing them.",
            "A wave that was sent last loops.",
            "A stop waits behind other commands, or the screen that asks for it is frozen.",
        ),
        "Somebody asked for the end of output, and pulses go on.",
        "Pain, panic, violent contraction, burn.",
        HarmSeverity.SERIOUS,
        (
            "estop-latch", "estop-engine", "guard-estop", "guard-silence", "guard-latch",
            "guard-watched", "finite-slices", "watchdog", "fault-latch", "hand-switch",
            "hand-switch-proven", "stop-first", "cut", "failed-cut", "states", "stream-watched",
            "drills",
        ),
        "Between a press and zero pass 1 ms (latch), 5 ms (guard) or 20 ms (engine); a stop "
        "without a cut falls for up to 450 ms on purpose. Software cannot end a shorted stage.",
        (
            "https://github.com/FABtotum/fabui-colibri/issues/48",
            "https://github.com/Opentrons/opentrons/issues/17064",
        ),
    ),
    HazardRow(
        Hazard.TOO_MUCH_CURRENT,
        "More current than was set",
        (
            "The DAC, its latch or the current source is stuck high.",
            "A prescription or a level beyond a limit is accepted.",
            "Both gates of a bridge, or a gate while no pulse is planned, are on.",
        ),
        "A channel carries more than its level or its ceiling.",
        "Pain, violent contraction, burn; arrhythmia where current crosses the chest.",
        HarmSeverity.CRITICAL,
        (
            "limits", "gate", "measured-above-set", "over-current", "fault-latch", "dac-readback",
            "gates-off", "source-follows-gates", "phase-limiter", "patient-ceiling", "regions",
            "whole-slices", "fuse",
        ),
        "One pulse may pass before the measured current shows it. Between ceiling and 110 mA only "
        "measurement shows a stuck source.",
        (
            "https://fda.report/MAUDE/MDR/944",
            "https://fda.report/MAUDE/MDR/7752239",
            "https://github.com/diglet48/restim/issues/52",
        ),
    ),
    HazardRow(
        Hazard.SURPRISE,
        "Current that nobody expects",
        (
            "A key stays pressed, is touched twice, or its screen dies while it is pressed.",
            "Output comes back at its old level after a pause, a trip or a loose lead.",
            "A contraction begins while the person moves or handles a pad.",
            "A pad held by hand to search a motor point is lifted and touches the skin again.",
        ),
        "Current rises faster than it is felt, or is there without warning.",
        "Startle, fall, torn muscle; lost trust.",
        HarmSeverity.SERIOUS,
        (
            "level-rules", "zero-after-interruption", "raise-back", "announced", "first-session",
            "felt", "sounds", "held-pad",
            "lead-off", "soft-fall", "stream-watched", "screen-watched", "contact-check",
            "bystander",
        ),
        "A pad that is touched while live still stings; the person has to be told. A held pad "
        "that is off between two pulses only comes back at its level, 15 or 25 mA at most.",
        (
            ("https://www.accessdata.fda.gov/scripts/cdrh/cfdocs/cfmaude/detail.cfm"
            "?mdrfoi__id=7812323&pc=NUH"),
            "https://github.com/Amethyst-Sysadmin/Howl/issues/4",
            "https://github.com/kivy/kivy/issues/8494",
        ),
    ),
    HazardRow(
        Hazard.BURN_UNDER_PAD,
        "Current crowds under a pad",
        (
            "A pad lifts, dries, softens with sweat or is smaller than was entered.",
            "Two pads or leads touch.",
            "A unit that gave a burn is used on the next patient.",
            "The output is at its highest voltage and the operator raises the level.",
            "Skin that the last session marked is treated again as before.",
        ),
        "The whole current passes through a fraction of the pad.",
        "Burn, blisters.",
        HarmSeverity.SERIOUS,
        (
            "contact-check", "contact-drift", "contact-forecast", "contact-poor", "lead-off",
            "short", "compliance", "set-against-measured", "limits", "gate", "unit-check",
            "out-of-use", "close-out", "own-levels",
        ),
        "Below 10 mA a pad that was half lifted from the start looks like a healthy one: its "
        "resistance overlaps. Density limits hold for a pad twice as dense; the skin has to be "
        "looked at.",
        (
            "https://fda.report/MAUDE/MDR/944",
            ("http://www.accessdata.fda.gov/scripts/cdrh/cfdocs/cfmaude/detail.cfm"
            "?device_sequence_no=1&mdrfoi__id=5289173&pc=NUH"),
            "https://pmc.ncbi.nlm.nih.gov/articles/PMC7427656/table/T4",
        ),
    ),
    HazardRow(
        Hazard.DIRECT_CURRENT,
        "Net charge over time",
        (
            "A leg of a bridge is open or shorted, so that a phase is missing.",
            "The two phases differ.",
            "A gate stays on.",
        ),
        "A pad carries a mean direct current.",
        "Chemical burn, also at currents nobody feels.",
        HarmSeverity.SERIOUS,
        (
            "balanced-pulses", "dc-block", "residual-charge", "phase-missing", "phase-limiter",
            "source-follows-gates", "gates-off", "whole-slices",
        ),
        "Up to ten pulses pass before a missing phase is certain; then the block bleeds under 1 mA "
        "for about a second.",
    ),
    HazardRow(
        Hazard.BLIND_CONTROL,
        "The engine steers by old or wrong values",
        (
            "The ADC is frozen, the bus is lost, a frame is short, the reference drifts.",
            "The control loop is late, or the program breaks one of its own rules.",
        ),
        "What is shown and judged is not what flows.",
        "Every other harm, unseen.",
        HarmSeverity.SERIOUS,
        (
            "readings-fresh", "dac-readback", "set-against-measured", "supply-watched",
            "loop-in-time", "parts-answer", "self-test",
        ),
        "An error of a converter below 15 % or 2 mA cannot be told from the load.",
        ("https://github.com/diglet48/restim/pull/37",),
    ),
    HazardRow(
        Hazard.UNGUARDED_OUTPUT,
        "A layer is missing when it is needed",
        (
            "The guard does not run, or another script runs in its place.",
            "The watchdog, the latch or a contact of the e-stop is dead, unnoticed.",
            "The daemon is lost while waves play.",
        ),
        "Output goes on with fewer layers than believed.",
        "Every harm of output after a stop.",
        HarmSeverity.SERIOUS,
        (
            "guard-watched", "guard-latch", "self-test", "drills", "daemon-lost", "supply-watched",
            "estop-engine", "watchdog", "timing-proof", "unit-check", "unit-care",
        ),
        "A layer that dies within a session is found at the next self-test or drill; the others "
        "still act, each alone within its budget.",
    ),
    HazardRow(
        Hazard.WRONG_TIMING,
        "Pulses of another length or rate",
        (
            "The wave clock runs 2 to 100 % slow, at boot or later.",
            "Slices are lost, late or played twice.",
        ),
        "Phases are longer or pulses denser than planned.",
        "Charge and rate beyond limits: pain, burn.",
        HarmSeverity.SERIOUS,
        ("timing-proof", "wave-clock", "stream-watched", "phase-limiter", "gate", "whole-slices"),
        "A clock less than 1 % off is accepted. One 2 % slow is caught in 0.6 s.",
        (
            "https://github.com/joan2937/pigpio/issues/430",
            "https://github.com/joan2937/pigpio/issues/585",
        ),
    ),
    HazardRow(
        Hazard.LOST_RECORD,
        "A treatment nobody can account for",
        (
            "The card is full, worn or pulled; power fails.",
            "The clock is wrong or set during a treatment.",
        ),
        "A session is given and its dose, level or cause of end is not known.",
        "A wrong dose next time; an incident nobody can explain.",
        HarmSeverity.MINOR,
        ("journal", "stop-record", "capsule", "boot-locked"),
        "The last second of measurements before a power cut may be missing; events are not.",
        (
            "https://github.com/guysoft/FullPageOS/issues/243",
            "https://github.com/guysoft/OctoPi/issues/606",
        ),
    ),
    HazardRow(
        Hazard.NOBODY_IN_CHARGE,
        "Nobody sees or commands the output",
        (
            "The screen freezes, its process dies, or its link floods.",
            "Two screens command at once.",
            "Whoever is in charge leaves the patient alone.",
        ),
        "Output goes on though the person at the bedside cannot change it.",
        "Pain that lasts; harm of every other kind.",
        HarmSeverity.SERIOUS,
        (
            "screen-watched", "stop-first", "bad-input", "stale-commands", "hand-switch",
            "hand-switch-proven", "attended", "trip-texts", "sounds", "state-shown", "roles",
        ),
        "For 2 s a frozen screen goes unnoticed; e-stop and hand switch do not need it.",
        ("https://github.com/RespiraWorks/Ventilator/issues/837",),
    ),
    HazardRow(
        Hazard.WRONG_TREATMENT,
        "Another prescription than the one decided on",
        (
            "A second screen prescribes between contact check and start.",
            "A patient is mixed up, or a ceiling set for one is not applied or lost.",
            "A muscle is worked again before it has rested.",
            "A trial on a virtual board is taken for a patient's own session.",
        ),
        "A person gets what was meant for another, or for another day.",
        "Pain, torn muscle, a contraindication overlooked.",
        HarmSeverity.SERIOUS,
        (
            "stale-commands", "patient-facts", "patient-ceiling", "first-session", "courses",
            "course-reviews", "felt", "kept-first", "limits", "zero-after-interruption",
        ),
        "Who lies on the couch is for people to see: without or with a wrong pseudonym a patient's "
        "own ceiling is not known, and another's screening counts.",
        (
            "https://github.com/nightscout/AndroidAPS/issues/3224",
            "https://github.com/diglet48/restim/pull/23",
        ),
    ),
    HazardRow(
        Hazard.WRONG_PLACE,
        "Current where it must not flow",
        (
            "Pads at the front of the neck, over the chest, across the head or on broken skin.",
            "Leads of two channels crossed.",
        ),
        "Current crosses carotid sinus, larynx, heart or an implant.",
        "Laryngeal spasm, faint, arrhythmia.",
        HarmSeverity.CRITICAL,
        (
            "regions", "limits", "planned-pads", "first-feeling", "bystander", "instructions",
            "labelling",
        ),
        "No sensor tells where a pad is. Guided placement comes with the kiosk; until then the "
        "clinician's eye is the control.",
        (
            ("https://discovery.researcher.life/article/adverse-effects-of-electrotherapy-used-by-"
            "physiotherapists/49c7aec29d113087906e8320b7312d52"),
        ),
    ),
    HazardRow(
        Hazard.FOREIGN_COMMAND,
        "Something else drives the output",
        (
            "Another program reaches the daemon's port, which counts as root.",
            "A second engine runs on the same board or folder.",
            "A peer asks for what its user may not.",
            "Somebody at the screen treats who is no clinician, or in another's name.",
        ),
        "Waves play that no gate has judged.",
        "Every harm of too much current.",
        HarmSeverity.CRITICAL,
        (
            "daemon-isolated", "one-engine", "roles", "bystander", "signed-in", "sign-in-apart",
            "guard-silence", "guard-latch", "stream-watched", "phase-limiter", "bad-input",
        ),
        "Whoever is root on the machine can do everything; that is for its administration.",
    ),
    HazardRow(
        Hazard.OUTPUT_BY_ITSELF,
        "Output without a person",
        (
            "Power comes back, the service restarts, an update is installed.",
            "A latch is reset while its cause remains; waves of a dead engine meet a live supply.",
        ),
        "Pads carry current though nobody started.",
        "Startle, pain; a burn where nobody is there.",
        HarmSeverity.SERIOUS,
        (
            "boot-locked", "states", "latched-trips", "fault-latch", "contact-check", "cut",
            "daemon-lost", "zero-after-interruption",
        ),
        "None known in the model; on hardware pull-downs keep floating pins off, to be inspected.",
        ("https://github.com/UnchartedBull/OctoDash/issues/368",),
    ),
    HazardRow(
        Hazard.ALTERED_RECORD,
        "Records that were changed",
        ("Somebody edits, deletes or adds a record or a capsule; a card rots.",),
        "Care continues on wrong information.",
        "A wrong dose, a wrong verdict after an incident.",
        HarmSeverity.MINOR,
        ("chain", "capsule", "journal", "roles"),
        "Whoever has the device key can forge; it lies on the same card.",
    ),
    HazardRow(
        Hazard.ELECTRIC_SHOCK,
        "Mains or fault current through the person",
        (
            "Isolation fails, or an accessory bridges it.",
            "A case, plug or lead is damaged, or a unit that gave a shock is used again.",
        ),
        "The person is part of a circuit to ground.",
        "Electric shock.",
        HarmSeverity.CRITICAL,
        (
            "isolation", "fuse", "instructions", "labelling", "unit-check", "unit-care",
            "out-of-use",
        ),
        "Entirely outside software: the output stage and its supply have to be built, tested and "
        "approved for that.",
    ),
)  # fmt: skip
