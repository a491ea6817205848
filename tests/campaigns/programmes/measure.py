"""What a recording shows of a programme file: every quantity that the file asks for."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from tests.campaigns.programmes.asked import Asked, Train
from tests.campaigns.programmes.of_pulses import of_pulses
from tests.campaigns.programmes.of_times import (
    called_runs,
    calls_of,
    envelope,
    parts_of,
    rests_of,
    times_of,
)
from tests.campaigns.programmes.play import Played
from tests.campaigns.programmes.pulses import Pulse, Signals, net_of_seconds_ua, pulses_of
from tests.campaigns.programmes.quantity import Quantity, merged, quantity
from tests.campaigns.programmes.runs import Run, at_level, has_one_level, runs_of

DAC_STEP_UA = 120_000 / 4_095
"""The DAC gives the level or up to a step less."""
NET_PULSE_NC = 1.0
"""10 mA for the 100 ns that the recording resolves (D)."""
NET_SECOND_UA = 2.0
"""Under a thousandth of the current that flows both ways, far below what harms skin (D)."""
PART_SKIP_US, END_SKIP_US = 3_500_000, 1_300_000
"""A part that is not the first rises for up to 3 s, and every one falls for 1 s."""
LEVEL_SKIP_US = 250_000
CUT_US = 300_000


def measure(signals: Signals, played: Played, asked: Asked) -> list[Quantity]:
    """Return every quantity of a session, in the order in which it is shown."""
    pulses = {channel: given_pulses(signals, channel, played) for channel in played.channels}
    runs = {
        channel: runs_of(own, asked, finished=played.finished) for channel, own in pulses.items()
    }
    found = [each for n in played.channels for each in _of_channel(asked, runs[n], n, played)]
    found = merged(found)
    for channel, own in pulses.items():
        found += _balance(signals, channel, own)
    found.append(_together(pulses))
    if played.in_turns:
        found.append(_turns(runs))
    if played.given_s:
        given = [played.given_s / 60]
        found.append(quantity("", "minutes prescribed", "min", asked.duration_s / 60, given))
    if asked.unknown:
        name = f"keys of the file that nothing measures: {', '.join(asked.unknown)}"
        found.append(quantity("", name, "", 0, [len(asked.unknown)]))
    return merged(found)


def asked_quantities(asked: Asked) -> list[Quantity]:
    """Return what every session of a programme is asked for, without anything measured."""
    nothing = Played(Path(), (1,), 1)
    nothing.levels = {1: []}
    return merged(_of_channel(asked, [], 1, nothing))


def settled_runs(runs: Sequence[Run], channel: int, played: Played) -> list[Run]:
    """Return the on-times in which the level stood; of a session on call the one that was held."""
    levels = played.levels[channel]
    one_level = [run for run in runs if has_one_level(run, levels, played.level_ua)]
    if not played.on_call:
        return [run for run in one_level if not _is_cut(run, played)]
    called = zip(called_runs(runs, played), played.released_us, strict=False)
    return [run for run, released_us in called if released_us is None and run in one_level]


def _is_cut(run: Run, played: Played) -> bool:
    """Say whether the end of what was measured may have cut an on-time."""
    return not played.finished and run.end_ns // 1_000 > played.ended_us - CUT_US


def given_pulses(signals: Signals, channel: int, played: Played) -> list[Pulse]:
    """Return the pulses of a channel in a session, without its contact check and its stop."""
    from_ns, until_ns = played.begun_us * 1_000, played.ended_us * 1_000
    every = pulses_of(signals, channel)
    return [pulse for pulse in every if from_ns <= pulse.start_ns and pulse.end_ns <= until_ns]


def _of_channel(
    asked: Asked, runs: Sequence[Run], channel: int, played: Played
) -> Iterator[Quantity]:
    settled = settled_runs(runs, channel, played)
    for train in asked.trains:
        mine = [run for run in runs if run.train is train]
        if train.times is None:
            whole = _unbroken(mine, channel, played)
            tops_ua = [pulse.first.mean_ua for pulses in whole for pulse in pulses]
        else:
            mine = [run for run in settled if run.train is train]
            whole = [run.pulses for run in mine]
            tops_ua = [envelope(pulses).top_ua for pulses in whole]
        yield from of_pulses(train, whole)
        yield from times_of(train, mine)
        yield _share(train, tops_ua, played.level_ua)
    if not played.on_call:
        yield from rests_of(asked, runs, settled)
    yield from parts_of(asked, runs)
    yield from calls_of(asked, runs, played)


def _unbroken(runs: Sequence[Run], channel: int, played: Played) -> list[tuple[Pulse, ...]]:
    """Return the pulses of unbroken parts while they were at the level."""
    levels = played.levels[channel]
    found = []
    for run in runs:
        rises_us = PART_SKIP_US if run.place else LEVEL_SKIP_US
        falls_us = 0 if run.is_last and not played.finished else END_SKIP_US
        found.append(at_level(run, levels, played.level_ua, (rises_us, falls_us)))
    return [pulses for pulses in found if pulses]


def _share(train: Train, tops_ua: Sequence[float], level_ua: int) -> Quantity:
    shares = [ua * 100 / level_ua for ua in tops_ua]
    step = 1.05 * DAC_STEP_UA * 100 / level_ua
    return quantity(train.name, "share of the level", "%", train.share_percent, shares, step, 0.01)


def _balance(signals: Signals, channel: int, pulses: Sequence[Pulse]) -> Iterator[Quantity]:
    nets = [abs(pulse.net_pc) / 1e3 for pulse in pulses]
    yield quantity("", "net charge of a pulse", "nC", 0, nets, NET_PULSE_NC)
    seconds = [abs(ua) for ua in net_of_seconds_ua(signals, channel, pulses)]
    yield quantity("", "net current of a second", "µA", 0, seconds, NET_SECOND_UA)


def _together(pulses: dict[int, list[Pulse]]) -> Quantity:
    every = sorted((pulse.start_ns, pulse.end_ns) for own in pulses.values() for pulse in own)
    together = sum(after[0] < before[1] for before, after in pairwise(every))
    return quantity("", "pulses on two channels at once", "", 0, [together])


def _turns(runs: dict[int, list[Run]]) -> Quantity:
    """Return how many contractions began on a channel while another one's was not over."""
    every = sorted((run.start_ns, run.end_ns, n) for n, own in runs.items() for run in own)
    overlaps = sum(after[0] < before[1] for before, after in pairwise(every))
    repeats = sum(after[2] == before[2] for before, after in pairwise(every))
    return quantity("", "contractions out of turn", "", 0, [overlaps + repeats])
