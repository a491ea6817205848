"""Read a typed TOML file that lies beside the code; an unknown key is an error."""

import tomllib
from importlib import resources
from typing import TypeVar

import msgspec

from appliance.errors import ConfigError

_Data = TypeVar("_Data")


def read_data(package: str, file: str, kind: type[_Data]) -> _Data:
    """Return the content of a file of a package; raises `ConfigError` with file and key."""
    return parse_data((resources.files(package) / file).read_bytes(), file, kind)


def parse_data(raw: bytes, file: str, kind: type[_Data]) -> _Data:
    """Return the content of a file; raises `ConfigError` with file and key."""
    try:
        return msgspec.convert(tomllib.loads(raw.decode()), kind)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"data file {file}: {error}") from error
