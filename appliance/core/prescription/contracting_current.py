"""Whether a current can contract muscle, by its numbers and not by the name of its programme.

Everything is judged at the ceiling, the most a prescription may ever reach. Numbers and sources
are in `limits`.
"""

from appliance.core.limits import limits
from appliance.core.limits.limits import Purpose
from appliance.core.prescription.densest import densest_of
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.waveform import OnOff, Part, ProgrammeKind
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


def charge_pc(draft: PrescriptionDraft) -> int:
    """Return the largest charge of a phase of any part at the ceiling, in pC."""
    return max((part_charge_pc(draft, part) for part in draft.parts), default=0)


def part_charge_pc(draft: PrescriptionDraft, part: Part) -> int:
    """Return the largest charge of a phase of a part at its share of the ceiling, in pC."""
    amplitude_ua = part.amplitude_ua(max(draft.ceiling_ua, 0))
    return phase_charge_pc(max(amplitude_ua, 0), max(densest_of(part).phase_us, 0))


def is_tetanic(draft: PrescriptionDraft, part: Part) -> bool:
    """Return whether contractions fuse: faster than twitches, and motor or with enough charge."""
    strong = part_charge_pc(draft, part) > limits.UNBROKEN_SENSORY_MAX_PC
    return (draft.purpose is Purpose.MOTOR or strong) and not twitches(part)


def is_stronger(draft: PrescriptionDraft, part: Part, before: Part) -> bool:
    """Return whether a level that was set in the part before may be too much in this one.

    It plays a greater share of the level, has longer phases, or contractions could fuse in it and
    not before.
    """
    longer = densest_of(part).phase_us > densest_of(before).phase_us
    return part.share_percent > before.share_percent or longer or _fuses_first(draft, part, before)


def _fuses_first(draft: PrescriptionDraft, part: Part, before: Part) -> bool:
    able = draft.purpose is Purpose.MOTOR or has_the_charge(part_charge_pc(draft, part))
    return able and not twitches(part) and twitches(before)


def check_rests(draft: PrescriptionDraft, part: Part) -> Refusal | None:
    """Refuse a tetanic train without rests, or with rests too short for its on-times."""
    if not is_tetanic(draft, part):
        return None
    times = part.on_off
    if times is None:
        return _refuse_unbroken(draft, part)
    least_us = least_rest_us(draft, times)
    if times.silent_us >= least_us:
        return None
    rest, least = microseconds(times.silent_us), microseconds(least_us)
    key = (
        "rest_of_a_tetanic_train.strengthening"
        if draft.kind is ProgrammeKind.STRENGTHENING
        else "rest_of_a_tetanic_train.allowed"
    )
    return Refusal("refusal.rest_of_a_tetanic_train", rest, text(key, least=least), least)


def least_rest_us(draft: PrescriptionDraft, times: OnOff) -> int:
    """Return the least silence between two contractions of a tetanic train."""
    strengthens = draft.kind is ProgrammeKind.STRENGTHENING
    times_as_long = limits.STRENGTHENING_REST_TIMES if strengthens else 1
    return max(times.pulsing_us * times_as_long, limits.TETANIC_OFF_MIN_US)


def _refuse_unbroken(draft: PrescriptionDraft, part: Part) -> Refusal:
    train = rate(densest_of(part).pulse_period_us)
    if draft.purpose is Purpose.MOTOR:
        unbroken, allowed = text("tetanic_train.motor", train=train), text("tetanic_train.rests")
        return Refusal("refusal.tetanic_train", unbroken, allowed, rate(limits.TWITCH_PERIOD_US))
    nearest_ua = part.level_ua(limits.UNBROKEN_SENSORY_MAX_PC // max(densest_of(part).phase_us, 1))
    charge = picocoulombs(part_charge_pc(draft, part))
    return Refusal(
        "refusal.tetanic_train",
        text("tetanic_train.sensory", train=train, charge=charge),
        text("tetanic_train.allowed", most=picocoulombs(limits.UNBROKEN_SENSORY_MAX_PC)),
        text("a_ceiling", ceiling=microamps(nearest_ua)),
    )


def twitches(part: Part) -> bool:
    """Return whether each pulse, or group of pulses, of a part is a contraction of its own."""
    densest = densest_of(part)
    if part.burst is None:
        return densest.period_us >= limits.TWITCH_PERIOD_US
    group_us = part.burst.pulses * part.burst.pulse_period_us
    if part.burst.pulse_period_us >= limits.TWITCH_PERIOD_US:
        return True
    short = group_us <= limits.TWITCH_GROUP_US and 2 * group_us <= part.period_us
    return short and part.period_us >= limits.TWITCH_PERIOD_US
