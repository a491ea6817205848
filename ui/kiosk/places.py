"""Which screen shows which place: one table."""

from collections.abc import Callable, Mapping
from typing import Any

from ui.kiosk.journey.choose import Choose, Evidence
from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.complaint import Complaint
from ui.kiosk.journey.engine_places import (
    AtArmed,
    AtEnd,
    AtPause,
    AtTrip,
    Feeling,
    NoEngine,
    Treating,
    engine_place,
)
from ui.kiosk.journey.follow_ups import FollowUps
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.new_patient import NewPatient
from ui.kiosk.journey.pad_sets import CheckPads, ChoosePads
from ui.kiosk.journey.pads import CheckSkin, ChoosePlacement, PlacePads, Sensation
from ui.kiosk.journey.patch_test import AlteredSensation, PatchTest
from ui.kiosk.journey.patients import Patients
from ui.kiosk.journey.place import Kiosk, Place
from ui.kiosk.journey.ready import Ready
from ui.kiosk.journey.reasons import ScreeningReason
from ui.kiosk.journey.screening import Screening, VisitList
from ui.kiosk.journey.set_up import SetUp
from ui.kiosk.journey.sheets import PIN
from ui.kiosk.journey.steps import AtFinding
from ui.kiosk.journey.told import TellPatient
from ui.kiosk.journey.treatment import Treat
from ui.kiosk.journey.unit_checks import CheckUnit, CleanUnit
from ui.kiosk.locale.words import _
from ui.kiosk.view_models import feeling, message, treatment
from ui.kiosk.view_models.armed import armed_view
from ui.kiosk.view_models.blocks import FormView
from ui.kiosk.view_models.choose import choose_view, evidence_view
from ui.kiosk.view_models.close_out import close_out_view
from ui.kiosk.view_models.complaint import complaint_view, screening_reason_view
from ui.kiosk.view_models.ended import ended_view
from ui.kiosk.view_models.home import home_view
from ui.kiosk.view_models.lock import lock_view, set_up_view
from ui.kiosk.view_models.message import MessageView
from ui.kiosk.view_models.new_patient import new_patient_view
from ui.kiosk.view_models.pad_sets import check_pads_view, choose_pads_view
from ui.kiosk.view_models.pads import (
    choose_placement_view,
    place_pads_view,
    sensation_view,
    skin_view,
)
from ui.kiosk.view_models.patch_test import altered_sensation_view, patch_test_view
from ui.kiosk.view_models.patients import patients_view
from ui.kiosk.view_models.ready import ready_view
from ui.kiosk.view_models.screening import follow_ups_view, screening_view, visit_view
from ui.kiosk.view_models.sheets import presence_chip, rail_keys
from ui.kiosk.view_models.shell import programme, shell_view, who
from ui.kiosk.view_models.steps import finding_view
from ui.kiosk.view_models.stops import no_engine_view, pause_view, trip_view
from ui.kiosk.view_models.told import tell_view
from ui.kiosk.view_models.unit_checks import check_unit_view, clean_unit_view
from ui.kiosk.window import ScreenView

Show = Callable[[Any, Kiosk], ScreenView]


def first_place() -> Place:
    """Return where a person begins."""
    return Lock()


def view_of(place: Place, kiosk: Kiosk) -> ScreenView:
    """Return what the screen of a place shows."""
    return SCREENS[type(place)](place, kiosk)


def _treating(place: Treating, kiosk: Kiosk) -> ScreenView:
    from ui.kiosk.screens.treatment import TreatmentScreen

    view = treatment.treatment_view(kiosk, kiosk.peaks)
    line = kiosk.snapshot.programme or "" if kiosk.snapshot else ""
    return ScreenView(
        "treatment",
        shell_view(kiosk, who(kiosk), line, rail=rail_keys(kiosk), chip=presence_chip(kiosk)),
        view,
        treatment.still_of(view),
        TreatmentScreen,
    )


def _feeling(place: Feeling, kiosk: Kiosk) -> ScreenView:
    from ui.kiosk.screens.feeling import FeelingScreen

    view = feeling.feeling_view(place, kiosk)
    rail = tuple(key for key in rail_keys(kiosk) if key.action == f"sheet:{PIN}")
    shell = shell_view(kiosk, who(kiosk), _("first feeling"), rail=rail)
    turn = "" if view.channel is None else str(view.channel.channel)
    return ScreenView("first_feeling", shell, view, feeling.still_of(view), FeelingScreen, turn)


def _message(name: str, make: Callable[[Any, Kiosk], MessageView]) -> Show:
    def show(place: Any, kiosk: Kiosk) -> ScreenView:
        from ui.kiosk.screens.message import MessageScreen

        view = make(place, kiosk)
        return ScreenView(
            name,
            shell_view(kiosk, who(kiosk), programme(kiosk)),
            view,
            message.still_of(view),
            MessageScreen,
        )

    return show


def _form(
    name: str,
    make: Callable[[Any, Kiosk], FormView],
    title: Callable[[Kiosk], str] | None = None,
) -> Show:
    """Return how a place of blocks is shown: all of it is still. A title here is for every view."""

    def show(place: Any, kiosk: Kiosk) -> ScreenView:
        from ui.kiosk.screens.form import FormScreen

        view = make(place, kiosk)
        head = view.title if title is None else title(kiosk)
        shell = shell_view(kiosk, head, view.line, rail=view.rail)
        return ScreenView(name, shell, view, view, FormScreen, view.turn)

    return show


def _treat(place: Treat, kiosk: Kiosk) -> ScreenView:
    """Show the screen before until it is known which one comes."""
    return view_of(place.behind or Home(), kiosk)


SCREENS: Mapping[type[Place], Show] = {
    NoEngine: _message("no_engine", no_engine_view),
    AtTrip: _message("stopped", trip_view),
    AtPause: _form("paused", pause_view, who),
    AtEnd: _message("ended", ended_view),
    AtArmed: _form("contact", armed_view, who),
    Treating: _treating,
    Feeling: _feeling,
    Lock: _form("lock", lock_view, lambda _: "stimkiosk"),
    SetUp: _form("set_up", set_up_view, lambda _: "stimkiosk"),
    Home: _form("home", home_view),
    Patients: _form("patients", patients_view),
    NewPatient: _form("new_patient", new_patient_view),
    Choose: _form("choose", choose_view),
    Evidence: _form("evidence", evidence_view),
    Treat: _treat,
    ChoosePlacement: _form("choose_placement", choose_placement_view),
    PlacePads: _form("place_pads", place_pads_view),
    Sensation: _form("sensation", sensation_view),
    CheckSkin: _form("skin_before", skin_view),
    AtFinding: _form("finding", finding_view),
    Complaint: _form("complaint", complaint_view),
    Screening: _form("screening", screening_view),
    VisitList: _form("visit_list", visit_view),
    ScreeningReason: _form("reason", screening_reason_view),
    FollowUps: _form("follow_ups", follow_ups_view),
    ChoosePads: _form("choose_pads", choose_pads_view),
    CheckPads: _form("check_pads", check_pads_view),
    CheckUnit: _form("check_unit", check_unit_view),
    CleanUnit: _form("clean_unit", clean_unit_view),
    PatchTest: _form("patch_test", patch_test_view),
    AlteredSensation: _form("altered_sensation", altered_sensation_view),
    TellPatient: _form("tell_patient", tell_view),
    Ready: _form("ready", ready_view),
    CloseOut: _form("close_out", close_out_view),
}

ENTRIES: Mapping[str, Callable[[], Place]] = {
    "home": Home,
    "patients": Patients,
    "new_patient": NewPatient,
    "close_out": CloseOut,
}
"""Where keys of Home lead, by their actions."""

__all__ = ["ENTRIES", "engine_place", "first_place", "view_of"]
