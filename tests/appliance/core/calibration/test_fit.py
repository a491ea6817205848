"""A channel's own errors are found; what is no calibration is refused, and says where."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.calibration.fit import ChannelFit, Problem, Quantity, Unfit, fit_channel
from appliance.core.calibration.measured import (
    Held,
    Point,
    Scales,
    TypedWrong,
    load_range,
    shown,
    shown_range,
)
from appliance.core.calibration.scale import Pair, Scale, fit_scale
from tests.support.made_up_channel import SCALES, MadeUpChannel

gains = st.floats(0.94, 1.06)


def fitted(points: tuple[Point, ...], scales: Scales = SCALES) -> ChannelFit:
    fit = fit_channel(points, scales)
    assert isinstance(fit, ChannelFit), fit
    return fit


def refused(points: tuple[Point, ...]) -> Unfit:
    unfit = fit_channel(points, SCALES)
    assert isinstance(unfit, Unfit)
    return unfit


def changed(points: tuple[Point, ...], place: int, **values: object) -> tuple[Point, ...]:
    other = msgspec.structs.replace(points[place], **values)
    return (*points[:place], other, *points[place + 1 :])


def off(scale: Scale, gain: float, offset: float, full_scale: int) -> float:
    """Return the largest difference of two scales from minus to plus full scale, as a part."""
    ends = (-full_scale, full_scale)
    found = [x * scale.gain_ppm / 1e6 + scale.offset - (x * gain + offset) for x in ends]
    return max(abs(each) for each in found) / full_scale


def test_a_board_without_errors_needs_no_correction() -> None:
    fit = fitted(MadeUpChannel().points())
    for scale, full_scale in zip(
        (fit.source.scale, fit.current.scale, fit.voltage.scale), SCALES, strict=True
    ):
        assert off(scale, 1.0, 0.0, full_scale) < 0.000_05
    assert all(abs(each) <= 2 for each in fit.source.residuals)


@given(
    st.tuples(gains, st.floats(-4_000, 4_000)),
    st.tuples(gains, st.floats(-4_000, 4_000)),
    st.tuples(gains, st.floats(-5_000, 5_000)),
    st.integers(0, 10_000),
)
def test_gain_offset_and_noise_are_recovered_within_half_a_percent_of_full_scale(
    source: tuple[float, float],
    current: tuple[float, float],
    voltage: tuple[float, float],
    seed: int,
) -> None:
    channel = MadeUpChannel(source, current, voltage, noise=0.002, seed=seed)
    fit = fitted(channel.points())
    # The source delivers one sign only; its scale is used from nothing up to full scale.
    for code in (1, 2_000, 4_095):
        nominal_ua = code * 120_000 / 4_095
        scale = fit.source.scale
        found_ua = nominal_ua * scale.gain_ppm / 1e6 + scale.offset
        assert abs(found_ua - channel.true_ua(code)) <= 0.005 * 120_000
    assert off(fit.current.scale, *current, 120_000) <= 0.005
    assert off(fit.voltage.scale, *voltage, 150_000) <= 0.005


def test_the_scale_of_a_source_is_rounded_up_so_that_no_code_is_higher_for_rounding() -> None:
    nearest = []
    for step in range(20):
        points = MadeUpChannel((1.0 + step / 1_000, step * 7.0)).points()
        pairs = [Pair(Fraction(p.code * 120_000, 4_095), Fraction(p.shown_ua)) for p in points]
        up, near = fitted(points).source.scale, fit_scale(pairs)
        assert near is not None
        assert (up.gain_ppm, up.offset) >= (near.scale.gain_ppm, near.scale.offset)
        nearest.append(up == near.scale)
    assert not all(nearest)


def test_an_offset_of_the_reading_is_told_from_its_gain_by_the_two_phases() -> None:
    fit = fitted(MadeUpChannel(current=(1.02, 1_500.0), voltage=(0.97, -2_000.0)).points())
    assert fit.current.scale.offset == pytest.approx(1_500, abs=5)
    assert fit.current.scale.gain_ppm == pytest.approx(1_020_000, abs=50)
    assert fit.voltage.scale.offset == pytest.approx(-2_000, abs=5)
    assert fit.voltage.scale.gain_ppm == pytest.approx(970_000, abs=50)


def test_the_measured_resistance_counts_not_the_printed_one() -> None:
    points = tuple(
        msgspec.structs.replace(point, meter_ohm=point.load_ohm * 102 // 100)
        for point in MadeUpChannel(load_error=0.02).points()
    )
    assert fitted(points).voltage.scale.gain_ppm == pytest.approx(1_000_000, abs=50)


def test_a_correction_of_up_to_ten_percent_is_taken_and_none_beyond() -> None:
    assert isinstance(fit_channel(MadeUpChannel((1.099, 0.0)).points(), SCALES), ChannelFit)
    unfit = refused(MadeUpChannel((1.101, 0.0)).points())
    assert (unfit.problem, unfit.quantity) == (Problem.CORRECTION, Quantity.SOURCE)
    assert unfit.found_ppm is not None
    assert 100_000 < unfit.found_ppm < 102_000


@pytest.mark.parametrize(
    ("channel", "quantity"),
    [
        (MadeUpChannel((0.89, 0.0)), Quantity.SOURCE),
        (MadeUpChannel((1.06, 6_000.0)), Quantity.SOURCE),
        (MadeUpChannel(current=(1.12, 0.0)), Quantity.CURRENT),
        (MadeUpChannel(current=(0.94, -6_000.0)), Quantity.CURRENT),
        (MadeUpChannel(voltage=(0.88, 0.0)), Quantity.VOLTAGE),
    ],
)
def test_a_board_that_is_too_far_off_is_refused_by_the_scale(
    channel: MadeUpChannel, quantity: Quantity
) -> None:
    unfit = refused(channel.points())
    assert (unfit.problem, unfit.quantity) == (Problem.CORRECTION, quantity)


def test_a_point_more_than_one_percent_of_full_scale_off_is_refused_where_it_is() -> None:
    points = MadeUpChannel().points()
    near = changed(points, 7, shown_ua=points[7].shown_ua + 1_200)
    assert isinstance(fit_channel(near, SCALES), ChannelFit)
    unfit = refused(changed(points, 7, shown_ua=points[7].shown_ua + 1_500))
    assert (unfit.problem, unfit.quantity) == (Problem.RESIDUAL, Quantity.SOURCE)
    assert (unfit.load_ohm, unfit.level_ua) == (1_000, 50_000)
    assert unfit.found_ppm is not None
    assert 10_000 < unfit.found_ppm < 12_500


def test_a_residual_of_the_second_phase_names_its_own_point() -> None:
    points = MadeUpChannel().points()
    held = points[3].negative
    wrong = Held(held.current_ua + 2_500, held.voltage_mv)
    unfit = refused(changed(points, 3, negative=wrong))
    assert (unfit.problem, unfit.quantity) == (Problem.RESIDUAL, Quantity.CURRENT)
    assert (unfit.load_ohm, unfit.level_ua) == (500, 75_000)


def test_a_source_that_runs_out_of_voltage_at_the_larger_load_is_refused() -> None:
    points = MadeUpChannel().points()
    clipped = []
    for point in points:
        if (point.load_ohm, point.level_ua) == (1_000, 100_000):
            held = Held(95_000, 95_000)
            back = Held(-95_000, -95_000)
            clipped.append(
                msgspec.structs.replace(point, shown_ua=95_000, positive=held, negative=back)
            )
        else:
            clipped.append(point)
    assert refused(tuple(clipped)).problem is Problem.RESIDUAL


def test_swapped_loads_are_refused_as_another_load() -> None:
    swapped = tuple(
        msgspec.structs.replace(
            point, load_ohm=1_500 - point.load_ohm, meter_ohm=1_500 - point.load_ohm
        )
        for point in MadeUpChannel().points()
    )
    unfit = refused(swapped)
    assert (unfit.problem, unfit.load_ohm) == (Problem.ANOTHER_LOAD, 1_000)


def test_one_wrong_resistor_is_refused() -> None:
    wrong = {point.level_ua: point for point in MadeUpChannel(load_error=0.05).points()[5:]}
    points = tuple(
        wrong[point.level_ua] if point.load_ohm == 1_000 else point
        for point in MadeUpChannel().points()
    )
    unfit = refused(points)
    assert (unfit.problem, unfit.quantity) == (Problem.RESIDUAL, Quantity.VOLTAGE)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"code": 0}, Problem.OUT_OF_RANGE),
        ({"code": 4_096}, Problem.OUT_OF_RANGE),
        ({"shown_ua": 25}, Problem.OUT_OF_RANGE),
        ({"shown_ua": 36_800 + 1_401}, Problem.OUT_OF_RANGE),
        ({"shown_ua": -25_000}, Problem.OUT_OF_RANGE),
        ({"meter_ohm": 474}, Problem.OUT_OF_RANGE),
        ({"meter_ohm": 526}, Problem.OUT_OF_RANGE),
        ({"positive": Held(-25_000, -12_500)}, Problem.PHASES),
        ({"negative": Held(25_000, 12_500)}, Problem.PHASES),
        ({"positive": Held(25_000, 25_000)}, Problem.ANOTHER_LOAD),
        ({"negative": Held(-25_000, -1)}, Problem.ANOTHER_LOAD),
    ],
)
def test_a_point_that_cannot_be_is_refused_with_its_load_and_level(
    values: dict[str, object], problem: Problem
) -> None:
    unfit = refused(changed(MadeUpChannel().points(), 1, **values))
    assert unfit == Unfit(problem, None, 500, 25_000)


def test_an_offset_that_turns_the_sign_of_a_small_reading_is_no_wrong_phase() -> None:
    fit = fitted(MadeUpChannel(current=(1.0, 11_000.0), voltage=(1.0, -6_000.0)).points())
    assert fit.current.scale.offset == pytest.approx(11_000, abs=5)
    assert fit.voltage.scale.offset == pytest.approx(-6_000, abs=5)


def test_a_missing_phase_is_refused() -> None:
    for level in range(5):
        points = changed(MadeUpChannel().points(), level, negative=Held(0, 0))
        unfit = refused(points)
        assert (unfit.problem, unfit.quantity) == (Problem.RESIDUAL, Quantity.CURRENT)


def test_readings_that_never_change_are_refused() -> None:
    points = MadeUpChannel().points()
    stuck = tuple(msgspec.structs.replace(point, code=2_000) for point in points)
    assert refused(stuck) == Unfit(Problem.NO_SPREAD, Quantity.SOURCE)


def test_every_load_at_every_level_is_needed_once() -> None:
    points = MadeUpChannel().points()
    assert refused(points[:-1]) == Unfit(Problem.INCOMPLETE, None, 1_000, 100_000)
    assert refused(()) == Unfit(Problem.INCOMPLETE, None, 500, 10_000)
    assert refused((*points, points[0])).problem is Problem.INCOMPLETE
    assert refused((*points[:-1], points[0])).problem is Problem.INCOMPLETE
    assert isinstance(fit_channel(points[::-1], SCALES), ChannelFit)


def test_what_is_typed_has_a_range_and_is_asked_twice() -> None:
    assert shown_range(10_000, SCALES) == (1, 23_200)
    assert shown_range(100_000, SCALES) == (86_800, 113_200)
    assert load_range(500) == (475, 525)
    assert load_range(1_000) == (950, 1_050)
    assert shown(50_000, 50_001, 50_000, SCALES) == 50_001
    assert shown(50_000, 50_600, 50_000, SCALES) == 50_300
    assert shown(50_000, 50_601, 50_000, SCALES) is TypedWrong.DIFFERS
    assert shown(50, 50, 50_000, SCALES) is TypedWrong.OUT_OF_RANGE
    assert shown(50_000, 500_000, 50_000, SCALES) is TypedWrong.OUT_OF_RANGE
    assert shown(0, 0, 10_000, SCALES) is TypedWrong.OUT_OF_RANGE
