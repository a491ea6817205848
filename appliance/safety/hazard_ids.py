"""Names of the hazards: what can happen to the person on the pads.

A leaf, so that trips, tests and the hazard table share one vocabulary. An id is never reused.
"""

from enum import StrEnum


class Hazard(StrEnum):
    """A hazardous situation, after ISO 14971; `risk.hazards` tells causes, harm and controls."""

    OUTPUT_AFTER_STOP = "H01"
    """Current goes on after a person asked for its end."""
    TOO_MUCH_CURRENT = "H02"
    """More current flows than was set: pain, violent contraction, burn."""
    SURPRISE = "H03"
    """The current rises or comes back without warning: startle, fall, torn muscle."""
    BURN_UNDER_PAD = "H04"
    """Current crowds under a half-lifted, dry or small pad: burn."""
    DIRECT_CURRENT = "H05"
    """Net charge flows over time: chemical burn under a pad."""
    BLIND_CONTROL = "H06"
    """The engine steers by values that are old or wrong."""
    UNGUARDED_OUTPUT = "H07"
    """A layer that would end the output is not there when it is needed."""
    WRONG_TIMING = "H08"
    """Pulses longer, denser or more than planned: charge and rate above a limit."""
    LOST_RECORD = "H09"
    """A treatment is given that nobody can account for: wrong dose next time."""
    NOBODY_IN_CHARGE = "H10"
    """The person at the bedside no longer sees or commands what the output does."""
    WRONG_TREATMENT = "H11"
    """Another person's or another screen's prescription is given."""
    WRONG_PLACE = "H12"
    """Current crosses a part of the body it must not."""
    FOREIGN_COMMAND = "H13"
    """Somebody or something else than the engine drives the output."""
    OUTPUT_BY_ITSELF = "H14"
    """Output is there after a start, an update or a power cut, though nobody asked."""
    ALTERED_RECORD = "H15"
    """Records were changed, and care goes on by what they say."""
    ELECTRIC_SHOCK = "H16"
    """Mains or fault current reaches the person through the appliance."""
