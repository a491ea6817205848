"""Pictures and plots: that they show what was recorded, and fit where they are shown."""

from pathlib import Path

import pytest
from PIL import Image

from tests.ui.trace.dump import Dump
from ui.trace.min_max_bins import envelope
from ui.trace.picture.ascii_plot import ascii_plot
from ui.trace.picture.axis_scales import round_step, time_axis, value_axis
from ui.trace.picture.picture import draw_treatment
from ui.trace.picture.zoom_windows import ZoomWindow, choose_views, find_rise
from ui.trace.vcd.lines import VcdError
from ui.trace.vcd.reader import Steps, read_vcd

BLUE = (0, 114, 178)
ORANGE = (213, 94, 0)


def ramp(channels: int = 2) -> Dump:
    """One on-time of 2 s at 50 pulses per second, climbing for 1 s to 20 mA."""
    dump = Dump()
    for number in range(100):
        amplitude_ua = 20_000 * min(1.0, number / 50)
        for channel in range(1, channels + 1):
            start_us = 500_000 + number * 20_000 + channel * 1_500
            dump.set(start_us - 500, f"dac{channel}", round(amplitude_ua / 120_000 * 4095))
            if amplitude_ua:
                dump.pulse(start_us, amplitude_ua, channel=channel)
    return dump


def colours_near(image: Image.Image, colour: tuple[int, int, int]) -> int:
    """Count pixels of a colour, with the tolerance that scaling and a palette need."""
    pixels = image.convert("RGB").tobytes()
    return sum(
        all(abs(pixels[at + part] - colour[part]) < 12 for part in range(3))
        for at in range(0, len(pixels), 3)
    )


def test_a_picture_shows_both_channels_and_is_small(tmp_path: Path) -> None:
    vcd = ramp().write(tmp_path / "x.vcd", end_us=3_000_000)
    png = tmp_path / "x.png"
    measures = draw_treatment(vcd, png, title="Test", subtitle="two channels")
    assert [each.pulses for each in measures.channels] == [99, 99]
    assert png.stat().st_size < 150_000
    with Image.open(png) as image:
        assert image.format == "PNG"
        assert image.width == 1600
        assert colours_near(image, BLUE) > 5_000
        assert colours_near(image, ORANGE) > 5_000


def test_the_same_recording_gives_the_same_picture_to_the_byte(tmp_path: Path) -> None:
    vcd = ramp().write(tmp_path / "x.vcd", end_us=3_000_000)
    draw_treatment(vcd, tmp_path / "a.png")
    draw_treatment(vcd, tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_recording_without_a_pulse_still_gives_a_picture(tmp_path: Path) -> None:
    vcd = Dump().write(tmp_path / "x.vcd", end_us=1_000_000)
    measures = draw_treatment(vcd, tmp_path / "x.png")
    assert [each.pulses for each in measures.channels] == [0, 0]
    with Image.open(tmp_path / "x.png") as image:
        assert colours_near(image, BLUE) < 1_000


def test_a_file_that_is_no_recording_leaves_no_picture(tmp_path: Path) -> None:
    (tmp_path / "x.vcd").write_text("no\n")
    with pytest.raises(VcdError):
        draw_treatment(tmp_path / "x.vcd", tmp_path / "x.png")
    assert not (tmp_path / "x.png").exists()


def test_the_views_are_the_climb_and_the_first_full_pulse(tmp_path: Path) -> None:
    recording = read_vcd(ramp().write(tmp_path / "x.vcd", end_us=3_000_000))
    views = choose_views(recording, (1, 2), 120_000, ZoomWindow(0, recording.end_ns))
    assert views is not None
    assert views.has_rise
    assert views.rise.from_ns < 800_000_000
    assert views.rise.to_ns > 1_400_000_000
    assert views.pulse.first.start_ns == 1_501_500_000
    assert views.pulse.second is not None


@pytest.mark.parametrize(
    ("amplitudes", "expected"),
    [
        ([0, 500, 1_000, 500, 0], (0, 200)),
        ([0, 100, 300, 600, 1_000, 0, 500, 1_000], (500, 700)),
        ([1_000, 1_000], None),
        ([0, 0], None),
    ],
)
def test_the_quickest_climb_is_chosen(
    amplitudes: list[int], expected: tuple[int, int] | None
) -> None:
    starts_ns = [number * 100_000_000 for number in range(len(amplitudes))]
    found = find_rise(starts_ns, amplitudes, 1_000)
    if expected is None:
        assert found is None
    else:
        low, high = (each * 1_000_000 for each in expected)
        took = high - low
        assert found == (max(0, low - took // 4), high + took // 2)


def test_a_pulse_shorter_than_a_bin_is_in_the_envelope() -> None:
    steps = Steps([0, 500_000, 500_100], [0.0, -7.0, 0.0])
    shape = envelope(steps, 0, 1_000_000, 10)
    assert list(shape.least) == [0, 0, 0, 0, 0, -7, 0, 0, 0, 0]
    assert list(shape.most) == [0] * 10


def test_a_value_fills_the_bins_it_lasted_and_no_other() -> None:
    shape = envelope(Steps([0, 200, 400], [0.0, 5.0, 0.0]), 0, 1_000, 10)
    assert list(shape.most) == [0, 0, 5, 5, 0, 0, 0, 0, 0, 0]
    assert list(shape.least) == [0, 0, 5, 5, 0, 0, 0, 0, 0, 0]


def test_an_envelope_of_a_later_window_knows_the_value_from_before() -> None:
    shape = envelope(Steps([0], [3.0]), 500, 600, 2)
    assert list(shape.most) == [3, 3]


def test_a_plot_of_characters_is_ascii_with_axes(tmp_path: Path) -> None:
    recording = read_vcd(ramp(1).write(tmp_path / "x.vcd", end_us=3_000_000))
    plot = ascii_plot(recording, 1, 0, recording.end_ns)
    assert plot.isascii()
    lines = plot.splitlines()
    assert lines[0] == "channel 1: mA over s"
    assert max(map(len, lines)) == 80
    assert lines[-1].split() == ["0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0"]
    # The climb ends at 1.5 s of 3 s; from there to 2.5 s the top of the pulses is reached.
    top = next(line for line in lines if "#" in line)
    assert 7 + 36 - 6 <= top.index("#") <= 7 + 37


@pytest.mark.parametrize("width", [30, 40, 60, 80, 132])
def test_a_plot_of_characters_fits_the_width_there_is(tmp_path: Path, width: int) -> None:
    recording = read_vcd(ramp(1).write(tmp_path / "x.vcd", end_us=3_000_000))
    for to_ns in (recording.end_ns, 1_000_000_000, 500_000_000, 999_999_000):
        lines = ascii_plot(recording, 1, 0, to_ns, width=width).splitlines()
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize(
    ("span", "ticks", "step"), [(10, 5, 2), (1, 10, 0.1), (0.7, 4, 0.2), (99, 8, 20), (0, 5, 1)]
)
def test_steps_are_round_numbers(span: float, ticks: int, step: float) -> None:
    assert round_step(span, ticks) == pytest.approx(step)


def test_an_axis_of_values_holds_its_peak() -> None:
    for peak_ua in (0, 1, 499, 500, 12_345, 20_000, 100_000, 120_000):
        assert value_axis(peak_ua).most * 1_000 >= peak_ua


@pytest.mark.parametrize(
    ("to_ns", "unit"),
    [(900_000, "µs"), (5_000_000, "ms"), (4 * 10**10, "s"), (9 * 10**11, "min")],
)
def test_time_is_printed_in_the_unit_that_suits(to_ns: int, unit: str) -> None:
    axis = time_axis(0, to_ns)
    assert axis.unit == unit
    assert 3 <= len(axis.ticks) <= 10
