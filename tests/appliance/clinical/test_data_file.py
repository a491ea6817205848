"""A data file beside the code that is wrong ends with a ConfigError that names file and key."""

import msgspec
import pytest

from appliance.clinical.data_file import parse_data
from appliance.errors import ConfigError


class _Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    count: int


def test_a_good_file_becomes_its_type() -> None:
    assert parse_data(b"count = 3", "numbers.toml", _Numbers) == _Numbers(3)


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"count = 3\nextra = 1", "extra"),
        (b"count = 'three'", "count"),
        (b"", "count"),
        (b"count = = 3", "line 1"),
        (b"count = 3 # \xff", "utf-8"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_key(raw: bytes, named: str) -> None:
    with pytest.raises(ConfigError, match=r"data file numbers\.toml.*" + named):
        parse_data(raw, "numbers.toml", _Numbers)
