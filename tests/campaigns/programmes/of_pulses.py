"""Rates, groups, sweeps, widths and leading phases of the pulses of one train."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.campaigns.programmes.asked import Train
from tests.campaigns.programmes.pulses import Pulse
from tests.campaigns.programmes.quantity import Quantity, quantity

RATE_SHARE = 0.001
"""Periods are whole µs and rounded up: 35 a second are 34.9995 (D)."""
WIDTH_US = 0.2
"""The recording resolves 0.1 µs (D)."""
SWEPT_SHARE = 0.01
"""A sweep is sampled by its pulses, which need not meet its ends (D)."""
CYCLE_SHARE = 0.02
NEAR_END = 0.1
"""What is within this share of the whole sweep from its end counts as there."""
Groups = Sequence[Sequence[Pulse]]


def of_pulses(train: Train, runs: Sequence[Sequence[Pulse]]) -> Iterator[Quantity]:
    """Yield what the pulses of these on-times show, whatever their amplitude."""
    grouped = [_groups(train, pulses) for pulses in runs]
    yield from _of_rates(train, grouped)
    pulses = [pulse for each in runs for pulse in each]
    widths = [phase.width_us for pulse in pulses for phase in pulse if phase is not None]
    if train.phases_us is None:
        yield quantity(train.name, "phase", "µs", train.phase_us, widths, WIDTH_US)
    else:
        yield from _of_ends(train, "phase", "µs", train.phases_us, widths)
    gaps = [(p.second.start_ns - p.first.end_ns) / 1e3 for p in pulses if p.second is not None]
    yield quantity(train.name, "gap between phases", "µs", train.gap_us, gaps, WIDTH_US)
    yield _of_leading(train, grouped)
    lone = sum(pulse.second is None for pulse in pulses)
    yield quantity(train.name, "phases without their other", "", 0, [lone])
    if train.sweep_s is not None and train.times is None:
        yield _of_cycle(train, runs, train.sweep_s)


def _groups(train: Train, pulses: Sequence[Pulse]) -> list[list[Pulse]]:
    """Return pulses in the groups of the train; of bursts those cut by the window are left out."""
    in_group_us = train.in_group_us
    if in_group_us is None:
        return [[pulse] for pulse in pulses]
    groups: list[list[Pulse]] = []
    for pulse in pulses:
        if groups and pulse.start_ns - groups[-1][-1].start_ns <= 1_500 * in_group_us:
            groups[-1].append(pulse)
        else:
            groups.append([pulse])
    return groups[1:-1]


def _of_rates(train: Train, grouped: Sequence[Groups]) -> Iterator[Quantity]:
    rates = [
        1e9 / (after[0].start_ns - before[0].start_ns)
        for groups in grouped
        for before, after in pairwise(groups)
    ]
    name = "bursts" if train.group > 1 else "pulses"
    if train.rates_hz is None:
        allowed = train.rate_hz * RATE_SHARE
        yield quantity(train.name, name, "a second", train.rate_hz, rates, allowed)
    else:
        yield from _of_ends(train, "rate", "a second", train.rates_hz, rates)
    if train.in_group_us is None:
        return
    groups = [group for each in grouped for group in each]
    inner = [1e9 / (b.start_ns - a.start_ns) for group in groups for a, b in pairwise(group)]
    asked_hz = 1e6 / train.in_group_us
    counted, rate, unit = "pulses in a burst", "rate in a burst", "a second"
    if train.cycles is not None:
        counted, rate, unit = "cycles in a burst", "carrier", "Hz"
    yield quantity(train.name, counted, "", train.group, [len(group) for group in groups])
    yield quantity(train.name, rate, unit, asked_hz, inner, asked_hz * RATE_SHARE)


def _of_leading(train: Train, grouped: Sequence[Groups]) -> Quantity:
    """Return how many pulses begin positive, or where they take turns how many do."""
    firsts = [[group[0].first.polarity for group in groups] for groups in grouped]
    if train.leading == "alternating":
        turns = [a != b for each in firsts for a, b in pairwise(each)]
        share = [100 * sum(turns) / len(turns)] if turns else []
        return quantity(train.name, "take turns in the first phase", "%", 100, share)
    flat = [polarity for each in firsts for polarity in each]
    share = [100 * flat.count(1) / len(flat)] if flat else []
    asked = 100 if train.leading == "positive" else 0
    return quantity(train.name, "begin with the positive phase", "%", asked, share)


def _of_ends(
    train: Train, name: str, unit: str, asked: tuple[int, int], values: Sequence[float]
) -> Iterator[Quantity]:
    """Yield both ends of a sweep."""
    ends = zip(("lowest", "highest"), sorted(asked), (min, max), strict=True)
    for word, end, of in ends:
        found = [of(values)] if values else []
        yield quantity(train.name, f"{word} {name}", unit, end, found, end * SWEPT_SHARE)


def _of_cycle(train: Train, runs: Sequence[Sequence[Pulse]], asked_s: int) -> Quantity:
    """Return how long a sweep takes there and back: twice the time between two of its ends."""
    cycles_s = [
        2 * (later - earlier)
        for pulses in runs
        for earlier, later in pairwise(_turns_s(train, pulses))
    ]
    return quantity(train.name, "sweep", "s", asked_s, cycles_s, CYCLE_SHARE * asked_s)


def _turns_s(train: Train, pulses: Sequence[Pulse]) -> list[float]:
    """Return when a sweep was at each of its ends, without those that the window cuts."""
    values = [
        pulse.first.width_us
        if train.phases_us is not None
        else 1e9 / (after.start_ns - pulse.start_ns)
        for pulse, after in pairwise(pulses)
    ]
    if not values:
        return []
    low, high = min(values), max(values)
    near = NEAR_END * (high - low)
    stays: list[tuple[int, int, int]] = []
    for place, value in enumerate(values):
        end = 1 if value >= high - near else -1 if value <= low + near else 0
        if stays and stays[-1][0] == end:
            stays[-1] = (end, stays[-1][1], place)
        else:
            stays.append((end, place, place))
    return [
        (pulses[first].start_ns + pulses[last].start_ns) / 2e9
        for end, first, last in stays[1:-1]
        if end
    ]
