"""One session of a case: raised to the level wherever it may be, and ended once all was given.

The person at the screen is `tests.support.clinic`; nothing but the recording is measured. The file
is read only to know how long to wait.
"""

from dataclasses import dataclass, field
from pathlib import Path

from appliance.messages.actions import Contract, Rise, Start, Stop
from appliance.messages.replies import Refused
from tests.campaigns.programmes.asked import Asked
from tests.campaigns.programmes.cases import IN_TURNS, ON_CALL, Case
from tests.support.clinic import Clinic, open_clinic

LEVEL_UA = 10_000
TAP_UA = 1_000
TAPS_UA = {"motor_point_find": 500}
"""Where another tap is refused."""
TAP_EVERY_US = 300_000
CONTINUOUS_S = 6
SWEEPS_PERCENT = 160
LENGTHENED_MS = 10_000
"""A rest behind a contraction in which a level was set is at least so long."""
LONGEST_S = 700
PART_S = 20
CYCLES_OF_PARTS = {False: 3, True: 6}
"""On-times of a shortened session between other parts: some to set the level in, two to measure;
at the ceiling more are needed for the level."""
CALL_EVERY_MS = 100
BEGINS_MS, SHORT_MS = 1_000, 1_500
"""A call is released so long after its ramp; another one ends by itself."""


class NotPlayed(AssertionError):
    """The session did not go as it had to; the text says where it stood."""


@dataclass
class Played:
    """A session: where its recording is, and what was set when; times of the board in µs."""

    record: Path
    channels: tuple[int, ...]
    level_ua: int
    begun_us: int = 0
    ended_us: int = 0
    finished: bool = False
    in_turns: bool = False
    on_call: bool = False
    given_s: int = 0
    """The minutes prescribed, in s, where the programme's own were asked for; else 0."""
    levels: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """The level of each channel: (since, level)."""
    released_us: list[int | None] = field(default_factory=list)
    """Of each called contraction when it was let go, None if it ended by itself."""
    called_us: list[int] = field(default_factory=list)


def play(case: Case, asked: Asked, folder: Path) -> Played:
    """Play a case; the recording is whole when this returns. Raises `NotPlayed`."""
    with open_clinic(folder) as clinic:
        played = _begin(clinic, case, asked)
        session = _Session(clinic, played)
        if case.way == ON_CALL:
            session.on_call(SHORT_MS + _ramp_ms(asked))
        elif asked.after:
            session.until_finished()
        else:
            session.at_level_for(_needed_us(asked, case), after_us=asked.before_s * 1_000_000)
        played.ended_us = clinic.now_us
        if not played.finished:
            clinic.do(Stop())
            clinic.until("Finished")
    return played


def _begin(clinic: Clinic, case: Case, asked: Asked) -> Played:
    shorter_us = _shorter_us(asked, case)
    clinic.arm(
        case.programme,
        region=case.region,
        side=case.side,
        channels=(),
        tap_ua=TAPS_UA.get(asked.kind, TAP_UA),
        duration_us=shorter_us,
        alternating=case.way == IN_TURNS,
        on_call=case.way == ON_CALL,
    )
    channels = tuple(view.channel for view in clinic.view.channels)
    level_ua = _ceiling_ua(clinic) if case.at_ceiling else min(LEVEL_UA, _ceiling_ua(clinic))
    played = Played(clinic.record, channels, level_ua)
    played.in_turns, played.on_call = case.way == IN_TURNS, case.way == ON_CALL
    if shorter_us is None:
        played.given_s = _duration_us(clinic) // 1_000_000
    played.begun_us = clinic.now_us
    clinic.do(Start())
    return played


def _shorter_us(asked: Asked, case: Case) -> int | None:
    """Return how long a session has to be until all parts were seen, None without parts behind."""
    if not asked.after:
        return None
    own_s = CONTINUOUS_S + PART_S
    if asked.own.times is not None:
        times = asked.own.times
        own_s = CYCLES_OF_PARTS[case.at_ceiling] * (times.pulsing + times.silent) // 1_000 + 1
    return (asked.before_s + own_s + asked.after_s) * 1_000_000


def _ceiling_ua(clinic: Clinic) -> int:
    treatment = clinic.engine.loop.state.setup.treatment
    assert treatment is not None
    return treatment.prescription.ceiling_ua


def _duration_us(clinic: Clinic) -> int:
    treatment = clinic.engine.loop.state.setup.treatment
    assert treatment is not None
    return treatment.prescription.duration_us


def _needed_us(asked: Asked, case: Case) -> int:
    """Return how long the level has to stand until everything that is asked for was seen.

    That is a whole contraction; a rest behind it too where one behind a rise may be longer, or
    where it is drawn. Of a sweep both ends have to be passed.
    """
    own = asked.own
    if own.times is None:
        return max(CONTINUOUS_S * 1_000_000, SWEEPS_PERCENT * (own.sweep_s or 0) * 10_000)
    cycle_ms = own.times.pulsing + own.times.silent
    if case.at_ceiling or own.times.silent <= LENGTHENED_MS:
        return (2 * cycle_ms + LENGTHENED_MS + 500) * 1_000
    return (cycle_ms + own.times.pulsing + 500) * 1_000


def _ramp_ms(asked: Asked) -> int:
    return 0 if asked.own.times is None else asked.own.times.up


class _Session:
    """A person who raises whatever is below the level, and waits."""

    def __init__(self, clinic: Clinic, played: Played) -> None:
        self._clinic, self._played = clinic, played
        self._next_us = dict.fromkeys(played.channels, 0)
        for channel in played.channels:
            played.levels[channel] = [(clinic.now_us, 0)]

    def at_level_for(self, needed_us: int, after_us: int) -> None:
        """Raise, until every channel had the level so long, behind so much of the session."""
        since_us: int | None = None
        while since_us is None or self._clinic.now_us - since_us < needed_us:
            self._tick()
            if not self._is_set or self._clinic.view.elapsed_us < after_us:
                since_us = None
            elif since_us is None:
                since_us = self._clinic.now_us

    def until_finished(self) -> None:
        """Raise wherever a rise counts, until the session ends by itself."""
        while not self._played.finished:
            self._tick()

    def on_call(self, short_ms: int) -> None:
        """Set the level by cycle, then call two contractions: one is released, one is not."""
        clinic, played = self._clinic, self._played
        while not (self._is_set and clinic.state == "Resting"):
            self._tick()
        for held_ms, released in ((short_ms, True), (BEGINS_MS, False), (0, True)):
            self._call()
            self._wait(held_ms)
            if released:
                clinic.do(Contract(pressed=False))
            played.released_us.append(clinic.now_us if released else None)
            while clinic.state != "Resting":
                self._tick(raising=False)

    def _call(self) -> None:
        """Call a contraction as soon as one is accepted."""
        while isinstance(self._clinic.ask(Contract(pressed=True)), Refused):
            self._wait(CALL_EVERY_MS)
        self._played.called_us.append(self._clinic.now_us)
        self._wait(CALL_EVERY_MS)

    def _wait(self, ms: int) -> None:
        for _ in range(ms // 10):
            self._tick(raising=False)

    @property
    def _is_set(self) -> bool:
        levels = self._played.levels.values()
        return all(each[-1][1] == self._played.level_ua for each in levels)

    def _tick(self, *, raising: bool = True) -> None:
        clinic, played = self._clinic, self._played
        clinic.tick()
        view, now_us = clinic.view, clinic.now_us
        if view.state == "Tripped" or now_us - played.begun_us > LONGEST_S * 1_000_000:
            raise NotPlayed(f"{view.state} in {view.stage}: {view.trip}")
        played.finished = view.state == "Finished"
        for each in view.channels:
            if each.level_ua != played.levels[each.channel][-1][1]:
                played.levels[each.channel].append((now_us, each.level_ua))
        if raising and view.state in {"RampUp", "Delivering"} and view.stage != "active_rest":
            for each in view.channels:
                self._raise(each.channel, each.level_ua)

    def _raise(self, channel: int, level_ua: int) -> None:
        if level_ua < self._played.level_ua and self._clinic.now_us >= self._next_us[channel]:
            self._clinic.ask(Rise(channel=channel))
            self._next_us[channel] = self._clinic.now_us + TAP_EVERY_US
