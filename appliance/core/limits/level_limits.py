"""The numbers of the level rules: how fast a level may rise, and what counts as tolerated.

All from docs/design.md section 7, "Level and envelope are two things", unless marked (D):
judgement.
"""

TAP_STEPS_UA = (500, 1_000)
"""A tap adds 0.5 mA; 1 mA where a clinician chose it."""
TAP_EVERY_US = 300_000
"""At most one rise per 300 ms."""
CLIMB_AFTER_US = 800_000
"""Press-and-hold climbs after 0.8 s."""
CLIMB_NECK_UA_PER_S = 2_000
CLIMB_BACK_UA_PER_S = 4_000
RETURN_PERCENT = 80
"""After an interruption press-and-hold ends at 80 % of the last comfortable level."""
RAISE_BACK_WITHIN_US = 600_000_000
"""Of the session before, that limit holds for 10 min: as long as a pause may last (D)."""
CONTRACTION_US = 10_000_000
"""While a level is set, one contraction lasts at most 10 s ..."""
CONTRACTION_REST_US = 10_000_000
"""... and the rest after it at least 10 s."""
TOLERATED_AFTER_US = 3_000_000
"""A level counts as tolerated once felt in full and unchanged for 3 s: longer than a startle and
shorter than the plateau of the shortest contraction in use, 5 s with its ramps (D)."""
RAMP_DOWN_MAX_US = 450_000
"""docs/design.md section 7: the ramp down of a stop takes 250 to 450 ms; a longer one is cut."""
RAMP_DOWN_US = 300_000
"""The ramp down of a stop or a ramp trip: with up to 60 ms until a slice edge follows it, and up
to 30 ms for the last slice, it ends within 250 to 450 ms (D)."""
