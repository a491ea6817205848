"""Whether a current can contract muscle, by its numbers and not by the name of its programme.

Everything is judged at the ceiling, the most a prescription may ever reach. Numbers and sources
are in `limits`.
"""

from appliance.core.limits import limits
from appliance.core.limits.limits import Purpose
from appliance.core.prescription.densest import densest_of
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import rate
from appliance.texts.text import microamps, microseconds, picocoulombs, text
from drivers.quantities import phase_charge_pc


def is_able_to_contract(draft: PrescriptionDraft) -> bool:
    """Return whether muscle can contract: motor purpose, or enough charge per phase."""
    return draft.purpose is Purpose.MOTOR or has_the_charge(charge_pc(draft))


def has_the_charge(pc: int) -> bool:
    """Return whether so much charge per phase, in pC, can contract a muscle."""
    return pc > limits.ABLE_TO_CONTRACT_PC


def is_tetanic(draft: PrescriptionDraft) -> bool:
    """Return whether contractions fuse: faster than twitches, and motor or with enough charge."""
    strong = charge_pc(draft) > limits.UNBROKEN_SENSORY_MAX_PC
    return (draft.purpose is Purpose.MOTOR or strong) and not _twitches(draft)


def charge_pc(draft: PrescriptionDraft) -> int:
    """Return the largest charge of a phase at the ceiling, in pC."""
    return phase_charge_pc(max(draft.ceiling_ua, 0), max(densest_of(draft).phase_us, 0))


def check_rests(draft: PrescriptionDraft) -> Refusal | None:
    """Refuse a tetanic train without rests, or with rests shorter than its on-times."""
    if not is_tetanic(draft):
        return None
    times = draft.on_off
    if times is None:
        return _refuse_unbroken(draft)
    if times.off_us >= times.on_us:
        return None
    rest, least = microseconds(times.off_us), microseconds(times.on_us)
    allowed = text("rest_of_a_tetanic_train.allowed", least=least)
    return Refusal("refusal.rest_of_a_tetanic_train", rest, allowed, least)


def _refuse_unbroken(draft: PrescriptionDraft) -> Refusal:
    train = rate(densest_of(draft).pulse_period_us)
    if draft.purpose is Purpose.MOTOR:
        unbroken, allowed = text("tetanic_train.motor", train=train), text("tetanic_train.rests")
        return Refusal("refusal.tetanic_train", unbroken, allowed, rate(limits.TWITCH_PERIOD_US))
    nearest_ua = limits.UNBROKEN_SENSORY_MAX_PC // max(densest_of(draft).phase_us, 1)
    return Refusal(
        "refusal.tetanic_train",
        text("tetanic_train.sensory", train=train, charge=picocoulombs(charge_pc(draft))),
        text("tetanic_train.allowed", most=picocoulombs(limits.UNBROKEN_SENSORY_MAX_PC)),
        text("a_ceiling", ceiling=microamps(nearest_ua)),
    )


def _twitches(draft: PrescriptionDraft) -> bool:
    densest = densest_of(draft)
    if draft.burst is None:
        return densest.period_us >= limits.TWITCH_PERIOD_US
    group_us = draft.burst.pulses * draft.burst.pulse_period_us
    if draft.burst.pulse_period_us >= limits.TWITCH_PERIOD_US:
        return True
    short = group_us <= limits.TWITCH_GROUP_US and 2 * group_us <= draft.period_us
    return short and draft.period_us >= limits.TWITCH_PERIOD_US
