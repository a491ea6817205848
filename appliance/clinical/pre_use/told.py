"""What a patient is told before a programme, and whether it was told today. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from appliance.clinical.fact import Fact, FactTime, same_day
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.pre_use.facts import PatientTold
from appliance.clinical.programme import Programme
from appliance.core.limits.limits import Purpose
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.texts.text import Text, text


@dataclass(frozen=True, slots=True)
class Told:
    """When one patient was last told about each programme."""

    programmes: Mapping[str, FactTime] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, fact: Fact, at: FactTime) -> "Told":
        """Return what was told after a fact; facts of other rooms change nothing."""
        if not isinstance(fact, PatientTold):
            return self
        return Told(MappingProxyType({**self.programmes, fact.programme: at}))


def to_tell(programme: Programme) -> tuple[Text, ...]:
    """Return what the patient is told: the feeling, what to say at once, how to stop it."""
    return (
        Text(_feeling(programme)),
        Text("told.say_at_once"),
        Text("told.squeeze_to_stop"),
        Text("told.leave_pads"),
    )


def _feeling(programme: Programme) -> str:
    """Return what it feels like; in stabilisation the patient works along."""
    if programme.kind is ProgrammeKind.STABILISATION:
        return "told.feels_working_along"
    if programme.purpose is Purpose.MOTOR:
        return "told.feels_contracting"
    return "told.feels_tingling"


def judge_told(told: Told, programme: str, now: FactTime) -> tuple[Finding, ...]:
    """Return what is missing: the patient is told on each day (D); `now` as of `judged_at`."""
    since = told.programmes.get(programme)
    if since is not None and same_day(since, now):
        return ()
    finding = Finding(
        consequence=Consequence.ASK,
        rule="refusal.patient_told",
        item=programme,
        found=text("told.not_told"),
        allowed=text("told.allowed"),
        nearest=text("told.tell"),
        since=since,
    )
    return (finding,)
