"""What all messages are made of: JSON lines of tagged structs, numbers and texts with bounds.

Every text, number and list of every message has a bound in its type, far outside what is meant and
near enough that nothing behind the link meets a value it cannot compute with, record or print. What
may be given is for the limits of the engine to say; what breaks a bound here is refused as a line
that cannot be read. Currents are microampere, times microseconds, charges picocoulomb.
"""

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

PROTOCOL_VERSION = 2
MAX_LINE_BYTES = 64 * 1024
ChannelNumber = Annotated[int, Meta(ge=1, le=4)]
"""A channel as a message names it; whether the board has it is for the engine to say."""
Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""A number, time or tick from zero on, that SQLite can keep."""
Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""A number of either sign, that SQLite can keep."""
Name = Annotated[str, Meta(max_length=64)]
"""An identifier: a programme, a patient, an operator, a client, a session."""
Sentence = Annotated[str, Meta(max_length=500)]
"""What a person typed."""
Words = Annotated[str, Meta(max_length=8_192)]
"""What the engine says; an eighth of a line."""
MAX_ROWS = 1_000
"""Rows of one page at most."""
Facts = Annotated[dict[Name, object], Meta(max_length=256)]
"""Facts of the journal by name; their values are bounded by the line alone."""


class StateName(StrEnum):
    """The states of the treatment's state machine, by the names of their classes."""

    LOCKED = "Locked"
    SELF_TEST = "SelfTest"
    READY = "Ready"
    CONTACT_CHECK = "ContactCheck"
    ARMED = "Armed"
    RAMP_UP = "RampUp"
    DELIVERING = "Delivering"
    RESTING = "Resting"
    PAUSED = "Paused"
    RAMP_DOWN = "RampDown"
    FINISHED = "Finished"
    TRIPPED = "Tripped"


class Subject(StrEnum):
    """What the pads are on."""

    PATIENT = "patient"
    """A person; every rule for patients holds."""
    TEST_LOAD = "test_load"
    """Resistors on every channel; a reading like skin ends the run."""


class PartRole(StrEnum):
    """What a part of a treatment is: the programme's own train, or one before or after that."""

    BEFORE = "before"
    MAIN = "main"
    AFTER = "after"


class CallWaits(StrEnum):
    """What a call for a contraction waits for; `NOTHING` may be called now."""

    NOTHING = ""
    TREATMENT = "treatment"
    """It does not play."""
    LEVEL = "level"
    """Every level is zero."""
    CONTRACTION = "contraction"
    """One by cycle plays."""
    REST = "rest"
    COUNT = "count"
    """All that a session may have were given."""
    END = "end"
    """No whole one fits before the end."""


class ContactVerdict(StrEnum):
    """What is known of the contact of one channel: a pair of pads, its leads and the skin.

    No word names one pad of the pair: the unit measures both together.
    """

    GOOD = "good"
    ACCEPTABLE = "acceptable"
    """It can be used and moves away from how it began: look at the pads."""
    POOR = "poor"
    """Dry, half lifted or high: the level is lowered, or will be."""
    OPEN = "open"
    SHORT = "short"
    UNKNOWN = "unknown"
    """Nothing has been measured since the pads may have changed."""


class LatchName(StrEnum):
    """What keeps output off until somebody clears it."""

    TRIP = "trip"
    """The engine's own: a trip that is not acknowledged."""
    FAULT_LATCH = "fault_latch"
    """The hardware's."""
    GUARD = "guard"
    """That of the script in the pigpio daemon."""


class DrillKind(StrEnum):
    """A drill; its value is how a person names it."""

    ESTOP = "e-stop"
    HAND_SWITCH = "hand-switch"
    LEAD = "lead"
    KNOWN_LOAD = "known-load"
    WATCHDOG = "watchdog"


class SoundName(StrEnum):
    """What a sound of the buzzer means; the first of those that are due is heard."""

    TRIP = "trip"
    HAND_SWITCH = "hand_switch"
    """The patient squeezed the switch: whoever is in the room goes to the patient."""
    WITH_PATIENT = "with_patient"
    """The question "Are you with the patient?"."""
    SKIN = "skin"
    """The phases of the pulses begin to differ: the skin is looked at."""
    CONTACT = "contact"
    END = "end"
    DRILL_STEP = "drill_step"
    CUE = "cue"
    """A contraction comes in 3 s. It competes with nothing: whatever else sounds falls silent
    around it."""


class Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A frozen message; unknown fields are refused."""


class QuantityView(Wire, frozen=True, tag="quantity"):
    """A whole number of a unit, the unit as `appliance.texts.text.Unit` writes it."""

    value: Whole
    unit: Name


class TextView(Wire, frozen=True, tag="text"):
    """A key of the catalogue of texts and its values by name; a value may be a text itself."""

    key: Name
    values: Annotated[dict[Name, "TextValueView"], Meta(max_length=16)] = {}


TextValueView: TypeAlias = Whole | Words | QuantityView | TextView
"""A value of a text: a number, a name or words of others, a quantity, or a text."""
TextViews = Annotated[tuple[TextView, ...], Meta(max_length=64)]
"""A list of texts."""
