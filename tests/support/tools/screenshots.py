"""Draw every screen of the kiosk in every language and size, with an index page.

    python -m tests.support.tools.screenshots                      all, to build/screens/
    python -m tests.support.tools.screenshots --language de --only treatment
    python -m tests.support.tools.screenshots --kept               the small set in docs/screens/

The screens are the samples of `tests.support.kiosk.samples`: sample values, no engine. One window
draws all pictures of a size and theme; several of them draw at once.
"""

import argparse
import html
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from appliance.texts.languages import KNOWN, OFFERED

ROOT = Path(__file__).parents[3]
ALL, KEPT_FOLDER = ROOT / "build" / "screens", ROOT / "docs" / "screens"
MODULE = "tests.support.tools.screenshots"
SIZES = ("7-800x480", "10-1280x720", "7-720x1280")
COLOURS = 128
"""Of a picture that is kept: few enough to be small, enough for smooth letters."""


class Look(NamedTuple):
    """A size and a theme: what one window draws."""

    size: str
    theme: str

    @property
    def name(self) -> str:
        """Return what it is called in names of files."""
        return f"{self.size.partition('-')[2]}-{self.theme}"


class Picture(NamedTuple):
    """A sample in a language, and its file."""

    sample: str
    language: str
    file: Path


LOOKS = (*(Look(size, "dark") for size in SIZES), Look(SIZES[0], "light"))

KEPT: tuple[tuple[str, Look, str], ...] = (
    ("lock", LOOKS[0], "en"),
    ("home_due", LOOKS[0], "en"),
    ("choose_goal", LOOKS[0], "en"),
    ("choose_take", LOOKS[0], "en"),
    ("evidence", LOOKS[0], "en"),
    ("own_pulse", LOOKS[0], "en"),
    ("screening_answered", LOOKS[0], "en"),
    ("place_pads_2", LOOKS[0], "en"),
    ("armed_good", LOOKS[0], "en"),
    ("feeling", LOOKS[0], "en"),
    ("treatment", LOOKS[0], "en"),
    ("treatment", LOOKS[3], "en"),
    ("treatment", LOOKS[1], "en"),
    ("treatment", LOOKS[2], "en"),
    ("resting", LOOKS[0], "en"),
    ("on_call", LOOKS[0], "en"),
    ("part_work", LOOKS[0], "en"),
    ("paused_raise_back", LOOKS[0], "en"),
    ("estop_pressed", LOOKS[0], "en"),
    ("summary", LOOKS[0], "en"),
    ("treatment", LOOKS[0], "de"),
    ("treatment", LOOKS[0], "ar"),
)
"""The small set: sample, look, language; one whose language is not offered is left out."""


def main() -> int:
    """Draw what the arguments ask for."""
    # The samples import Kivy, which would read these arguments and log to the terminal.
    os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_FILELOG="1", KIVY_LOG_MODE="PYTHON")
    options = _options()
    if options.window:
        lines = [line.split("\t") for line in sys.stdin.read().splitlines()]
        pictures = [Picture(sample, language, Path(file)) for sample, language, file in lines]
        _draw(Look(*options.window), pictures, few_colours=options.kept)
        return 0
    if options.kept:
        for old in KEPT_FOLDER.glob("*.png"):
            old.unlink()
    wanted = dict(_kept() if options.kept else _all(options))
    problems = _draw_in_windows(wanted, few_colours=options.kept)
    if options.kept:
        _draw_panel(KEPT_FOLDER / "board-panel.png")
    else:
        _write_index(options.out, wanted)
        print(f"{sum(map(len, wanted.values()))} pictures; open {options.out / 'index.html'}")
    return int(problems)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=MODULE)
    parser.add_argument("--out", type=Path, default=ALL)
    parser.add_argument("--size", action="append", choices=SIZES)
    parser.add_argument("--theme", action="append", choices=("dark", "light"))
    parser.add_argument("--language", action="append", choices=tuple(KNOWN))
    parser.add_argument("--only", action="append", metavar="SAMPLE")
    parser.add_argument("--kept", action="store_true", help="the small set of the documentation")
    parser.add_argument("--window", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def _all(options: argparse.Namespace) -> Iterator[tuple[Look, list[Picture]]]:
    """Yield the pictures of each window; without a choice light is drawn in one size only."""
    from tests.support.kiosk.samples import SAMPLES

    looks = LOOKS
    if options.theme:
        looks = tuple(Look(size, theme) for size in SIZES for theme in options.theme)
    for look in looks:
        if options.size and look.size not in options.size:
            continue
        yield (
            look,
            [
                Picture(sample, language, options.out / language / look.name / f"{sample}.png")
                for language in options.language or OFFERED
                for sample in options.only or SAMPLES
            ],
        )


def _kept() -> Iterator[tuple[Look, list[Picture]]]:
    """Yield the pictures of the documentation by window."""
    for look in LOOKS:
        yield (
            look,
            [
                Picture(sample, language, KEPT_FOLDER / f"{sample}-{look.name}-{language}.png")
                for sample, of_look, language in KEPT
                if of_look == look and language in OFFERED
            ],
        )


def _draw_in_windows(wanted: dict[Look, list[Picture]], *, few_colours: bool) -> bool:
    """Draw each look in a process of its own, as many at once as there are cores."""
    waiting, failed = list(wanted), False
    running: list[subprocess.Popen[str]] = []
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            look = waiting.pop(0)
            kept = ("--kept",) if few_colours else ()
            process = subprocess.Popen(
                [sys.executable, "-m", MODULE, "--window", *look, *kept],
                env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
                stdin=subprocess.PIPE,
                text=True,
            )
            assert process.stdin is not None
            process.stdin.write("\n".join("\t".join(map(str, each)) for each in wanted[look]))
            process.stdin.close()
            running.append(process)
        failed = running.pop(0).wait() != 0 or failed
    return failed


# --- one window ----------------------------------------------------------------------------------


def _draw(look: Look, pictures: Iterable[Picture], *, few_colours: bool) -> None:
    """Draw pictures in this process's window."""
    from ui.cli.terminal.cache import cache_folder
    from ui.kiosk.app import check_window, prepare_kivy
    from ui.kiosk.locale.words import use, words_of
    from ui.kiosk.options import KioskOptions
    from ui.kiosk.theme.tokens import ThemeName, load_tokens, theme_of

    home, theme = (
        cache_folder() / "kiosk",
        theme_of(load_tokens(), look.size, ThemeName(look.theme)),
    )
    prepare_kivy(KioskOptions(Path("none"), theme, home))
    check_window()
    from tests.support.kiosk.samples import SAMPLES
    from ui.kiosk.places import view_of
    from ui.kiosk.widgets.stage import Stage
    from ui.kiosk.window import ScreenWindow

    screen, spoken = None, ""
    for sample, language, file in pictures:
        if language != spoken or screen is None:
            spoken = language
            use(words_of(KNOWN[language]))
            stage = Stage(theme, right_to_left=KNOWN[language].right_to_left, kept=home)
            if screen is None:
                screen = _shown(ScreenWindow(stage, lambda _: None))
            screen.use(stage)
        screen.present(view_of(*SAMPLES[sample]()))
        _save(file, few_colours=few_colours)


def _shown(screen: "ScreenWindow") -> "ScreenWindow":  # type: ignore[name-defined] # noqa: F821
    from kivy.clock import Clock
    from kivy.core.window import Window

    Clock._max_fps = 0  # else each picture waits for the next frame
    Window.add_widget(screen)
    return screen


def _save(file: Path, *, few_colours: bool) -> None:
    """Draw a frame and save it."""
    from kivy.clock import Clock
    from kivy.core.window import Window
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
    from PIL import Image

    for _ in range(2):  # what is drawn once into a picture comes with the second frame
        Clock.tick()
        Clock.tick_draw()
        Window.dispatch("on_draw")
    size = Window.size
    data = glReadPixels(0, 0, *size, GL_RGB, GL_UNSIGNED_BYTE)
    picture = Image.frombytes("RGB", size, bytes(data)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    file.parent.mkdir(parents=True, exist_ok=True)
    if few_colours:
        picture = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        picture.save(file, optimize=True)
    else:
        picture.save(file, compress_level=2)


def _draw_panel(file: Path) -> None:
    """Draw the panel of the virtual board with two pulses on each channel."""
    from PIL import Image

    from ui.panel.layout import Box, PanelText, view_of
    from ui.panel.oscillogram import oscillogram
    from ui.panel.picture import draw_panel, draw_scope, draw_sounds
    from ui.panel.state import Panel, Seen

    def pulses(first_us: float, peak_ua: float) -> tuple[tuple[float, float], ...]:
        steps = ((0, peak_ua), (300, 0.0), (400, -peak_ua), (700, 0.0))
        starts = (first_us, first_us + 12_500, first_us + 25_000)
        return tuple((start + at_us, ua) for start in starts for at_us, ua in steps)

    sounds = ((-5e6, 0.0), (-2.4e6, 1.0), (-2.2e6, 0.0))
    seen = Seen(
        faults={"dry-pad:2": "dry-pad:2"},
        ohms=(1_200.0, 5_400.0),
        currents=tuple(((0.0, 0.0), *pulses(first, ua)) for first, ua in ((2e3, 9e3), (8e3, 8e3))),
        sounds=sounds,
    )
    panel = Panel(
        said="pad 2A dry", note="Sign in: demo, PIN 4826; tech (service), PIN 7319"
    ).looked(seen)
    view = view_of(panel)
    shown = oscillogram(seen, view.scope)
    above = Box(view.scope.x, view.scope.y - 26, view.scope.w, 26)
    caption = PanelText(above, shown.caption, align="right")
    picture = draw_panel(view._replace(texts=(*view.texts, caption)))
    picture.paste(draw_scope(shown, view.scope[2:]), view.scope[:2])
    picture.paste(draw_sounds(seen, view.sounds[2:]), view.sounds[:2])
    small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


# --- the index -----------------------------------------------------------------------------------

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:15px sans-serif;background:#20262c;color:#eee}}a{{color:#9cf}}
figure{{display:inline-block;margin:6px}}img{{height:240px;border:1px solid #555}}
figcaption{{font-size:12px;color:#aaa}}</style>
<h1>{title}</h1><p>{links}</p>
{body}
</html>
"""


def _write_index(out: Path, wanted: dict[Look, list[Picture]]) -> None:
    """Write a page for each language, and one that leads to them."""
    languages = sorted({each.language for pictures in wanted.values() for each in pictures})
    pages = {language: f"{language}.html" for language in languages}
    links = " · ".join(
        f'<a href="{page}">{html.escape(KNOWN[language].name)}</a>'
        for language, page in pages.items()
    )
    for language, page in pages.items():
        body = "\n".join(_rows(out, wanted, language))
        title = f"Screens of the kiosk: {html.escape(KNOWN[language].name)}"
        text = PAGE.format(title=title, links=links, body=body)
        (out / page).write_text(text, encoding="utf-8")
    (out / "index.html").write_text(
        PAGE.format(title="Screens of the kiosk", links=links, body=""), encoding="utf-8"
    )


def _rows(out: Path, wanted: dict[Look, list[Picture]], language: str) -> Iterator[str]:
    by_sample: dict[str, list[tuple[Look, Path]]] = {}
    for look, pictures in wanted.items():
        for each in pictures:
            if each.language == language:
                by_sample.setdefault(each.sample, []).append((look, each.file))
    for sample, drawn in by_sample.items():
        yield f'<h2 id="{sample}">{sample}</h2>'
        for look, file in drawn:
            source = file.relative_to(out)
            yield (
                f'<figure><a href="{source}"><img loading="lazy" src="{source}" alt="{sample}"></a>'
                f"<figcaption>{look.name}</figcaption></figure>"
            )


if __name__ == "__main__":
    sys.exit(main())
