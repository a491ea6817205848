"""Blocks of a column share its height; one with nothing to show yet takes none of it."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.widgets.blocks import stacked

PLACE = Rect(8, 64, 656, 400)


def test_a_column_whose_only_block_has_no_row_yet_is_drawn() -> None:
    """Hazard: the screen is gone before the page that it shows has come."""
    heading, rows = stacked(PLACE, [32.0, None], [1.0, 0.0])
    assert heading.h == 32.0
    assert rows.bottom <= PLACE.bottom


def test_what_is_left_is_shared_by_rows_and_nothing_lies_below_the_column() -> None:
    places = stacked(PLACE, [32.0, None, None], [1.0, 3.0, 1.0])
    assert places[1].h == 3 * places[2].h
    assert places[-1].bottom <= PLACE.bottom
