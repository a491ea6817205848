"""Sampling of GPIO 0 to 31 and the alert thread: reports, watchdogs, filters, events.

On a Pi the sampling DMA reads the pins every few microseconds, and the thread reads the samples
about every millisecond. Here a change is recorded for the next sampling time (a pulse between two
sampling times vanishes), and the thread runs only when it would find something to do.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from drivers.virtual.pigpiod.codes import MAX_USER_GPIO, WORD_MASK, Cmd, Err, Handler, word
from drivers.virtual.pigpiod.filters import FilterWindow, GlitchFilter, NoiseFilter, Sample
from drivers.virtual.pigpiod.notification_handles import ReportBatch, Reports
from drivers.virtual.pigpiod.process_signals import Lifetime
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Event, Timeline

BATCH_US = 1_000
"""The thread sleeps 0.9 ms between two runs; with its own work about a millisecond."""
BUFFER_US = 120_000
"""Samples older than this are overwritten while the thread does not run (pigpiod -b)."""
LATE_US = 3_000
"""How old a change may be and still be reported for a newly monitored GPIO: on a Pi the thread has
often not run yet. Clients rely on it (set a pull-up, then request a callback)."""
MAX_BATCH = 250
MAX_WATCHDOG_MS = 60_000
MAX_STEADY_US, MAX_ACTIVE_US = 300_000, 1_000_000
LEVEL_TIMEOUT = 2
"""What a level function receives instead of a level when its watchdog fires."""

LevelFunction = Callable[[int, int, int], None]
"""Called with GPIO, level and tick."""


@dataclass(slots=True)
class Watchdog:
    """Fires each time its GPIO has not changed for another `timeout_us`."""

    timeout_us: int
    since_us: int


class Alerts:
    """Turns pin changes into batches of samples for `reports`, scripts and level functions."""

    def __init__(
        self, timeline: Timeline, pins: PinBank, life: Lifetime, sample_us: int, tick_us: int
    ) -> None:
        self.on_batch: Callable[[int, int], None] | None = None
        self.reports = Reports(self._now_us, self.reconsider)
        self._timeline = timeline
        self._pins = pins
        self._life = life
        self._step_us = sample_us
        self._step_ns = sample_us * 1_000
        self._tick_us = tick_us
        self._monitor = 0
        self._seen = 0
        self._script_bits = 0
        self._functions: dict[int, LevelFunction] = {}
        self._function_bits = 0
        self._watchdogs: dict[int, Watchdog] = {}
        self._watched = 0
        self._glitch: dict[int, GlitchFilter] = {}
        self._noise: dict[int, NoiseFilter] = {}
        self._recent: deque[tuple[int, int, int]] = deque(maxlen=64)
        self._samples: list[Sample] = []
        self._before = 0
        self._done_us = 0
        self._event: Event | None = None
        self._wake_us: int | None = None
        self._events = 0
        pins.subscribe(WORD_MASK, self._changed)

    def commands(self) -> dict[int, Handler]:
        """Return the handlers by command number."""
        return self.reports.commands() | {
            Cmd.WDOG: self._set_watchdog,
            Cmd.FG: self._set_glitch_filter,
            Cmd.FN: self._set_noise_filter,
            Cmd.EVT: self._trigger_event,
            Cmd.TICK: lambda *_: self.tick(),
        }

    def tick(self) -> int:
        """The system timer as the daemon reports it: microseconds modulo 2**32."""
        return self._timeline.now_us + self._tick_us & WORD_MASK

    def set_script_bits(self, bits: int) -> None:
        """Set which GPIO scripts wait for (intScriptBits)."""
        self._script_bits = bits
        self.reconsider()

    def set_function(self, gpio: int, function: LevelFunction | None) -> None:
        """Call `function` for each reported change and each watchdog of a GPIO; None ends that."""
        self._functions.pop(gpio, None)
        if function is not None:
            self._functions[gpio] = function
        self._function_bits = sum(1 << number for number in self._functions)
        self.reconsider()

    def watch(self, gpio: int, timeout_ms: int) -> None:
        """Set the watchdog of a GPIO; 0 removes it."""
        self._watchdogs.pop(gpio, None)
        if timeout_ms:
            self._watchdogs[gpio] = Watchdog(timeout_ms * 1_000, self._now_us())
        self.reconsider()

    def end(self) -> None:
        """Stop for good: the process was killed."""
        self._timeline.cancel(self._event)
        self._monitor = 0

    def reconsider(self) -> None:
        """Run the thread soon: what is monitored, or a handle, has changed."""
        monitor = self.reports.bits | self._script_bits | self._function_bits
        added, self._monitor = monitor & ~self._monitor, monitor
        if added:
            self._look_back(added)
        self._wake_after(self._now_us())

    def _now_us(self) -> int:
        return self._timeline.now_ns // 1_000

    def _changed(self, changed: int, levels: int) -> None:
        """Record a pin change for the next sampling time."""
        now_ns = self._timeline.now_ns
        self._recent.append((now_ns, changed, levels))
        if changed & self._monitor:
            self._sample(now_ns, changed, levels)

    def _look_back(self, bits: int) -> None:
        """Add recent changes of `bits` that the thread would have found, had it been running."""
        since_ns = self._timeline.now_ns - LATE_US * 1_000
        late = [entry for entry in self._recent if entry[0] >= since_ns and entry[1] & bits]
        if late and not self._samples:
            for entry in late:
                self._sample(*entry)

    def _sample(self, now_ns: int, changed: int, levels: int) -> None:
        at_us = -(-now_ns // self._step_ns) * self._step_us
        samples = self._samples
        if not samples:
            self._before = (levels ^ changed) & WORD_MASK
        elif samples[-1][0] == at_us:
            samples.pop()
        samples.append((at_us, levels & WORD_MASK))
        wake_us = self._wake_us
        if wake_us is None or wake_us > at_us + BATCH_US:
            self._wake_after(at_us)
        elif len(samples) > BUFFER_US // self._step_us:
            del samples[: len(samples) // 2]

    def _wake_after(self, at_us: int) -> None:
        """Schedule the thread's run for just after the sample at `at_us`."""
        if not self._life.alive:
            return
        wake_us = (at_us // BATCH_US + 1) * BATCH_US
        if self._wake_us is None or wake_us < self._wake_us:
            self._timeline.cancel(self._event)
            self._wake_us = wake_us
            self._event = self._timeline.at(wake_us * 1_000, self._wake)

    def _wake(self) -> None:
        """Run the alert thread once (pthAlertThread)."""
        if not self._life.alive:
            return
        if self._life.stalled:
            self._life.held.append(self._wake)
            return
        self._wake_us = self._event = None
        now_us = self._now_us()
        samples = [sample for sample in self._samples if sample[0] >= now_us - BUFFER_US]
        before = self._before if self._samples else self._pins.levels & WORD_MASK
        self._samples = []
        first_us = max(self._done_us, now_us - BATCH_US)
        self._done_us = now_us
        window = FilterWindow(
            min([first_us, *(at for at, _ in samples[:1])]), now_us, self._step_us
        )
        before, samples = self._filter(before, samples, window)
        self._emit(before, samples, window)
        self._wake_for_next()

    def _filter(
        self, before: int, samples: list[Sample], window: FilterWindow
    ) -> tuple[int, list[Sample]]:
        for filters in (self._glitch, self._noise):
            for gpio, edge_filter in filters.items():
                if self._monitor >> gpio & 1:
                    before, samples = edge_filter.apply(before, samples, window)
        return before, samples

    def _emit(self, before: int, samples: list[Sample], window: FilterWindow) -> None:
        """Keep the samples that differ in a monitored GPIO and pass them on in batches."""
        monitor = self._monitor
        seen = self._seen & monitor
        kept: list[Sample] = []
        changed = 0
        # A GPIO that is high and monitored only since the last run counts as changed: WAIT on it
        # returns.
        for sample in [(window.first_us, before), *samples]:
            level = sample[1] & monitor
            if level != seen:
                changed |= level ^ seen
                seen = level
                kept.append(sample)
                if len(kept) >= MAX_BATCH:
                    self._hand_on(before, kept, changed, sample[0])
                    before, kept, changed = sample[1], [], 0
        self._seen = seen
        last = samples[-1][1] if samples else before
        self._hand_on(before, kept, changed, window.end_us, last)

    def _hand_on(
        self, before: int, kept: list[Sample], changed: int, at_us: int, last: int | None = None
    ) -> None:
        events, self._events = self._events, 0
        self._rearm(kept)
        ticks = [(tick_us + self._tick_us & WORD_MASK, level) for tick_us, level in kept]
        if changed & self._function_bits:
            self._call_functions(before, ticks)
        timeouts = self._timeouts(at_us)
        level = kept[-1][1] if kept else before if last is None else last
        batch = ReportBatch(before, ticks, changed, timeouts, events, at_us, level)
        self.reports.emit(batch, at_us + self._tick_us & WORD_MASK)
        changed &= self._script_bits
        if self.on_batch is not None and (changed or events):
            self.on_batch(changed, events)

    def _rearm(self, kept: list[Sample]) -> None:
        for gpio, watchdog in self._watchdogs.items():
            if self._monitor >> gpio & 1:
                for at_us, level in kept:
                    # Low at first, whatever the level when the watchdog was set (wdLBitV).
                    if (level ^ self._watched) >> gpio & 1:
                        self._watched ^= 1 << gpio
                        watchdog.since_us = at_us

    def _call_functions(self, before: int, ticks: list[Sample]) -> None:
        level = before & self._function_bits
        for tick, levels in ticks:
            changes = (levels & self._function_bits) ^ level
            level ^= changes
            for gpio, function in list(self._functions.items()):
                if changes >> gpio & 1:
                    function(gpio, level >> gpio & 1, tick)

    def _timeouts(self, at_us: int) -> int:
        fired = 0
        for gpio, watchdog in list(self._watchdogs.items()):
            if at_us - watchdog.since_us >= watchdog.timeout_us:
                fired |= 1 << gpio
                watchdog.since_us = at_us
                if gpio in self._functions:
                    self._functions[gpio](gpio, LEVEL_TIMEOUT, at_us + self._tick_us & WORD_MASK)
        return fired

    def _wake_for_next(self) -> None:
        """Schedule the next run for the first thing due without a pin change."""
        due = [watchdog.since_us + watchdog.timeout_us - 1 for watchdog in self._watchdogs.values()]
        due += [at for at in (self.reports.keepalive_due_us(),) if at is not None]
        for filters in (self._glitch, self._noise):
            due += [
                at for edge_filter in filters.values() if (at := edge_filter.due_us()) is not None
            ]
        if due:
            self._wake_after(max(min(due), self._now_us()))

    def _set_watchdog(self, gpio: int, timeout_ms: int, _: bytes) -> int:
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        if timeout_ms > MAX_WATCHDOG_MS:
            return Err.BAD_WDOG_TIMEOUT
        self.watch(gpio, timeout_ms)
        return 0

    def _set_glitch_filter(self, gpio: int, steady_us: int, _: bytes) -> int:
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        if steady_us > MAX_STEADY_US:
            return Err.BAD_FILTER
        self._glitch.pop(gpio, None)
        if steady_us:
            self._glitch[gpio] = GlitchFilter(gpio, steady_us)
        self.reconsider()
        return 0

    def _set_noise_filter(self, gpio: int, steady_us: int, extension: bytes) -> int:
        active_us = word(extension, 0)
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        if steady_us > MAX_STEADY_US or active_us > MAX_ACTIVE_US:
            return Err.BAD_FILTER
        self._noise.pop(gpio, None)
        if steady_us:
            self._noise[gpio] = NoiseFilter(gpio, steady_us, active_us, self._now_us())
        self.reconsider()
        return 0

    def _trigger_event(self, event: int, _: int, __: bytes) -> int:
        if event > MAX_USER_GPIO:
            return Err.BAD_EVENT_ID
        self._events |= 1 << event
        self.reconsider()
        return 0
