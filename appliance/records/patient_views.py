"""Step 0003 of the schema: what the records say of patients, as views over events."""

from sqlite_utils import Database

_VIEWS = (
    """
    CREATE VIEW patient_ceilings AS
    SELECT facts ->> 'patient' AS patient, facts ->> 'scope' AS scope,
        facts ->> 'ceiling_ua' AS ceiling_ua, facts ->> 'reason' AS reason,
        facts ->> 'operator' AS operator, number, utc_us
    FROM facts WHERE number IN (
        SELECT max(number) FROM facts WHERE name = 'patient_ceiling' AND facts IS NOT NULL
        GROUP BY facts ->> 'patient', facts ->> 'scope')
    """,
    """
    CREATE VIEW motor_sessions AS
    SELECT s.id AS session, s.patient AS patient,
        CASE WHEN s.region IN ('neck', 'suboccipital') THEN 'neck' ELSE 'back' END AS scope,
        (SELECT coalesce(max(each.value ->> 'comfortable_ua'), 0)
         FROM json_each(CAST(given.body AS TEXT), '$.facts.channels') AS each) AS comfortable_ua,
        s.opened_utc_us AS opened_utc_us
    FROM sessions AS s
    JOIN payloads AS asked ON asked.number = s.opening
    JOIN payloads AS given ON given.number = s.closing
    WHERE s.patient IS NOT NULL AND s.outcome = 'finished'
        AND CAST(asked.body AS TEXT) ->> '$.facts.prescription.purpose' = 'motor'
    """,
)


def make_patient_views(db: Database) -> None:
    """Make the views `patient_ceilings` and `motor_sessions`."""
    for statement in _VIEWS:
        db.execute(statement)
