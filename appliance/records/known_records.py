"""What an engine knows from the records at its start, before its first tick."""

from collections.abc import Mapping
from typing import NamedTuple

from appliance.clinical.placement.personal_range import PersonalRanges
from appliance.messages.snapshot import LastSession
from appliance.records.acts import RecordedAct
from appliance.records.operator_facts import OperatorFacts
from appliance.records.patient_facts import PatientFacts
from appliance.records.patient_history import PatientRegister
from appliance.records.unit_facts import UnitFacts


class KnownRecords(NamedTuple):
    """Each part is folded from one data folder; the engine changes it from then on.

    Without `ranges` or `acts` none is known.
    """

    register: PatientRegister
    patients: PatientFacts
    unit: UnitFacts
    operators: OperatorFacts
    last_session: LastSession | None = None
    ranges: PersonalRanges | None = None
    acts: Mapping[str, RecordedAct] | None = None

    @property
    def of_journal(
        self,
    ) -> tuple[PatientRegister, LastSession | None, Mapping[str, RecordedAct] | None]:
        """Return what the engine's own journal has to know."""
        return self.register, self.last_session, self.acts
