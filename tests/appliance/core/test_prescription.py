"""A prescription as a value: frozen, complete, and one byte string for the records."""

import json
from dataclasses import FrozenInstanceError

import pytest

from appliance.core.prescription.prescription import PrescriptionError
from appliance.core.prescription.waveform import Biphasic, Carrier, ProgrammeKind, Sweep
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import bare_microseconds, rate, seconds
from appliance.texts.english import english
from appliance.texts.text import (
    microamps,
    microseconds,
    picocoulombs,
    square_millimetres,
    text,
)
from tests.support.strategies import prescription
from tests.support.texts import said


def test_nothing_can_be_changed_afterwards() -> None:
    asked = prescription()
    with pytest.raises(FrozenInstanceError):
        asked.ceiling_ua = 1  # type: ignore[misc]


def test_the_error_is_one_line_with_every_refusal() -> None:
    with pytest.raises(PrescriptionError) as caught:
        prescription(ceiling_ua=120_000, waveform=Biphasic(20))
    assert str(caught.value) == (
        "peak current: asked 120 mA, allowed 0 to 100 mA; nearest 100 mA; "
        "phase: asked 20 µs, allowed 50 to 500 µs; nearest 50 µs"
    )
    assert caught.value.code == "A110"
    assert isinstance(caught.value, ValueError)


def test_the_canonical_bytes_are_pinned() -> None:
    content = json.loads(prescription().canonical())
    assert content["form"] == "biphasic"
    assert content["waveform"] == {"interphase_us": 100, "leading": "positive", "phase_us": 100}
    assert content["channels"] == [1]
    assert b": " not in prescription().canonical()
    assert prescription().digest() == DIGEST


DIGEST = "8de773449f55fff8ce7e9e570b4cbfb7ba48092d02fb48450dd70f719a431cb6"


@pytest.mark.parametrize(
    "change",
    [
        {"ceiling_ua": 20_001},
        {"period_us": 20_001},
        {"waveform": Biphasic(100, 101)},
        {"kind": ProgrammeKind.MODULATED},
        {"waveform": Carrier(190, 1)},
        {"channels": (2,)},
        {"reason": "because"},
    ],
)
def test_any_change_changes_the_digest(change: dict[str, object]) -> None:
    assert prescription(**change).digest() != prescription().digest()


def test_quantities_are_written_exactly() -> None:
    currents = [english(microamps(each)) for each in (40_000, 39_999, 500, -5)]
    assert currents == ["40 mA", "39.999 mA", "0.5 mA", "-0.005 mA"]
    charges = [english(picocoulombs(each)) for each in (40_000_000, 1)]
    assert charges == ["40 µC", "0.000001 µC"]
    areas = [english(square_millimetres(each)) for each in (2_500, 1_225)]
    assert areas == ["25 cm²", "12.25 cm²"]
    times = [english(microseconds(1_500_017)), english(seconds(60_000_000))]
    assert times == ["1500.017 ms", "60 s"]
    assert english(rate(8_334)) == "8334 µs (120 per second)"


def test_a_pulse_and_a_carrier_know_their_length() -> None:
    assert Biphasic(150, 40).pulse_us == 340
    assert (Carrier(190, 8).cycle_us, Carrier(190, 8).burst_us) == (400, 3_190)


def test_a_sweep_that_starts_elsewhere_is_told_where_it_starts() -> None:
    with pytest.raises(PrescriptionError) as caught:
        prescription(sweep=Sweep(2_000_000, (60, 50), (120, 80)))
    assert [said(refusal).text() for refusal in caught.value.refusals] == [
        "sweep start: asked a period of 20000 µs, allowed 16667 µs; nearest 16667 µs",
        "sweep start: asked a phase of 100 µs, allowed 120 µs; nearest 120 µs",
    ]


def test_a_refusal_is_one_line() -> None:
    bounds = text("bound.microseconds", least=microseconds(50), most=microseconds(500))
    refusal = Refusal("refusal.phase", bare_microseconds(600), bounds, bare_microseconds(500))
    assert english(refusal.text()) == "phase: asked 600 µs, allowed 50 to 500 µs; nearest 500 µs"
