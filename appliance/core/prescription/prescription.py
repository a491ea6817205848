"""A prescription: complete, frozen, and within every limit, or it cannot be constructed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from appliance.core.prescription import limit_checks
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.waveform import Part
from appliance.core.refusal import Refusal
from appliance.errors import ApplianceError
from appliance.texts.english import english

FORMAT_OF_PARTS = 2
"""Of a recorded prescription with a list of parts; one without a format is one train."""
OF_ONE_TRAIN = ("waveform", "period_us", "burst", "sweep", "on_off")
"""What a prescription of one train has of its part."""


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

    def content(self) -> dict[str, Any]:
        """Return every value by name, as records keep it.

        A single part that is nothing but a train has its values beside those of the prescription,
        as records have had them since the first; several parts are a list, which `format` names.
        """
        values = asdict(self)
        parts = values.pop("parts")
        if not self._is_one_train:
            return {**values, "format": FORMAT_OF_PARTS, "parts": parts}
        return {**values, **{name: parts[0][name] for name in OF_ONE_TRAIN}}

    def canonical(self) -> bytes:
        """Return the one byte string that identifies this prescription in records.

        JSON with sorted keys and no blanks; every number is an integer. Each waveform is named.
        """
        content = self.content()
        forms = [type(part.waveform).__name__.lower() for part in self.parts]
        if self._is_one_train:
            content["form"] = forms[0]
        else:
            content["forms"] = forms
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode()

    def digest(self) -> str:
        """Return the SHA-256 of `canonical()` in hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()

    @property
    def _is_one_train(self) -> bool:
        """Say whether there is one part, with nothing that only parts have."""
        first = self.parts[0]
        plain = Part(**{name: getattr(first, name) for name in OF_ONE_TRAIN})
        return self.parts == (plain,)


def recorded_parts(content: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Return the parts of a recorded prescription; one without a list of parts is one part."""
    parts = content.get("parts")
    if parts is None:
        return (content,) if content.get("waveform") else ()
    return tuple(parts)
