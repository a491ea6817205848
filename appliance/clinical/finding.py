"""What a judgement of the clinical core finds: a value with a consequence and texts."""

from dataclasses import dataclass
from enum import StrEnum

from appliance.clinical.fact import FactTime
from appliance.core.refusal import Refusal
from appliance.texts.text import Text, TextValue


class Consequence(StrEnum):
    """What a finding means for a start."""

    STOP = "stop"
    """No treatment as asked; a reason does not change it."""
    ASK = "ask"
    """An answer is missing or no longer valid; no treatment until it is given."""
    CONFIRM = "confirm"
    """No treatment until a clinician gives a reason."""
    NOTE = "note"
    """To be shown; treatment is allowed."""

    @property
    def blocks(self) -> bool:
        """Return whether treatment waits for this finding."""
        return self is not Consequence.NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a judgement found.

    `rule` is the key of the rule's name, `item` a stable name of what was judged (a question, a
    site, a material), `found` what was found, `allowed` what the rule accepts and `nearest` what
    would be accepted with everything else as it is. `since` is the time of the fact behind it,
    `from_utc_us` the time from which it would be accepted, where only time has to pass.
    `answered_by` is the event of the fact that answers it, "" where none does by itself.
    """

    consequence: Consequence
    rule: str
    item: str
    found: TextValue
    allowed: TextValue
    nearest: TextValue
    since: FactTime | None = None
    from_utc_us: int | None = None
    answered_by: str = ""

    def refusal(self) -> Refusal:
        """Return the finding as a refusal."""
        return Refusal(self.rule, self.found, self.allowed, self.nearest)

    def text(self) -> Text:
        """Return one line for a screen, the journal or a terminal."""
        return self.refusal().text()


def refusal_of(findings: tuple[Finding, ...]) -> Refusal | None:
    """Return the first finding that blocks as a refusal, None if none does."""
    return next((finding.refusal() for finding in findings if finding.consequence.blocks), None)
