"""The options that choose how the bedside screen looks, for every command that opens it."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from appliance.texts.languages import OFFERED

SIZES = ("800x480", "1280x720", "720x1280")
THEMES = ("dark", "light")

_Function = TypeVar("_Function", bound=Callable[..., Any])


def kiosk_look_options(command: _Function) -> _Function:
    """Add --size, --theme and --language."""
    size = click.option(
        "--size",
        type=click.Choice(SIZES),
        default=SIZES[0],
        show_default=True,
        help="Size of the display, in px.",
    )
    theme = click.option(
        "--theme",
        type=click.Choice(THEMES),
        default=THEMES[0],
        show_default=True,
        help="Dark or light.",
    )
    language = click.option(
        "--language",
        type=click.Choice(OFFERED),
        help="Language of the screen; without it that of the unit.",
    )
    return size(theme(language(command)))
