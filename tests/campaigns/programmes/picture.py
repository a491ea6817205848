"""The picture of a programme: what channel 1 delivered in the case at its ceiling."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.campaigns.programmes.asked import Asked
from tests.campaigns.programmes.measure import given_pulses, settled_runs
from tests.campaigns.programmes.play import Played
from tests.campaigns.programmes.pulses import Pulse, Signals
from tests.campaigns.programmes.runs import runs_of
from tests.campaigns.programmes.svg import SECOND, TRAIN_WIDTH, Curve, Panel, picture

SHOWN_PULSES, SHOWN_BURSTS, LEAST_S = 4, 2, 0.4
MARGIN = 0.1
NOISE_UA = 50
CURVE_POINTS = 60


def picture_of(signals: Signals, played: Played, asked: Asked) -> str:
    """Return the picture of a session as SVG."""
    channel = played.channels[0]
    pulses = given_pulses(signals, channel, played)
    top_ua = max((pulse.first.mean_ua for pulse in pulses), default=1.0)
    shown = next(p for p in reversed(pulses) if p.first.mean_ua >= 0.99 * top_ua)
    group = [pulse for pulse in pulses if abs(pulse.start_ns - shown.start_ns) < 5_000_000]
    one = group if asked.own.cycles else [shown]
    return picture(
        f"{asked.name}: one pulse and its train, as recorded",
        _pulse_panel(signals, channel, one, top_ua),
        _train_panel(pulses, played, asked, channel),
    )


def _pulse_panel(signals: Signals, channel: int, group: Sequence[Pulse], top_ua: float) -> Panel:
    start_ns, end_ns = group[0].start_ns, group[-1].end_ns
    edge_ns = round(MARGIN * (end_ns - start_ns))
    from_ns, span_ns = start_ns - edge_ns, end_ns - start_ns + 2 * edge_ns
    points = [(0.0, 0.0)]
    for at_ns, value in signals[f"i{channel}_ua"]:
        if from_ns <= at_ns <= from_ns + span_ns:
            level = 0.0 if abs(value) < NOISE_UA else value / top_ua
            points.append(((at_ns - from_ns) / span_ns, level))
    points.append((1.0, 0.0))
    length = f"{(end_ns - start_ns) / 1_000:g} µs"
    return Panel((Curve(points, stepped=True),), "", length, f"±{top_ua / 1_000:.0f} mA")


def _train_panel(pulses: Sequence[Pulse], played: Played, asked: Asked, channel: int) -> Panel:
    if asked.own.sweep_s is not None and asked.own.times is None:
        return _sweep_panel(pulses, asked)
    from_ns, until_ns = _window(pulses, played, asked, channel)
    inside = [pulse for pulse in pulses if from_ns <= pulse.start_ns < until_ns]
    top_ua = max((pulse.first.mean_ua for pulse in pulses), default=1.0)
    columns = [0.0] * TRAIN_WIDTH
    for pulse in inside:
        column = (pulse.start_ns - from_ns) * TRAIN_WIDTH // (until_ns - from_ns)
        columns[column] = max(columns[column], pulse.first.mean_ua / top_ua)
    points = [(column / TRAIN_WIDTH, height) for column, height in enumerate(columns)]
    curve = Curve([*points, (1.0, 0.0)], stepped=True, filled=True)
    length = f"{(until_ns - from_ns) / 1e9:.3g} s"
    return Panel((curve,), "0", length, f"{top_ua / 1_000:.0f} mA")


def _window(pulses: Sequence[Pulse], played: Played, asked: Asked, channel: int) -> tuple[int, int]:
    """Return what is shown: all of a session of parts, one contraction with its rest, or pulses."""
    if asked.before or asked.after:
        return played.begun_us * 1_000, played.ended_us * 1_000
    runs = runs_of(pulses, asked, finished=played.finished)
    if asked.own.times is not None:
        settled = [run for run in settled_runs(runs, channel, played) if run.train is asked.own]
        cycle_ns = (asked.own.times.pulsing + asked.own.times.silent) * 1_000_000
        from_ns = settled[0].start_ns - cycle_ns // 20
        return from_ns, from_ns + cycle_ns * 11 // 10
    shown = SHOWN_PULSES if asked.own.burst is None else SHOWN_BURSTS
    span_ns = round(max(LEAST_S, shown / asked.own.rate_hz) * 1e9)
    until_ns = pulses[-1].start_ns
    return until_ns - span_ns, until_ns


def _sweep_panel(pulses: Sequence[Pulse], asked: Asked) -> Panel:
    """Return rate and phase of one sweep there and back, each from its least to its most."""
    span_ns = (asked.own.sweep_s or 1) * 1_000_000_000
    inside = [p for p in pulses if p.start_ns >= pulses[-1].start_ns - span_ns]
    curves, words = [], []
    for name, values, colour in (
        ("rate", [*_rates(inside)], None),
        ("phase", [pulse.first.width_us for pulse in inside[:-1]], SECOND),
    ):
        low, high = min(values), max(values)
        if high - low < 0.01 * high:
            continue
        step = max(len(values) // CURVE_POINTS, 1)
        points = [
            (n / len(values), 0.1 + 0.8 * (values[n] - low) / (high - low))
            for n in range(0, len(values), step)
        ]
        curve = Curve(points, stepped=False)
        curves.append(curve if colour is None else Curve(points, stepped=False, colour=colour))
        words.append(f"{name} {low:.0f} to {high:.0f}")
    return Panel(tuple(curves), "0", f"{span_ns / 1e9:g} s", ", ".join(words))


def _rates(pulses: Sequence[Pulse]) -> Iterator[float]:
    return (1e9 / (after.start_ns - before.start_ns) for before, after in pairwise(pulses))
