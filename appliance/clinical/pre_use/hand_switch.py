"""The patient's hand switch, squeezed once before a session: seen open, then closed again. Pure.

It is squeezed while output and supply are off, where opening it stops nothing: an open switch would
trip an armed unit. Who cannot squeeze is treated for a reason, and is not left.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from appliance.clinical.fact import Fact, FactTime, same_day
from appliance.clinical.pre_use.facts import SqueezeWaived
from appliance.core.refusal import Refusal
from appliance.texts.text import Text, text

STEADY_US = 50_000  # (D)
"""How long a reading stays before it counts: a contact that bounces is no squeeze."""
SQUEEZE_US = 10_000_000  # (D)
"""What is open for longer is unplugged, not squeezed."""
PROVEN_FOR_US = 600_000_000  # (D)
RULE = "refusal.hand_switch"


class SwitchStep(StrEnum):
    """What the hand switch waits for."""

    CLOSE = "close"
    """It reads open and nobody was asked to squeeze: plugged in, let go."""
    SQUEEZE = "squeeze"
    RELEASE = "release"
    PROVEN = "proven"
    WAIVED = "waived"
    """The patient cannot squeeze."""


@dataclass(frozen=True, slots=True)
class HandSwitchProof:
    """What was seen of the switch with output and supply off; times of the engine's clock in µs.

    `closed` is the last reading and `since_us` since when it reads so. `opened_us` and `closed_us`
    are when the last squeeze began and ended; they mean something in RELEASE and PROVEN only.
    """

    step: SwitchStep = SwitchStep.CLOSE
    closed: bool | None = None
    since_us: int = 0
    opened_us: int = 0
    closed_us: int = 0

    def seen(self, now_us: int, *, closed: bool | None) -> "HandSwitchProof":
        """Return the proof after a reading; one that could not be taken (None) begins again."""
        if closed is None:
            return HandSwitchProof()
        proof = self if closed is self.closed else replace(self, closed=closed, since_us=now_us)
        if proof.step is SwitchStep.RELEASE and now_us - proof.opened_us > SQUEEZE_US:
            proof = replace(proof, step=SwitchStep.CLOSE)
        elif proof.step is SwitchStep.PROVEN and closed and not proof.holds(now_us):
            proof = replace(proof, step=SwitchStep.SQUEEZE)
        return _settled(proof) if now_us - proof.since_us >= STEADY_US else proof

    def holds(self, now_us: int) -> bool:
        """Return whether the switch was squeezed within the last 10 min and reads closed."""
        young = now_us - self.closed_us < PROVEN_FOR_US
        return self.step is SwitchStep.PROVEN and self.closed is True and young

    def valid_for_us(self, now_us: int) -> int | None:
        """Return how long the proof holds yet, in µs; None without one."""
        return self.closed_us + PROVEN_FOR_US - now_us if self.holds(now_us) else None


def _settled(proof: HandSwitchProof) -> HandSwitchProof:
    """Return the proof after a reading that has stayed."""
    match proof.step, proof.closed:
        case SwitchStep.CLOSE, True:
            return replace(proof, step=SwitchStep.SQUEEZE)
        case ((SwitchStep.SQUEEZE | SwitchStep.PROVEN), False):
            return replace(proof, step=SwitchStep.RELEASE, opened_us=proof.since_us)
        case SwitchStep.RELEASE, True:
            return replace(proof, step=SwitchStep.PROVEN, closed_us=proof.since_us)
        case _:
            return proof


@dataclass(frozen=True, slots=True)
class SqueezeWaiver:
    """Why one patient cannot squeeze, and when that was said; None for never."""

    reason: str = ""
    at: FactTime | None = None

    def after(self, fact: Fact, at: FactTime) -> "SqueezeWaiver":
        """Return the waiver after a fact; facts of other kinds change nothing."""
        return SqueezeWaiver(fact.reason, at) if isinstance(fact, SqueezeWaived) else self

    def holds(self, now: FactTime) -> bool:
        """Return whether it was said today; `now` as of `judged_at`."""
        return self.at is not None and same_day(self.at, now)


def step_now(proof: HandSwitchProof, now_us: int, *, waived: bool) -> SwitchStep:
    """Return what the switch waits for now; a proof that is too old waits for a squeeze."""
    if proof.holds(now_us):
        return SwitchStep.PROVEN
    if waived:
        return SwitchStep.WAIVED
    return SwitchStep.SQUEEZE if proof.step is SwitchStep.PROVEN else proof.step


def step_text(step: SwitchStep) -> Text:
    """Return a step in words."""
    return Text(f"hand_switch.{step}")


def refuse_unproven(
    proof: HandSwitchProof, now_us: int, *, waived: bool, armed: bool
) -> Refusal | None:
    """Refuse output on a patient whose switch was not squeezed; `armed`: the supply is on."""
    step = step_now(proof, now_us, waived=waived)
    if step in {SwitchStep.PROVEN, SwitchStep.WAIVED}:
        return None
    asked = text("hand_switch.not_proven", step=step_text(step))
    nearest = text("hand_switch.disarm_first") if armed else step_text(step)
    return Refusal(RULE, asked, text("hand_switch.allowed"), nearest)
