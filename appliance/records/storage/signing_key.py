"""The signing key of this appliance: a signature shows that the owner of the key wrote a file.

Ed25519 (RFC 8032). The private key is in the data folder, readable only for the engine's user; the
public key is in the journal with every signed file.
"""

import os
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from appliance.errors import JournalError
from appliance.records.storage.atomic_files import write_whole
from drivers.host.regular_files import read_regular

KEY_FILE = "device.key"
KEY_BYTES = 32
LONGEST = 4_096
"""Limit of the key file in bytes; a longer file is not read."""


class DeviceKey:
    """The private key of a data folder, made with its first incident."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Read the key of a data folder, or make it; raises `JournalError`."""
        path = folder / KEY_FILE
        try:
            seed = read_regular(path, LONGEST)
        except FileNotFoundError:
            seed = os.urandom(KEY_BYTES)
            write_whole(path, seed)
        except OSError as error:
            raise JournalError(f"{path} cannot be read: {error.strerror}") from error
        if len(seed) != KEY_BYTES:
            raise JournalError(
                f"{path} holds {len(seed)} bytes, not {KEY_BYTES}: restore it from a backup, or "
                "move it away to begin with a new key"
            )
        return cls(seed)

    @property
    def public(self) -> str:
        """Return the public key, in hex."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """Return the signature of a message, in hex."""
        return self._key.sign(message).hex()


def public_key_of(folder: Path) -> str | None:
    """Return the public key of a data folder, in hex; None if it cannot be read."""
    try:
        return DeviceKey(read_regular(folder / KEY_FILE, LONGEST)).public
    except (OSError, ValueError):
        return None


def is_signed(public: str, message: bytes, signature: str) -> bool:
    """Say whether the owner of a public key signed a message; False if it is no key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        return False
    return True
