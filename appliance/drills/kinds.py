"""The drills there are, and what each proves."""

from appliance.messages.wire import DrillKind

PROVES = {
    DrillKind.ESTOP: "both contacts of the emergency stop, fault latch, guard and engine",
    DrillKind.HAND_SWITCH: "the patient's hand switch stops, squeezed or unplugged",
    DrillKind.LEAD: "a lead that is off is found before anything is felt",
    DrillKind.KNOWN_LOAD: "what is set is what flows, both ways alike, and it ends",
    DrillKind.WATCHDOG: "a silent engine is ended by the hardware and by the guard",
}
LOADS_OHM = (500, 1_000)
"""Known loads, 1 % resistors: the test loads of the standards (docs/clinical-sources.md sections
1.1 and 1.2)."""
ON_A_CHANNEL = (DrillKind.LEAD, DrillKind.KNOWN_LOAD)
"""Drills that always test one channel; an e-stop drill does with a known load on it."""
