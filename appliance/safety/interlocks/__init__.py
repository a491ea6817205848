"""The interlocks: what must hold for output, judged every control tick. Pure; no clock, no I/O.

`judge(memory, readings)` runs every rule of `RULES` and `CHANNEL_RULES`. Each rule is a small
function of what it remembers and what it sees, so that it can be attacked alone. An interlock
never acts; it returns trips, and `states.step` says what they do.
"""

from appliance.safety.interlocks.held_value import Hold, Seen, contact_ohm, take_hold
from appliance.safety.interlocks.judge import (
    CHANNEL_RULES,
    RULES,
    InterlockMemory,
    Judgement,
    judge,
)
from appliance.safety.interlocks.readings import (
    BoardFacts,
    ChannelReading,
    Readback,
    Readings,
    Sample,
    StreamReading,
)
from appliance.safety.interlocks.rule import (
    Caution,
    CautionCode,
    ChannelRule,
    Finding,
    Rule,
)

__all__ = [
    "CHANNEL_RULES",
    "RULES",
    "BoardFacts",
    "Caution",
    "CautionCode",
    "ChannelReading",
    "ChannelRule",
    "Finding",
    "Hold",
    "InterlockMemory",
    "Judgement",
    "Readback",
    "Readings",
    "Rule",
    "Sample",
    "Seen",
    "StreamReading",
    "contact_ohm",
    "judge",
    "take_hold",
]
