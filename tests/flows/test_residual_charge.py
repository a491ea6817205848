"""Phases that differ raise a caution early and end the output before a pad could burn.

Mean direct current is the difference × phase ÷ period: at 100 pulses of 200 µs a second 2 %. At
4 a second the same pulses make 0.08 %, so that set against measured ends the output long before.
"""

import pytest

from tests.support.clinic import Clinic
from ui.cli.terminal.snapshot_text import notes_of

pytestmark = pytest.mark.proves("residual-charge")


def test_56_microampere_of_mean_direct_current_ramp_down(clinic: Clinic) -> None:
    clinic.treat("brief-intense-tens", level_ua=20_000, channels=(1,))
    mismatch_us = clinic.now_us
    clinic.board.fault_set("phase-mismatch:1=14")  # 2.8 mA of 20 mA: under 15 %, 56 µA of d.c.
    assert clinic.trip() == "T10"
    assert clinic.now_us - mismatch_us < 1_500_000
    (trip,) = clinic.events("trip")
    assert trip["channel"] == 1


def test_32_microampere_raise_one_caution_and_output_continues(clinic: Clinic) -> None:
    clinic.treat("brief-intense-tens", level_ua=8_000, channels=(1,))
    clinic.board.fault_set("phase-mismatch:1=20")  # 1.6 mA: under 2 mA, 32 µA of d.c.
    clinic.wait(2_000)
    assert clinic.state == "Delivering"
    assert [each["code"] for each in clinic.events("caution")] == ["W01"], "said once"
    assert any(note.startswith("W01") for note in notes_of(clinic.view))


def test_a_healthy_treatment_raises_no_caution(clinic: Clinic) -> None:
    clinic.treat("brief-intense-tens", level_ua=20_000, channels=(1,))
    clinic.wait(2_000)
    assert clinic.events("caution") == []
