"""A session in a few hundred points, whatever its length."""

from pathlib import Path

import pytest

from appliance.records.journal.journal import Measurement
from appliance.records.session_series import MOST_POINTS, read_series
from appliance.records.storage.store import open_read_only
from tests.appliance.records.conftest import Opener

pytestmark = pytest.mark.proves_none


def test_an_hour_is_told_in_no_more_points_than_a_screen_has(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal()
    session = journal.new_session_id()
    for second in range(3_600):
        journal.measure(_measured(session, second))
    journal.close()
    with open_read_only(tmp_path) as db:
        (series,) = read_series(db, session)
    assert MOST_POINTS - 30 < len(series.set_ua) <= MOST_POINTS
    assert max(filter(None, series.measured_ua)) == 9_000
    assert series.contact_ohm[10] is None
    assert series.contact_ohm[-1] == 1_000


def _measured(session: str, second: int) -> Measurement:
    return Measurement(
        session=session,
        channel=1,
        elapsed_us=second * 1_000_000,
        state="Delivering",
        slice_number=second,
        level_ua=8_000,
        amplitude_ua=8_000,
        measured_ua=9_000 if second == 1_234 else 7_900,
        voltage_mv=None,
        contact_ohm=None if second < 600 else 1_000,
        pulses=0,
        charge_pc=0,
        rms_ua=0,
    )
