"""A prescription: complete, frozen, and within every limit, or it cannot be constructed."""

import hashlib
import json
from dataclasses import asdict, dataclass

from appliance.core.prescription import limit_checks
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.refusal import Refusal
from appliance.errors import ApplianceError
from appliance.texts.english import english


class PrescriptionError(ApplianceError, ValueError):
    """A prescription breaks limits; `refusals` holds all of them, at least one."""

    code = "A110"

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__("; ".join(english(refusal.text()) for refusal in refusals))
        self.refusals = refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription(PrescriptionDraft):
    """One treatment. Construction raises `PrescriptionError` with all refusals at once."""

    def __post_init__(self) -> None:
        """Check every limit; raise `PrescriptionError` if one is broken."""
        refusals = limit_checks.refusals(self)
        if refusals:
            raise PrescriptionError(refusals)

    def canonical(self) -> bytes:
        """Return the one byte string that identifies this prescription in records.

        JSON with sorted keys and no blanks; every number is an integer. The waveform is named.
        """
        content = {**asdict(self), "form": type(self.waveform).__name__.lower()}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode()

    def digest(self) -> str:
        """Return the SHA-256 of `canonical()` in hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()
