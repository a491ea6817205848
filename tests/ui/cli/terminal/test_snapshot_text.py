"""A snapshot as JSON output: every field, whatever the link leaves out."""

import msgspec

from appliance.link.codec import decode_from_engine, encode
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName
from ui.cli.terminal.snapshot_text import as_plain

IDLE = Snapshot(
    at_us=1,
    tick=1,
    state=StateName.LOCKED,
    state_number=0,
    session=None,
    programme=None,
    rig="virtual",
    stage="rest",
    elapsed_us=0,
    remaining_us=0,
    slice_number=0,
    channels=(),
    estop_closed=True,
    hand_switch_closed=True,
    supply_good=False,
    latch_clear=False,
    drift_ppm=None,
    rail_mv=None,
)


def test_json_output_names_every_field_of_a_snapshot() -> None:
    plain = as_plain(IDLE)
    assert set(plain) == {*Snapshot.__struct_fields__, "type"}
    assert plain["type"] == "snapshot"
    assert plain["trip"] is None
    assert plain["last_session"] is None


def test_a_line_leaves_out_what_has_its_default_and_is_read_as_the_same_snapshot() -> None:
    line = encode(IDLE)
    assert not {"trip", "drill", "patient"} & set(msgspec.json.decode(line))
    assert decode_from_engine(line.strip()) == IDLE
