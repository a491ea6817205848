"""What a limit of the core says when it refuses: what was asked, the bound, what is accepted."""

import pytest

from appliance.core.limits import limits
from appliance.core.limits.limits import Purpose, Region
from appliance.core.refusal import Refusal
from appliance.texts.english import english

SAID = [
    (
        limits.check_pad_area(1_000, Region.LOWER_BACK, Purpose.MOTOR),
        "pad area: asked 10 cm², allowed 25 cm² to 200 cm² each; nearest 25 cm²",
    ),
    (
        limits.check_pad_area(1_199, Region.NECK, Purpose.SENSORY),
        "pad area: asked 11.99 cm², allowed 12 cm² to 200 cm² each; nearest 12 cm²",
    ),
    (
        limits.check_phase_charge(101_000, 400, Region.LOWER_BACK),
        "charge per phase: asked 40.4 µC, allowed 40 µC; nearest 100 mA at 400 µs",
    ),
    (
        limits.check_session(59_000_000, Purpose.MOTOR, brief_intense=False),
        "session: asked 59 s, allowed 60 s to 1800 s; nearest 60 s",
    ),
    (
        limits.check_session(901_000_000, Purpose.SENSORY, brief_intense=True),
        "session: asked 901 s, allowed 60 s to 900 s; nearest 900 s",
    ),
    (
        limits.check_sum(4, 700, 3_000),
        (
            "channels taking turns: asked 4 x (700 + 300) µs every 3000 µs, "
            "allowed at most 3000 µs; nearest a period of 4000 µs"
        ),
    ),
]


@pytest.mark.proves("limits")
@pytest.mark.parametrize(("refusal", "said"), SAID, ids=[said.split(":")[0] for _, said in SAID])
def test_a_refusal_says_what_was_asked_and_what_is_allowed(
    refusal: Refusal | None, said: str
) -> None:
    assert refusal is not None
    assert english(refusal.text()) == said
