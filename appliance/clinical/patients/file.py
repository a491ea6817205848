"""The file of one patient: every fact about them, folded. Pure and frozen.

A simulated fact, one that a demonstration entered and nobody was asked for, counts on a virtual rig
only: on hardware it is as if it had not been recorded.
"""

from dataclasses import dataclass, field, replace

from appliance.clinical.body import Side
from appliance.clinical.closing.close_out import CloseOuts
from appliance.clinical.closing.facts import CloseOutOpened
from appliance.clinical.closing.harm import HarmState
from appliance.clinical.course.courses import CourseFacts
from appliance.clinical.exercises.home_programme import HomeProgramme
from appliance.clinical.fact import Fact, FactTime, newest_of
from appliance.clinical.outcomes.history import OutcomeHistory
from appliance.clinical.patients.facts import PatientRegistered
from appliance.clinical.patients.registration import PatientIdentity, identity_of
from appliance.clinical.placement.history import PlacementHistory
from appliance.clinical.placement.motor_points import FoundPoints
from appliance.clinical.placement.pad_sets import PadSets
from appliance.clinical.pre_use.hand_switch import SqueezeWaiver
from appliance.clinical.pre_use.left_load import LoadLook
from appliance.clinical.pre_use.told import Told
from appliance.clinical.screening.state import ScreeningState
from appliance.clinical.skin.patch_test import PatchTestState
from appliance.clinical.skin.sensation import SensationState
from appliance.clinical.skin.skin_state import SkinState
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import GivenSession


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFile:
    """What the facts say about one patient; `identity` is None until the patient is registered.

    `newest` is the newest trusted time of a fact, `has_simulated` says that a fact that counts here
    was simulated. `given` are the sessions of the records, on rigs of the kind of this unit.
    """

    patient: str
    virtual: bool = False
    identity: PatientIdentity | None = None
    screening: ScreeningState = field(default_factory=ScreeningState)
    skin: SkinState = field(default_factory=SkinState)
    sensation: SensationState = field(default_factory=SensationState)
    patch_tests: PatchTestState = field(default_factory=PatchTestState)
    placement: PlacementHistory = field(default_factory=PlacementHistory)
    motor_points: FoundPoints = field(default_factory=FoundPoints)
    pads: PadSets = field(default_factory=PadSets)
    told: Told = field(default_factory=Told)
    squeeze_waiver: SqueezeWaiver = field(default_factory=SqueezeWaiver)
    load_look: LoadLook = field(default_factory=LoadLook)
    outcomes: OutcomeHistory = field(default_factory=OutcomeHistory)
    exercises: HomeProgramme = field(default_factory=HomeProgramme)
    close_outs: CloseOuts = field(default_factory=CloseOuts)
    harm: HarmState = field(default_factory=HarmState)
    courses: CourseFacts = field(default_factory=CourseFacts)
    given: tuple[GivenSession, ...] = ()
    newest: FactTime | None = None
    has_simulated: bool = False

    def after(self, fact: Fact, at: FactTime) -> "PatientFile":
        """Return the file after a fact; a fact about another patient changes nothing."""
        if fact.patient != self.patient:
            return self
        newest = newest_of(self.newest, at)
        if fact.simulated and not self.virtual:
            return replace(self, newest=newest)
        return replace(
            self,
            identity=_identity_after(self.identity, fact, at),
            screening=self.screening.after(fact, at),
            skin=self.skin.after(fact, at),
            sensation=self.sensation.after(fact, at),
            patch_tests=self.patch_tests.after(fact, at),
            placement=self.placement.after(fact, at),
            motor_points=self.motor_points.after(fact, at),
            pads=self.pads.after(fact, at),
            told=self.told.after(fact, at),
            squeeze_waiver=self.squeeze_waiver.after(fact, at),
            load_look=self.load_look.after(fact, at),
            outcomes=_outcomes_after(self.outcomes, fact, at),
            exercises=self.exercises.after(fact, at),
            close_outs=self.close_outs.after(fact, at),
            harm=self.harm.after(fact, at),
            courses=self.courses.after(fact, at),
            newest=newest,
            has_simulated=self.has_simulated or fact.simulated,
        )

    @property
    def treated(self) -> tuple[tuple[Region, Side], ...]:
        """Return regions and sides of earlier sessions, each once, in their order."""
        sites = self.skin.treated
        return tuple(dict.fromkeys((site.region, site.side) for site in sites))


def _outcomes_after(outcomes: OutcomeHistory, fact: Fact, at: FactTime) -> OutcomeHistory:
    if isinstance(fact, CloseOutOpened):
        return outcomes.after_session(fact.session, at)
    return outcomes.after(fact, at)


def _identity_after(
    identity: PatientIdentity | None, fact: Fact, at: FactTime
) -> PatientIdentity | None:
    if identity is not None:
        return identity.after(fact)
    return identity_of(fact, at) if isinstance(fact, PatientRegistered) else None
