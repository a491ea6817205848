"""Every screen has a sample: what measures or draws all screens leaves none out."""

import pytest

from tests.support.kiosk.measured import SIZES, stage_of, texts_of
from tests.support.kiosk.samples import SAMPLES
from ui.kiosk.places import SCREENS, view_of

WITHOUT_CONTENT = 8
"""Texts of a screen without content: state, head, clock, Back, STOP."""


def test_every_screen_has_a_sample() -> None:
    assert {type(make().place) for make in SAMPLES.values()} >= set(SCREENS)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_has_the_words_of_its_texts(name: str) -> None:
    """A text without its template shows its key; one without a value shows a question mark."""
    view = view_of(*SAMPLES[name]())
    assert view.shell.head.title or name.startswith(("treat", "no_engine"))
    assert "refusal." not in str(view.content)
    assert len(list(texts_of(view, stage_of(SIZES[0])))) > WITHOUT_CONTENT
