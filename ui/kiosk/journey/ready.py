"""Nothing is missing: set the treatment up, see the squeeze, check the contact. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.actions import CheckContact, Prescribe
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import StateName, Subject
from ui.kiosk.journey.place import STAY, Kiosk, Next, Send
from ui.kiosk.journey.treatment import FACT, Step, Treatment

PRESCRIBE, CHECK = "prescribe", "check_contact"
PROVEN, WAIVED = "proven", "waived"

US_PER_MIN = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready(Step):
    """`sent` says that the treatment was sent to be set up, `is_set_up` that it is.

    With `why` the reasons are shown for which somebody cannot squeeze.
    """

    sent: bool = False
    is_set_up: bool = False
    why: bool = False

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Set the treatment up: that gives no current, and the hand switch is looked at from then.

        It is done once; after a refusal the key does it again.
        """
        at_ready = kiosk.snapshot is not None and kiosk.snapshot.state is StateName.READY
        if self.sent or not at_ready:
            return STAY
        return Next(replace(self, sent=True), (Send(prescription(self.treatment), PRESCRIBE),))

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Check the contact, or say why the patient cannot squeeze."""
        name, _, what = action.partition(":")
        match name:
            case "check_contact" if self.is_set_up:
                return Next(self, (Send(CheckContact(), CHECK),))
            case "check_contact":
                return Next(self, (Send(prescription(self.treatment), PRESCRIBE),))
            case "cannot":
                return Next(replace(self, why=True))
            case "reason":
                return self.record("squeeze_waived", {"reason": what})
            case "back" if self.why:
                return Next(replace(self, why=False))
            case _:
                return Step.touched(self, action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Note that the treatment is set up, or that the reason is recorded."""
        if not isinstance(answer, Reply):
            return STAY
        match tag:
            case "prescribe":
                return Next(replace(self, is_set_up=True))
            case _ if tag == FACT:
                return Next(replace(self, why=False))
            case _:
                return STAY


def switch_step(kiosk: Kiosk) -> str:
    """Return what the hand switch waits for, "" while that is not known."""
    switch = None if kiosk.snapshot is None else kiosk.snapshot.hand_switch
    return "" if switch is None else switch.step


def prescription(treatment: Treatment) -> Prescribe:
    """Return the action that sets a treatment up."""
    return Prescribe(
        programme=treatment.programme,
        subject=Subject.PATIENT,
        patient=treatment.patient,
        region=treatment.region,
        side=treatment.side,
        placement=treatment.placement,
        depth=treatment.depth,
        pad_set=treatment.pad_set,
        duration_us=treatment.minutes * US_PER_MIN or None,
    )
