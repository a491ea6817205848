"""The sheet as a page: one page where it fits, whom to call on the first, the same bytes."""

import pytest

from appliance.clinical.exercises.exercise_list import load_exercises
from appliance.sheet.content import Block, Home, SheetContent
from appliance.sheet.drawing import draw_sheet
from appliance.texts import fonts
from appliance.texts.english import english
from appliance.texts.languages import ENGLISH, KNOWN
from appliance.texts.text import Text, text

pytestmark = pytest.mark.proves_none


def content(exercises: int, telephone: str = "") -> SheetContent:
    home = tuple(
        Home(
            title=each.title,
            dose=each.dose(2, 8, 5),
            steps=(Text(each.start), *each.step_texts),
            stop=tuple(map(Text, each.stop)),
        )
        for each in list(load_exercises().values())[:exercises]
    )
    skin = (text("sheet.skin_call"), text("sheet.skin_care"))
    return SheetContent(
        session="0001-001",
        clinic="Physio Am Markt",
        telephone=telephone,
        alias="KT8",
        day=None,
        facts=((text("sheet.time"), text("sheet.minutes", minutes=10)),),
        blocks=(Block(text("sheet.skin"), skin, warns=True),) * 3,
        home=home,
        advice=(),
    )


def pages(sheet: bytes) -> int:
    return sheet.count(b"/Type /Page") - sheet.count(b"/Type /Pages")


@pytest.mark.parametrize(("exercises", "count"), [(0, 1), (3, 1), (9, 2)])
def test_a_sheet_is_one_page_unless_that_would_leave_something_out(
    exercises: int, count: int
) -> None:
    assert pages(draw_sheet(content(exercises), english, ENGLISH)) == count


def test_the_same_content_gives_the_same_bytes() -> None:
    sheets = {draw_sheet(content(1), english, ENGLISH) for _ in range(2)}
    assert len(sheets) == 1


def test_a_sheet_from_right_to_left_has_both_fonts() -> None:
    arabic = "العضلات 2"
    sheet = draw_sheet(content(0), lambda _: arabic, KNOWN["ar"])
    assert sheet.count(b"/FontDescriptor") > draw_sheet(content(0), english, ENGLISH).count(
        b"/FontDescriptor"
    )


@pytest.mark.parametrize("code", ["en", "ar"])
def test_the_number_of_the_clinic_stands_where_a_line_is_without_one(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fpdf = pytest.importorskip("fpdf").FPDF
    drawn: list[str] = []
    written, ruled = fpdf.text, fpdf.line

    def text_at(pdf: object, x: float, y: float, said: str) -> None:
        drawn.append(said)
        written(pdf, x, y, said)

    def line_at(pdf: object, *ends: float) -> None:
        drawn.append("line")
        ruled(pdf, *ends)

    monkeypatch.setattr(fpdf, "text", text_at)
    monkeypatch.setattr(fpdf, "line", line_at)
    draw_sheet(content(0), english, KNOWN[code])
    assert "line" in drawn
    drawn.clear()
    draw_sheet(content(0, "+49 (0)30 12-34"), english, KNOWN[code])
    assert "+49 (0)30 12-34" in drawn
    assert "line" not in drawn


def test_a_missing_font_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDER", fonts.FOLDER / "nowhere")
    with pytest.raises(fonts.FontsMissing, match="fonts-noto-core"):
        draw_sheet(content(0), english, ENGLISH)
