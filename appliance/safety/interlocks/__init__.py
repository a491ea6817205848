"""The interlocks: what must hold for output, judged every control tick. Pure; no clock, no I/O.

`judge(memory, readings)` runs every rule of `RULES` and `CHANNEL_RULES`. Each rule is a small
function of what it remembers and what it sees, so that it can be attacked alone. An interlock
never acts; it returns trips, and `states.step` says what they do.
"""
