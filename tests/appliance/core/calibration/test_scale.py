"""A line through exact values is found exactly; what is far off it shows."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from appliance.core.calibration.scale import Pair, Scale, fit_scale

PPM = 1_000_000
values = st.integers(-150_000, 150_000).map(Fraction)


@given(
    st.integers(800_000, 1_200_000),
    st.integers(-15_000, 15_000),
    st.sets(values, min_size=2, max_size=12),
)
def test_the_scale_that_made_the_values_is_found(
    gain_ppm: int, offset: int, nominal: set[Fraction]
) -> None:
    pairs = [Pair(each, each * gain_ppm / PPM + offset) for each in sorted(nominal)]
    for up in (False, True):
        fitted = fit_scale(pairs, up=up)
        assert fitted is not None
        assert fitted.scale == Scale(gain_ppm, offset)
        assert not any(fitted.residuals)


@given(st.lists(st.tuples(values, values), min_size=2, max_size=12))
def test_no_other_scale_has_smaller_squares(found: list[tuple[Fraction, Fraction]]) -> None:
    pairs = [Pair(*each) for each in found]
    fitted = fit_scale(pairs)
    if fitted is None:
        assert len({nominal for nominal, _ in found}) == 1
        return

    def squares(gain_ppm: int, offset: int) -> Fraction:
        scale = Scale(gain_ppm, offset)
        return sum(((p.true - scale.of(p.nominal)) ** 2 for p in pairs), Fraction())

    gain_ppm, offset = fitted.scale.gain_ppm, fitted.scale.offset
    least = squares(gain_ppm, offset)
    # Rounded to whole ppm and units: only further away than that is certainly worse.
    for gain_step, offset_step in ((2_000, 0), (-2_000, 0), (0, 500), (0, -500)):
        assert squares(gain_ppm + gain_step, offset + offset_step) >= least


@given(st.lists(st.tuples(values, values), min_size=2, max_size=12))
def test_a_source_is_never_rounded_down(found: list[tuple[Fraction, Fraction]]) -> None:
    pairs = [Pair(*each) for each in found]
    up, near = fit_scale(pairs, up=True), fit_scale(pairs)
    if up is None or near is None:
        return
    assert up.scale.gain_ppm >= near.scale.gain_ppm
    assert up.scale.offset >= near.scale.offset
    assert up.scale.gain_ppm - near.scale.gain_ppm <= 1
    assert up.scale.offset - near.scale.offset <= 1


def test_values_that_are_all_the_same_give_no_scale() -> None:
    assert fit_scale([]) is None
    assert fit_scale([Pair(Fraction(5), Fraction(1)), Pair(Fraction(5), Fraction(9))]) is None


def test_a_residual_is_true_minus_scaled_and_the_worst_counts() -> None:
    pairs = [Pair(Fraction(x), Fraction(y)) for x, y in ((-300, -300), (0, 30), (300, 300))]
    fitted = fit_scale(pairs)
    assert fitted is not None
    assert fitted.scale == Scale(1_000_000, 10)
    assert [int(each) for each in fitted.residuals] == [-10, 20, -10]
    assert fitted.worst_ppm(1_000) == 20_000


def test_gain_and_offset_add_up_to_the_correction_whatever_their_signs() -> None:
    assert Scale(1_000_000, 0).correction_ppm(120_000) == 0
    assert Scale(1_050_000, 6_000).correction_ppm(120_000) == 100_000
    assert Scale(950_000, 6_000).correction_ppm(120_000) == 100_000
    assert Scale(1_050_000, -6_000).correction_ppm(120_000) == 100_000
