"""Who may give current to what: on hardware a patient is treated only through the kiosk.

Other peers may only drive test loads, and only while no other program can reach the daemon. A test
load has to measure like one, on every board and for every peer.
"""

from appliance.control.procedures.contact_measurement import ContactResult
from appliance.core.refusal import Refusal
from appliance.drills.kinds import LOADS_OHM
from appliance.link.roles import Role
from appliance.messages.wire import Subject
from appliance.safety.arming_policy import ArmingPolicy
from appliance.texts.common_phrases import listed
from appliance.texts.text import Quantity, TextValue, Unit, ohms, text
from drivers.interfaces import Rig

DUMMY_LOAD_PERCENT = 10
"""Resistor and sensing together (D)."""
TEST_LOADS = text(
    "person.test_loads",
    first=ohms(LOADS_OHM[0]),
    second=ohms(LOADS_OHM[1]),
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
        abs(ohm - load) * 100 <= load * DUMMY_LOAD_PERCENT for load in LOADS_OHM
    )


def refuse_subject(policy: ArmingPolicy, role: Role, subject: Subject | None) -> Refusal | None:
    """Refuse a patient to whoever is not at the bedside; None names nobody, which is refused later.

    Asked again at each step towards output: another client may ask than the one that prescribed.
    """
    if subject is not Subject.PATIENT or not policy.only_kiosk_treats or role is Role.KIOSK:
        return None
    asked = text("person.asked", role=role)
    return Refusal("refusal.person", asked, text("person.test_load_only"), text("person.kiosk"))


def refuse_what_is_no_load(
    subject: Subject | None, contact: tuple[ContactResult, ...]
) -> Refusal | None:
    """Refuse a test load whose contact check did not find one on every channel, whoever asks."""
    if subject is not Subject.TEST_LOAD or (contact and all(map(is_test_load, contact))):
        return None
    found = [measured(result) for result in contact] or [text("person.no_contact_check")]
    return Refusal("refusal.subject", listed(found), TEST_LOADS, text("subject.connect"))


def allowed_loads(
    subject: Subject | None, contact: tuple[ContactResult, ...]
) -> dict[int, int] | None:
    """Return the test load that each channel of a run has to keep; None for a patient."""
    if subject is not Subject.TEST_LOAD:
        return None
    known = ((result.channel, result.ohm) for result in contact if result.ohm is not None)
    return {channel: min(LOADS_OHM, key=lambda load: abs(ohm - load)) for channel, ohm in known}


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
