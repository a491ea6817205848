"""The shell of a screen: output, head, rail, and pause while current may flow."""

from appliance.messages.wire import StateName, Subject
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.treatment import Treatment
from ui.kiosk.locale.words import _, choice
from ui.kiosk.view_models.channels import clock_text
from ui.kiosk.view_models.output import output_view
from ui.kiosk.view_models.parts import ChipView, HeadView, KeyLook, KeyView, ShellView

HELP = KeyView(action="help", text="Help", icon="help")
BACK = KeyView(action="back", text="Back", icon="back")
_FLOWING = (StateName.RAMP_UP, StateName.DELIVERING, StateName.RESTING, StateName.RAMP_DOWN)


def shell_view(
    kiosk: Kiosk,
    title: str,
    line: str = "",
    *,
    rail: tuple[KeyView, ...] = (),
    chip: ChipView | None = None,
) -> ShellView:
    """Return the shell round a screen with that title."""
    snapshot = kiosk.snapshot
    flowing = snapshot is not None and kiosk.has_engine and snapshot.state in _FLOWING
    pause = None
    time_left = ""
    if flowing and snapshot is not None:
        pause = KeyView(action="pause", text=_("Pause"), icon="pause", look=KeyLook.OUTLINED)
        time_left = clock_text(snapshot.remaining_us)
    head = HeadView(
        title=title,
        line=line,
        chip=chip,
        clock=kiosk.clock,
        virtual=snapshot is None or snapshot.rig != "hardware",
    )
    return ShellView(
        output=output_view(kiosk),
        head=head,
        rail=rail,
        time_left=time_left,
        time_word=_("Time left"),
        pause=pause,
    )


def who(kiosk: Kiosk) -> str:
    """Return whom the treatment set up is for, as the head names them."""
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.programme is None:
        return _("Nobody")
    if snapshot.subject is Subject.TEST_LOAD:
        return _("Test load")
    treatment = getattr(kiosk.place, "treatment", None)
    if isinstance(treatment, Treatment) and treatment.patient == snapshot.patient:
        return treated(treatment)
    return snapshot.patient or _("Nobody")


def treated(treatment: Treatment) -> str:
    """Return patient, region and side as the head names them."""
    if not treatment.region or not treatment.side:
        return treatment.name
    where = choice("region", treatment.region)
    return f"{treatment.name} · {where}, {choice('side', treatment.side)}"


def programme(kiosk: Kiosk) -> str:
    """Return the programme set up, as the second line of the head names it."""
    snapshot = kiosk.snapshot
    return "" if snapshot is None or snapshot.programme is None else snapshot.programme
