"""Memory of the kiosk after 8 h of use, on a clock that is stepped.

    python -m tests.campaigns.bench.kiosk_memory HOURS FOLDER

runs in a process of its own and prints resident KiB after each session. The link is replaced: it
brings a snapshot each 50 ms of stepped time, as the engine does, and the screen draws as often as
it would. A session is every screen of the samples (`tests.support.kiosk.samples`), then 15 min of
contractions whose levels, currents and contact change; two sessions an hour.
"""

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from msgspec.structs import replace as with_values

from tests.campaigns.bench.engine_process import resident_kb
from tests.campaigns.bench.figure import Figure, Options, Result, Row

SESSIONS_AN_HOUR, PLAYS_S = 2, 900
EACH_US, ON_US, PERIOD_US = 50_000, 6_000_000, 16_000_000
MOST_MB, GROWTH_MB = 250, 5
HOURS = 8
DRAWN_OF = 4
"""One of so many changes of numbers is drawn too; it costs most of the time and keeps nothing."""


class SteppedLink:
    """Stands in for the link: one snapshot at a time, no engine."""

    problem = ""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._newest: tuple[Any, float] | None = None

    def bring(self, snapshot: Any) -> None:
        """Bring the next snapshot, 50 ms after the last one."""
        self.now_s += EACH_US / 1e6
        self._newest = (snapshot, self.now_s)

    def newest(self) -> tuple[Any, float] | None:
        """Return the newest snapshot."""
        return self._newest

    def answers(self) -> tuple[()]:
        """Return nothing."""
        return ()

    def send(self, asked: Any) -> None:
        """Do nothing."""

    def shown(self, taken_in: Any) -> None:
        """Do nothing."""


def snapshots(seconds: int) -> Iterator[Any]:
    """Yield the snapshots of a treatment with contractions."""
    from tests.support.kiosk.samples import SAMPLES

    base = SAMPLES["treatment"]().kiosk.snapshot
    assert base is not None
    assert base.contraction is not None
    for number in range(seconds * 1_000_000 // EACH_US):
        at_us = number * EACH_US
        plays = at_us % PERIOD_US < ON_US
        contraction = _contraction(base.contraction, at_us)
        level_ua = 500 * (at_us // 4_000_000 % 100)
        channels = tuple(
            with_values(
                channel,
                level_ua=level_ua,
                measured_ua=level_ua + number * 37 % 200 if plays else None,
                contact_ohm=900 + number % 700,
            )
            for channel in base.channels
        )
        yield with_values(
            base,
            at_us=at_us,
            state_number=1_000 + 2 * contraction.number + plays,
            state="Delivering" if plays else "Resting",
            remaining_us=seconds * 1_000_000 - at_us,
            elapsed_us=at_us,
            contraction=contraction,
            channels=channels,
        )


def _contraction(base: Any, at_us: int) -> Any:
    into_us = at_us % PERIOD_US
    plays = into_us < ON_US
    return with_values(
        base,
        number=at_us // PERIOD_US + 1,
        playing=plays,
        into_us=into_us if plays else 0,
        next_on_in_us=None if plays else PERIOD_US - into_us,
        rises_in_us=0 if 1_500_000 < into_us < ON_US else None,
        rises_for_us=max(ON_US - into_us, 0),
        on_us=ON_US,
        period_us=PERIOD_US,
        ramp_up_us=1_500_000,
        ramp_down_us=750_000,
    )


def use(hours: float, folder: Path) -> None:
    """Use a kiosk and print its memory after each session."""
    from tests.support.kiosk.samples import SAMPLES
    from ui.kiosk.app import prepare_kivy
    from ui.kiosk.options import KioskOptions
    from ui.kiosk.theme.tokens import ThemeName, load_tokens, theme_of

    theme = theme_of(load_tokens(), "7-800x480", ThemeName.DARK)
    options = KioskOptions(folder / "none.sock", theme, folder)
    prepare_kivy(options)
    from kivy.clock import Clock
    from kivy.core.window import Window

    from ui.kiosk import session as session_module
    from ui.kiosk.session import KioskSession

    Clock._max_fps = 0  # it waits for no frame
    link = SteppedLink()
    session_module.time = SimpleNamespace(  # type: ignore[assignment, attr-defined]
        monotonic=lambda: link.now_s, time=time.time
    )
    session: Any = KioskSession(options)
    session._link = link
    Window.add_widget(session.build())
    samples = [make() for make in SAMPLES.values()]
    for _ in range(max(round(hours * SESSIONS_AN_HOUR), 1)):
        for sample in samples:
            session.kiosk = sample.kiosk
            session._reducer.shown = lambda kiosk, place=sample.place: place
            session._present()
            _draw(Window)
        del session._reducer.shown
        for number, snapshot in enumerate(snapshots(PLAYS_S)):
            link.bring(snapshot)
            session._attend()
            if number % (4 * DRAWN_OF) == 0:
                _draw(Window)
        print(resident_kb(), gc.get_count()[2], flush=True)


def _draw(window: Any) -> None:
    """Draw a frame; a tick of Kivy's clock gives freed pictures back to the graphics card."""
    from kivy.clock import Clock

    Clock.tick()
    Clock.tick_draw()
    window.dispatch("on_draw")
    window.dispatch("on_flip")


def run(options: Options) -> Result:
    """Use it for 8 h, accelerated."""
    scratch = Path(tempfile.mkdtemp(dir=options.place))
    began_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(options.size(HOURS, 1)), str(scratch)],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    sizes_mb = [int(line.split()[0]) / 1024 for line in done.stdout.splitlines()]
    warm = sizes_mb[min(len(sizes_mb) - 1, 2) :]
    growth_mb, most_mb = warm[-1] - warm[0], max(sizes_mb)
    row = Row(
        f"kiosk, memory after {options.size(HOURS, 1)} h of use",
        f"growth < {GROWTH_MB} MB, < {MOST_MB} MB",
        f"grew {growth_mb:.1f} MB after the second session, at most {most_mb:.0f} MB",
        growth_mb < GROWTH_MB and most_mb < MOST_MB,
        f"{MOST_MB / most_mb:.2f} x",
    )
    each = ", ".join(f"{size:.0f}" for size in sizes_mb)
    took = f"took {time.monotonic() - began_s:.0f} s"
    return Result((row,), (f"MB after each session: {each}; {took}",))


FIGURE = Figure("kiosk_memory", "flat over 8 h, < 250 MB", run)

if __name__ == "__main__":
    use(float(sys.argv[1]), Path(sys.argv[2]))
