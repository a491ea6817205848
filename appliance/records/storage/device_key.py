"""The key of this appliance: what it signs was written here, or by somebody who has the key.

Ed25519 (RFC 8032). The private half lies in the data folder, readable for the engine's user alone;
the public half is in the journal with everything that was signed.
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
"""A file that is longer is no key, and is not read."""


class DeviceKey:
    """The private key; made with the first incident of a data folder."""

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
    """Return the public key of a data folder, in hex; None where there is none to be read."""
    try:
        return DeviceKey(read_regular(folder / KEY_FILE, LONGEST)).public
    except (OSError, ValueError):
        return None


def is_signed(public: str, message: bytes, signature: str) -> bool:
    """Say whether the owner of a public key signed a message; false for what is no key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        return False
    return True
