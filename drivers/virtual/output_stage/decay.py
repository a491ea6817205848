"""How load and DC block settle towards a voltage behind a resistance, in closed form.

Two capacitors in one loop; x is the block's voltage minus the source's, y the tissue's voltage:

    x' = -(x + y) / (R Cb)        y' = -(x + y) / (R Cp) - y / (Rp Cp)

Both roots are real and negative, so any state is the sum of a slow and a fast component, each
decaying with its own exponential.
"""

import math
from typing import NamedTuple

DC_BLOCK_F = 10e-6
"""Capacitance of the series DC block (docs/design.md section 4)."""


class Decay(NamedTuple):
    """The two rates (1/s, negative) and the projection of a state on the slow one.

    `loop_ohm` is the total resistance of the loop without the tissue's parallel resistance.
    """

    loop_ohm: float
    slow: float
    fast: float
    xx: float
    xy: float
    yx: float
    yy: float


def decay_behind(loop_ohm: float, parallel_ohm: float, parallel_f: float) -> Decay:
    """Return the decay of a load and the DC block through `loop_ohm`."""
    a = 1.0 / (loop_ohm * DC_BLOCK_F)
    b = 1.0 / (loop_ohm * parallel_f)
    c = 1.0 / (parallel_ohm * parallel_f)
    total = a + b + c
    fast = -(total + math.sqrt(total * total - 4.0 * a * c)) / 2.0
    slow = a * c / fast
    span = slow - fast
    return Decay(
        loop_ohm, slow, fast, (-a - fast) / span, -a / span, -b / span, (-b - c - fast) / span
    )
