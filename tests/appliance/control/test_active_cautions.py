"""An active caution is reported once and stays active until readings no longer show it."""

import pytest

from appliance.control.treatment.cautions import ActiveCautions
from appliance.safety.interlocks.rule import Caution, CautionCode
from appliance.texts.text import microamps, ohms, text
from drivers.quantities import Channel

pytestmark = pytest.mark.proves("residual-charge")

S = 1_000_000
HIGH = Caution(CautionCode.CONTACT_HIGH, Channel(1), text("caution.contact_high", seen=ohms(2_501)))
HIGHER = Caution(
    CautionCode.CONTACT_HIGH, Channel(1), text("caution.contact_high", seen=ohms(2_600))
)
OTHER = Caution(
    CautionCode.CONTACT_HIGH, Channel(2), text("caution.contact_high", seen=ohms(2_501))
)
RESIDUAL = Caution(
    CautionCode.RESIDUAL_RISING, Channel(1), text("caution.direct_current", seen=microamps(12))
)


def stands(cautions: ActiveCautions) -> list[Caution]:
    return list(cautions.standing)


def test_a_caution_seen_repeatedly_is_new_once_and_stays_active() -> None:
    """Hazard: a caution that comes and goes is not read, and fills the journal."""
    cautions = ActiveCautions()
    assert cautions.take((HIGH,), 0, energising=True) == (HIGH,)
    for n in range(1, 100):
        found = (HIGHER,) if n % 10 == 0 else ()
        assert cautions.take(found, n * S // 10, energising=True) == ()
        assert len(stands(cautions)) == 1
    assert stands(cautions) == [HIGHER], "in the words of the newest reading"
    assert cautions.take((OTHER,), 10 * S, energising=True) == (OTHER,)
    assert stands(cautions) == [HIGHER, OTHER]


@pytest.mark.parametrize(("caution", "stands_us"), [(HIGH, 2_500_000), (RESIDUAL, 20_000_000)])
def test_a_caution_ends_after_its_time_without_a_reading_that_shows_it(
    caution: Caution, stands_us: int
) -> None:
    cautions = ActiveCautions()
    cautions.take((caution,), 0, energising=True)
    cautions.take((), stands_us - 1, energising=True)
    assert stands(cautions) == [caution]
    cautions.take((), stands_us, energising=True)
    assert stands(cautions) == []
    assert cautions.take((caution,), stands_us + 1, energising=True) == (caution,)


def test_without_output_no_caution_is_active() -> None:
    cautions = ActiveCautions()
    cautions.take((RESIDUAL,), 0, energising=True)
    assert cautions.take((RESIDUAL,), 1, energising=False) == ()
    assert stands(cautions) == []
