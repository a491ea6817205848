"""The screen of the sheet for the patient: its language, one request at a time, what was done."""

from dataclasses import replace

from appliance.messages.replies import Reply
from appliance.messages.sheets import ExportSheet, MakeSheet
from tests.support.kiosk.samples.sample import awaiting
from tests.support.kiosk.sessions import SESSION, WHOSE, kiosk, series
from ui.kiosk.journey.history import Summary
from ui.kiosk.journey.place import Next, Send
from ui.kiosk.journey.sheet import KEEP, WRITE, PatientSheet
from ui.kiosk.view_models.blocks import Card, FormView, Keys
from ui.kiosk.view_models.sheet import patient_sheet_view
from ui.kiosk.view_models.summary import summary_view

PLACE = PatientSheet(whose=WHOSE, session=SESSION)
REPLY = Reply(request=1, tick=1)


def keys(view: FormView) -> dict[str, str]:
    found = [
        key
        for column in view.columns
        for block in column.blocks
        if isinstance(block, Keys)
        for key in block.keys
    ]
    return {key.text: key.action for key in found}


def words(view: FormView) -> str:
    return " ".join(
        block.text for column in view.columns for block in column.blocks if isinstance(block, Card)
    )


def test_one_touch_writes_the_sheet_in_the_language_shown() -> None:
    at = kiosk(PLACE)
    shown = keys(patient_sheet_view(PLACE, at))
    following = PLACE.touched(shown["To USB stick"], at)
    assert following.effects == (Send(ExportSheet(session=SESSION, language="en"), WRITE),)
    kept = PLACE.touched(shown["Keep only"], at)
    assert kept.effects == (Send(MakeSheet(session=SESSION, language="en"), KEEP),)


def test_another_language_is_asked_for_and_forgets_what_was_done() -> None:
    chosen = replace(PLACE, done=WRITE).touched("language:de", kiosk(PLACE)).place
    assert chosen == replace(PLACE, language="de")


def test_nothing_is_asked_for_while_a_sheet_is_made() -> None:
    at = replace(kiosk(PLACE), awaited=awaiting(PLACE, WRITE))
    assert all(
        PLACE.touched(action, at) == Next() for action in ("write:en", "keep:en", "language:de")
    )
    assert not keys(patient_sheet_view(PLACE, at))["To USB stick"]
    assert "being made" in words(patient_sheet_view(PLACE, at))


def test_the_screen_says_what_was_done() -> None:
    at = kiosk(PLACE)
    for tag, said in ((WRITE, "read back"), (KEEP, "Kept")):
        place = replace(PLACE, asked=True).answered(tag, REPLY, at).place
        assert isinstance(place, PatientSheet)
        assert said in words(patient_sheet_view(place, at))
    assert replace(PLACE, asked=True).answered(WRITE, None, at).place == PLACE


def test_the_answer_about_another_session_is_not_taken_for_this_one() -> None:
    at = kiosk(PLACE)
    asking = PLACE.touched("write:en", at).place
    assert isinstance(asking, PatientSheet)
    other = replace(PLACE, session="S-2026-0099")
    assert other.answered(WRITE, REPLY, at) == Next()
    assert asking.answered(WRITE, REPLY, at).place == replace(PLACE, done=WRITE)


def test_a_session_that_is_open_or_of_nobody_has_no_sheet() -> None:
    place = Summary(whose=WHOSE, session=SESSION)
    rail = [key.action for key in summary_view(place, kiosk(place)).rail]
    assert "sheet" in rail
    assert place.touched("sheet", kiosk(place)).place == replace(PLACE, came_from=place)
    still_open = kiosk(place, **{f"series_of_{SESSION}": series(outcome=None)})
    assert "sheet" not in [key.action for key in summary_view(place, still_open).rail]
