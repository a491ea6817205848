"""Text is wrapped between words and nothing is cut without a sign."""

import pytest

from appliance.texts.shaping import joined, runs_of
from ui.kiosk.theme.typesetting import Setting, draw_text, font_of, set_text, width_of

BODY = Setting(19, bold=False, line=1.3)


def test_a_text_is_wrapped_between_words() -> None:
    done = set_text("Wash and dry the skin; clip hair, never shave", BODY, 200)
    assert " ".join(done.lines) == "Wash and dry the skin; clip hair, never shave"
    assert all(width_of(line, BODY) <= 200 for line in done.lines)
    assert not done.is_broken


def test_a_word_wider_than_its_box_is_told() -> None:
    assert set_text("Stromstärkenveränderung", BODY, 60).is_broken


def test_a_line_break_of_the_text_stays() -> None:
    assert set_text("Both\ndown", BODY, 400).lines == ("Both", "down")


def test_figures_are_equally_wide() -> None:
    widths = {width_of(digit, Setting(58, bold=True)) for digit in "0123456789"}
    assert len(widths) == 1


def test_a_drawn_text_has_the_height_of_its_lines() -> None:
    done = set_text("one\ntwo", BODY, 400)
    picture = draw_text(done, BODY, "left")
    assert picture.height >= done.height
    assert picture.getbbox() is not None


@pytest.mark.parametrize(
    "text", ["Wash and dry", "المستوى 0.5 mA (القناة 1) الآن", "ضع «اللصقة» على C3–C4: 9 cm²"]
)
def test_a_line_is_measured_as_wide_as_the_letters_that_are_drawn(text: str) -> None:
    line = joined(text)
    drawn = 0.0
    for run in runs_of(line):
        drawn += font_of(BODY.px, bold=BODY.bold, name=run.font).getlength(run.text)
    assert width_of(line, BODY) == pytest.approx(drawn)
    assert set_text(text, BODY, 2_000).width == int(drawn + 2)
