"""What a kind of rig requires before output may be armed, and what it is exempt from.

`appliance/engine.py` chooses the policy when it puts an engine together and hands it to everything
that decides about arming. Nothing else asks which kind of rig there is; the kind is only recorded
and shown (docs/decisions/0024-arming-policy.md).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmingPolicy:
    """The rules of arming on one kind of rig; no rule has a default, so none can be forgotten."""

    only_kiosk_treats: bool
    """Whoever is not the kiosk may choose the test load only."""
    isolation_required: bool
    """Arming is refused while others can reach the daemon."""
    drills_lock: bool
    """Arming is refused while a drill is overdue, failed or never done."""
    set_clock_required: bool
    """The age of a drill is known only while the clock can be trusted, then and now."""
    only_real_facts: bool
    """A simulated fact about a patient counts for nothing: nobody was asked."""
    patients_need_sign_in: bool
    """A patient needs a unit that is set up, and a clinician or lead who is signed in."""


HARDWARE = ArmingPolicy(
    only_kiosk_treats=True,
    isolation_required=True,
    drills_lock=True,
    set_clock_required=True,
    only_real_facts=True,
    patients_need_sign_in=True,
)
VIRTUAL_BOARD = ArmingPolicy(
    only_kiosk_treats=False,
    isolation_required=False,
    drills_lock=False,
    set_clock_required=False,
    only_real_facts=False,
    patients_need_sign_in=False,
)
"""No current leaves it, so nobody can be at its pads."""


def policy_of(rig: str) -> ArmingPolicy:
    """Return the policy for a kind of rig; only "virtual" is exempt from the rules of hardware."""
    return VIRTUAL_BOARD if rig == "virtual" else HARDWARE


def kind_of_rig(*, virtual: bool) -> str:
    """Return the kind of rig as the records name it, for reading those of that kind only."""
    return "virtual" if virtual else "hardware"
