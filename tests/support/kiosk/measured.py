"""Draws a screen without pictures and finds text that does not fit; and a language for tests.

Words are set with the fonts of the screen, so that what fits here fits there. Of each language and
size every sample is drawn once: what was found is kept, the parts are not.
"""

import gettext
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from kivy.graphics.texture import Texture
from PIL import Image

from appliance.texts.catalogue import TEXTS
from appliance.texts.english import Sayer
from appliance.texts.languages import KNOWN, Language
from tests.support.kiosk.samples import SAMPLES, Sample
from tests.support.kiosk.undrawn import undrawn
from ui.kiosk.locale.words import Words as Messages
from ui.kiosk.locale.words import using
from ui.kiosk.places import view_of
from ui.kiosk.theme.tokens import ThemeName, load_tokens, theme_of
from ui.kiosk.view_models.parts import KeyLook
from ui.kiosk.widgets.key import Key
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.shell import LiveShell, frame_parts, shell_parts, stop_part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.textures import Textures
from ui.kiosk.widgets.words import Words
from ui.kiosk.window import ScreenView

SIZES = ("7-800x480", "10-1280x720", "7-720x1280")
TOKENS = load_tokens()
LONGER = 1.3
TOUCHING_PX = 1
FIELD = re.compile(r"(\{[^{}]*\}|\n)")
ACCENTS = str.maketrans("aeioucnsyz", "áëîöüçñšýž")
VOWELS = "áëîöü"


class NoPictures(Textures):
    """Every picture is the same dot: only where things lie is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._dot = Texture.create(size=(1, 1))

    def _kept_or_made(self, key: object, make: Callable[[], bytes | Image.Image]) -> Texture:
        return self._dot

    def picture(self, png: Callable[[], bytes]) -> Texture:
        return self._dot


class Cut(NamedTuple):
    """A text that does not fit, and the px of its place."""

    text: str
    size: tuple[int, int]


@cache
def stage_of(size: str, *, right_to_left: bool = False) -> Stage:
    """Return a stage without pictures."""
    theme = theme_of(TOKENS, size, ThemeName.DARK)
    return Stage(theme, right_to_left=right_to_left, textures=NoPictures())


def view_in(code: str, sample: Sample) -> ScreenView:
    """Return a screen as it is in a language, which `using` has to have chosen."""
    return view_of(sample.place, replace(sample.kiosk, language=code))


def parts_of(view: ScreenView, stage: Stage) -> tuple[Part, ...]:
    """Return every part of a screen, laid out but not drawn."""
    with undrawn():
        still, live = Layer(), Layer()
        for part in shell_parts(stage, view.shell):
            still.add_widget(part)
        view.build(stage, view.content, still, live)
        LiveShell(stage, view.shell, live)
        for part in (*frame_parts(stage, view.shell.output.frame), stop_part(stage, view.shell)):
            still.add_widget(part)
        return (*still.walk(), *live.walk())


class Measured(NamedTuple):
    """What was found on one screen: its texts, those that do not fit, and those over others."""

    texts: frozenset[str]
    cut: tuple[Cut, ...]
    over: tuple[str, ...]


@cache
def measured(code: str, size: str) -> Mapping[str, Measured]:
    """Return what is found on every screen in a language, by the name of the sample."""
    stage = stage_of(size, right_to_left=KNOWN[code].right_to_left)
    with using(code):
        return {name: _measured(view_in(code, make()), stage) for name, make in SAMPLES.items()}


def _measured(view: ScreenView, stage: Stage) -> Measured:
    parts = parts_of(view, stage)
    return Measured(
        frozenset(part.text for part in parts if isinstance(part, Words) and part.text),
        tuple(cut_texts(parts)),
        () if stage_is_covered(view) else tuple(overlaps(parts)),
    )


def cut_texts(parts: Iterable[Part]) -> Iterator[Cut]:
    """Yield every text that is wider or higher than its place."""
    for part in parts:
        if isinstance(part, Words) and part.is_cut:
            yield Cut(part.text, (int(part.width), int(part.height)))


def stage_is_covered(view: ScreenView) -> bool:
    """Return whether discs of the help lie on what they are about."""
    help_key = view.shell.head.help
    return help_key is not None and help_key.look is KeyLook.CHOSEN


def overlaps(parts: Iterable[Part]) -> Iterator[str]:
    """Yield every two texts whose letters lie over one another."""
    texts = [part for part in parts if isinstance(part, Words) and part.text]
    placed = sorted(((text.letters(), text) for text in texts), key=lambda one: one[0][1])
    for at, ((left, _, right, top), text) in enumerate(placed):
        for (other_left, bottom, other_right, other_top), other in placed[at + 1 :]:
            down = min(top, other_top) - bottom
            if bottom >= top - TOUCHING_PX:
                break
            across = min(right, other_right) - max(left, other_left)
            if across > TOUCHING_PX and down > TOUCHING_PX:
                yield f"{text.text!r} and {other.text!r} by {across:.0f} x {down:.0f} px"


def texts_of(view: ScreenView, stage: Stage) -> Iterator[str]:
    """Yield every text that is drawn."""
    for part in parts_of(view, stage):
        if isinstance(part, Words) and part.text:
            yield part.text


def keys_of(view: ScreenView, stage: Stage) -> Iterator[Key]:
    """Yield every key."""
    for part in parts_of(view, stage):
        if isinstance(part, Key):
            yield part


def longer(text: str) -> str:
    """Return a text with accents and words 30 % longer; what is filled in stays."""
    return "".join(
        part if FIELD.fullmatch(part) else re.sub(r"[A-Za-z]+", _longer_word, part)
        for part in FIELD.split(text)
    )


def _longer_word(found: re.Match[str]) -> str:
    word = found[0]
    if len(word) <= 2 or (word[1:] != word[1:].lower() and not word.isupper()):
        return word
    more = round(len(word) * LONGER) - len(word)
    if word.isupper():
        return word + "EO"[0] * more
    return word.translate(ACCENTS) + "".join(VOWELS[number % 5] for number in range(more))


class LongerMessages(gettext.NullTranslations):
    """Messages 30 % longer than English."""

    def gettext(self, message: str) -> str:
        return longer(message)

    def pgettext(self, context: str, message: str) -> str:
        return longer(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return longer(msgid1 if n == 1 else msgid2)


def longer_language() -> Messages:
    """Return a language that no one speaks: English with accents, 30 % longer."""
    language = Language("xx", "Longer")

    def template_of(key: str) -> str | None:
        return longer(TEXTS[key]) if key in TEXTS else None

    return Messages(language, LongerMessages(), Sayer(language, template_of).say)
