"""Who may give current to whom: on hardware a person is treated only through the kiosk.

Other peers may only drive test loads, and only while no other program can reach the daemon.
"""

from appliance.control.procedures.contact_measurement import ContactResult
from appliance.core.refusal import Refusal
from appliance.link.roles import Role
from appliance.safety.arming_policy import ArmingPolicy
from appliance.texts.common_phrases import listed
from appliance.texts.text import Quantity, TextValue, Unit, ohms, text
from drivers.interfaces import Rig

DUMMY_LOADS_OHM = (500, 1_000)
"""Test loads of the standards (docs/clinical-sources.md sections 1.1 and 1.2)."""
DUMMY_LOAD_PERCENT = 10
"""Resistor and sensing together (D)."""
TEST_LOADS = text(
    "person.test_loads",
    first=ohms(DUMMY_LOADS_OHM[0]),
    second=ohms(DUMMY_LOADS_OHM[1]),
    percent=Quantity(DUMMY_LOAD_PERCENT, Unit.PERCENT),
)


def is_test_load(contact: ContactResult) -> bool:
    """Say whether a contact is a test load: of the right size, and no skin.

    Size is not enough: a person's pads may also measure 1 kΩ, but their two phases differ.
    """
    return contact.phases_alike and is_dummy_load(contact.ohm)


def is_dummy_load(ohm: int | None) -> bool:
    """Say whether a contact of `ohm` (None: unmeasured) is one of the test loads, within 10 %."""
    return ohm is not None and any(
        abs(ohm - load) * 100 <= load * DUMMY_LOAD_PERCENT for load in DUMMY_LOADS_OHM
    )


def refuse_bystander(
    policy: ArmingPolicy, role: Role, contact: tuple[ContactResult, ...]
) -> Refusal | None:
    """Refuse current through a person unless the kiosk asks for it.

    There is no person if the contact check found a test load on every channel.
    """
    if not policy.only_kiosk_treats or role is Role.KIOSK:
        return None
    if contact and all(is_test_load(result) for result in contact):
        return None
    loads = [measured(result) for result in contact] or [text("person.no_contact_check")]
    asked = text("person.asked", role=role, found=listed(loads))
    return Refusal("refusal.person", asked, TEST_LOADS, text("person.kiosk"))


def allowed_loads(
    policy: ArmingPolicy, role: Role, contact: tuple[ContactResult, ...]
) -> dict[int, int] | None:
    """Return the test load of each channel a run is allowed for; None where it may be a person."""
    if not policy.only_kiosk_treats or role is Role.KIOSK:
        return None
    known = ((result.channel, result.ohm) for result in contact if result.ohm is not None)
    return {
        channel: min(DUMMY_LOADS_OHM, key=lambda load: abs(ohm - load)) for channel, ohm in known
    }


def measured(contact: ContactResult) -> TextValue:
    """Return what the contact check found on a channel, as a refusal says it."""
    if contact.ohm is None:
        return text("person.unknown")
    ohm = ohms(contact.ohm)
    return ohm if contact.phases_alike else text("person.like_skin", ohm=ohm)


def refuse_exposed(policy: ArmingPolicy, rig: Rig) -> Refusal | None:
    """Refuse a step towards output while others can reach the daemon, where the policy says so."""
    findings = rig.exposure() if policy.isolation_required else ()
    if not findings:
        return None
    reasons = "; ".join(findings)
    return Refusal(
        "refusal.daemon_isolation",
        reasons,
        text("daemon_isolation.allowed"),
        text("daemon_isolation.nearest"),
    )
