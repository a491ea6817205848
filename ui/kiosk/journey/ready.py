"""Nothing is missing: set the treatment up, see the squeeze, check the contact. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.actions import CheckContact, Prescribe, RepeatLast
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName, Subject
from ui.kiosk.journey.place import STAY, Kiosk, Next, Row, Send
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

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing, and the file where the pads that lie on the patient count."""
        file = () if _is_on_named_pads(self.treatment) else (self.treatment.file,)
        return (*Step.wants(self, kiosk), *file)

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Set the treatment up: that gives no current, and the hand switch is looked at from then.

        It is done once; after a refusal the key does it again.
        """
        at_ready = kiosk.snapshot is not None and kiosk.snapshot.state is StateName.READY
        if self.sent or not at_ready:
            return STAY
        treatment = on_lying_pads(self.treatment, kiosk)
        if treatment is None:
            return STAY
        set_up = Send(prescription(treatment), PRESCRIBE)
        return Next(replace(self, sent=True, treatment=treatment), (set_up,))

    def taken_up(self, rows: tuple[Row, ...], kiosk: Kiosk) -> Step | None:
        """Return it where the engine still has this treatment set up, None to set it up again.

        Each thing that this screen names has to be what the engine holds: another placement or
        other pads set up from elsewhere would be shown wrongly.
        """
        now = kiosk.snapshot
        if now is None or any(row["blocks"] for row in rows):
            return None
        return (
            replace(self, sent=True, is_set_up=True) if engine_holds(self.treatment, now) else None
        )

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


def on_lying_pads(treatment: Treatment, kiosk: Kiosk) -> Treatment | None:
    """Return a treatment on the pads that lie on the patient, unless others were chosen.

    None while the file that names them has not come.
    """
    if _is_on_named_pads(treatment):
        return treatment
    file = kiosk.fresh(treatment.file)
    if file is None:
        return None
    row = next((row for row in file if row["kind"] == "placed"), None)
    if row is None:
        return treatment
    placement, depth = str(row["key"]["placement"]), str(row["key"]["depth"])
    return replace(treatment, placement=placement, depth=depth, pad_set=str(row["pad_set"]))


def _is_on_named_pads(treatment: Treatment) -> bool:
    return bool(treatment.placement or treatment.pad_set)


def engine_holds(wanted: Treatment, now: Snapshot) -> bool:
    """Return whether the engine has this treatment set up, as far as a value is chosen."""
    plan = now.plan
    if plan is None or (now.patient, now.programme) != (wanted.patient, wanted.programme):
        return False
    if wanted.on_call is not None and wanted.on_call is not (now.on_call is not None):
        return False
    chosen = (
        (wanted.region, plan.region),
        (wanted.side, plan.side),
        (wanted.placement, plan.placement),
        (wanted.depth, plan.depth),
        (wanted.pad_set, plan.pad_set),
        (wanted.minutes, round((now.elapsed_us + now.remaining_us) / US_PER_MIN)),
    )
    return all(here == held for here, held in chosen if here)


def switch_step(kiosk: Kiosk) -> str:
    """Return what the hand switch waits for, "" while that is not known."""
    switch = None if kiosk.snapshot is None else kiosk.snapshot.hand_switch
    return "" if switch is None else switch.step


def prescription(treatment: Treatment) -> Prescribe | RepeatLast:
    """Return the action that sets a treatment up."""
    if treatment.repeats:
        return RepeatLast(patient=treatment.patient, pad_set=treatment.pad_set)
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
        on_call=bool(treatment.on_call),
    )
