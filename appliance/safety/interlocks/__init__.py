"""The interlocks: conditions for output, judged every control tick. Pure; no clock, no I/O.

`judge(memory, readings)` runs every rule of `RULES` and `CHANNEL_RULES`. Each rule is a small
function of its memory and the readings, so that it can be tested alone. An interlock never acts;
it returns trips, and `state_machine.step` decides what follows from them.
"""
