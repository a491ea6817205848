"""A snapshot as JSON output: every field, whatever the link leaves out."""

import msgspec

from appliance.link.codec import decode_from_engine, encode
from appliance.messages.snapshot import Snapshot
from tests.support.snapshots import AT_REST
from ui.cli.terminal.snapshot_text import as_plain


def test_json_output_names_every_field_of_a_snapshot() -> None:
    plain = as_plain(AT_REST)
    assert set(plain) == {*Snapshot.__struct_fields__, "type"}
    assert plain["type"] == "snapshot"
    assert plain["trip"] is None
    assert plain["last_session"] is None
    assert plain["latches"] == []


def test_a_line_leaves_out_what_has_its_default_and_is_read_as_the_same_snapshot() -> None:
    line = encode(AT_REST)
    assert not {"trip", "drill", "patient"} & set(msgspec.json.decode(line))
    assert decode_from_engine(line.strip()) == AT_REST
