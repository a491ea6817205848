"""Arabic letters are joined, lines are in the order they are seen, numbers keep their order."""

import pytest

from appliance.texts.direction import isolated, runs_right_to_left
from appliance.texts.fonts import ARABIC, LATIN
from appliance.texts.shaping import joined, runs_of
from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import ThemeName, load_tokens, theme_of
from ui.kiosk.theme.typesetting import Setting, draw_text, font_of, set_text, width_of
from ui.kiosk.widgets.stage import Stage

BODY = Setting(19, bold=False, line=1.3)
FINAL_ALEF, INITIAL_BEH = "\ufe8e", "\ufe91"


def seen(text: str) -> str:
    return "".join(run.text for run in runs_of(joined(text)))


def test_letters_are_joined_and_seen_from_right_to_left() -> None:
    assert seen("با") == FINAL_ALEF + INITIAL_BEH


def test_joined_letters_are_narrower_than_letters_that_stand_alone() -> None:
    alone = sum(width_of(joined(letter), BODY) for letter in "تقلص")
    assert width_of(joined("تقلص"), BODY) < alone


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("كل لمسة 0.5 mA أو أقل", "0.5\u00a0mA"),
        ("ضع 4 لصقات، 50 × 50 mm", "50\u00a0×\u00a050\u00a0mm"),
        ("بجانب L1–L5", "L1–L5"),
        ("بقي 6:12", "6:12"),
        ("أقل من –30 s", "–30\u00a0s"),
        ("P-217 · الظهر", "P-217"),
        ("قيمة 12 mA/cm²", "12\u00a0mA/cm²"),
        ("بلا راحة · 100 /s", "100\u00a0/s"),
        ("موجة 2.5 kHz في الثانية", "2.5\u00a0kHz"),
        ("ضمن 1 m أو أقل", "1\u00a0m"),
        ("حمى 38 °C أو أكثر", "38\u00a0°C"),
    ],
)
def test_a_number_keeps_its_order_and_its_unit_behind_it(text: str, part: str) -> None:
    assert part in seen(text)


def test_what_comes_first_stands_on_the_right() -> None:
    line = seen("خفض 4 من 10")
    assert line.index("10") < line.index("4")


def test_brackets_open_towards_what_they_hold() -> None:
    assert "(L1)" in seen("الظهر (L1) هنا")


def test_each_part_of_a_line_has_the_font_with_its_letters() -> None:
    fonts = {run.font for run in runs_of(joined("لمسة 0.5 mA"))}
    assert fonts == {ARABIC, LATIN}


def test_text_without_arabic_letters_stays_as_it_is() -> None:
    assert runs_of(joined("Both down (2)"))[0].text == "Both down (2)"
    assert not runs_right_to_left("–30 s")
    assert "\u2066" in isolated("30 s")


def test_a_line_is_as_wide_as_it_is_drawn() -> None:
    for text in ("Wash and dry AVATo. Ty", "اغسل الجلد وجففه 50 mm"):
        runs = runs_of(joined(text))
        whole = sum(font_of(19, bold=False, name=run.font).getlength(run.text) for run in runs)
        assert width_of(joined(text), BODY) == pytest.approx(whole)
        assert draw_text(set_text(text, BODY, 400), BODY, "right").getbbox() is not None


def test_a_wrapped_text_begins_with_its_first_words() -> None:
    done = set_text("اغسل الجلد وجففه وقص الشعر ولا تحلقه", BODY, 120)
    assert len(done.lines) > 1
    assert " ".join(done.lines) == joined("اغسل الجلد وجففه وقص الشعر ولا تحلقه")


def test_a_source_keeps_its_order_over_lines() -> None:
    said = "تجربة (Alrwaily 2019, doi 10.1016/j.bjpt.2018.10.003, n = 30)"
    assert "Alrwaily 2019, doi 10.1016/j.bjpt.2018.10.003, n = 30" in seen(said)
    assert "2022, doi 10.5935/ 2595-0118" in seen("مراجعة (Linzmeyer 2022, doi 10.5935/ 2595-0118)")
    shown = ["".join(run.text for run in runs_of(line)) for line in set_text(said, BODY, 150).lines]
    assert any("2019, doi" in line for line in shown)
    assert shown[-1] == "(n = 30"


def test_a_wrapped_line_without_arabic_letters_shows_no_marks() -> None:
    lines = set_text("بلا ذراع وهمي هنا (PMC12641961).", BODY, 130).lines
    assert "".join(run.text for run in runs_of(lines[-1])) == ".(PMC12641961)"


def stage(*, right_to_left: bool) -> Stage:
    theme = theme_of(load_tokens(), "7-800x480", ThemeName.DARK)
    return Stage(theme, right_to_left=right_to_left)


def test_only_a_mirrored_place_is_turned_and_only_once() -> None:
    content, at = Rect(8, 64, 656, 408), Rect(8, 64, 100, 40)
    turned = stage(right_to_left=True).mirrored(content)
    assert turned.here(at) == Rect(564, 64, 100, 40)
    assert turned.mirrored(at).here(at) == turned.here(at)
    assert turned.straight().here(at) == at
    assert turned.align("left") == "right"
    assert stage(right_to_left=False).mirrored(content).here(at) == at
    assert stage(right_to_left=True).here(at) == at
