"""A patient whose earlier sessions lift every limit of first sessions, for tests of other rules."""

from itertools import count

from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import GivenSession, Goal, TimeOfDay
from appliance.records.patient_history import PatientRegister

DAY_US = 86_400_000_000
_numbers = count(1)


def regular_patient(register: PatientRegister) -> str:
    """Return a new pseudonym, with four whole sessions on neck and back, weeks ago."""
    patient = f"P-R{next(_numbers)}"
    now = register.now()
    for region in (Region.NECK, Region.LOWER_BACK):
        for days in (31, 24, 17, 10):
            given = a_session(now, days, region=region)
            register.take_session(patient, given)
    return patient


def a_session(
    now: TimeOfDay,
    days: int = 0,
    *,
    session: str = "",
    region: Region = Region.LOWER_BACK,
    goal: Goal = Goal.RELAXATION,
) -> GivenSession:
    """Return a whole session that was felt, so many days ago."""
    return GivenSession(
        region=region,
        goal=goal,
        motor=True,
        able=True,
        finished=True,
        felt=True,
        elapsed_us=600_000_000,
        comfortable_ua=100_000,
        ended_us=now.utc_us - days * DAY_US,
        day=now.day - days,
        dated=True,
        session=session,
    )
