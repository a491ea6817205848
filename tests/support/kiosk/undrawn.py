"""Screens whose parts lie where they lie but draw nothing, for tests that measure.

Instructions of Kivy hold one another: to make and to collect them takes longer than all the rest
of laying out a screen.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any, Self

import kivy.graphics

ROOMS = ("ui.kiosk.widgets.", "ui.kiosk.screens.")


class Nothing:
    """An instruction, or a canvas of them, that keeps its values and draws nothing."""

    size: tuple[float, float] = (0, 0)
    pos: tuple[float, float] = (0, 0)
    texture = None

    def __init__(self, *_: Any, **values: Any) -> None:
        self.__dict__.update(values)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Draw nothing."""

    @property
    def before(self) -> Self:
        """Return what is drawn before."""
        return self

    after = before

    def add(self, drawn: "Nothing") -> None:
        """Take an instruction."""


@cache
def _instructions() -> tuple[tuple[ModuleType, str, type], ...]:
    """Return each name of an instruction of Kivy in a module of widgets."""
    rooms = [module for name, module in sys.modules.items() if name.startswith(ROOMS)]
    kinds = [kind for kind in vars(kivy.graphics).values() if isinstance(kind, type)]
    return tuple(
        (module, kind.__name__, kind)
        for module in rooms
        for kind in kinds
        if getattr(module, kind.__name__, None) is kind
    )


@contextmanager
def undrawn() -> Iterator[None]:
    """Let parts that are made meanwhile draw nothing."""
    for module, name, _ in _instructions():
        setattr(module, name, Nothing)
    try:
        yield
    finally:
        for module, name, kind in _instructions():
            setattr(module, name, kind)
