"""Steps 0003 and 0004 of the schema: ceilings and sessions of patients, as views over events."""

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


_GIVEN = """
    CREATE VIEW patient_sessions AS
    SELECT s.id AS session, s.patient AS patient, s.rig AS rig, s.region AS region,
        CAST(asked.body AS TEXT) ->> '$.facts.prescription.kind' AS kind,
        CAST(asked.body AS TEXT) ->> '$.facts.prescription.purpose' AS purpose,
        coalesce(CAST(asked.body AS TEXT) ->> '$.facts.contracts',
            CAST(asked.body AS TEXT) ->> '$.facts.prescription.purpose' = 'motor', 0) AS contracts,
        EXISTS (SELECT 1 FROM events AS mark WHERE mark.name = 'felt' AND mark.session = s.id)
            AS felt,
        (SELECT coalesce(max(each.value ->> 'comfortable_ua'), 0)
         FROM json_each(CAST(given.body AS TEXT), '$.facts.channels') AS each) AS comfortable_ua,
        (SELECT coalesce(max(each.value ->> 'highest_ua'), 0)
         FROM json_each(CAST(given.body AS TEXT), '$.facts.channels') AS each) AS highest_ua,
        s.outcome AS outcome, s.elapsed_us AS elapsed_us, s.opened_utc_us AS opened_utc_us,
        s.clock_trusted AS clock_trusted,
        CASE WHEN ending.clock_trusted THEN ending.utc_us ELSE
            (SELECT utc_us FROM events WHERE number > s.closing AND clock_trusted = 1
             ORDER BY number LIMIT 1) END AS ended_by_utc_us
    FROM sessions AS s
    JOIN payloads AS asked ON asked.number = s.opening
    JOIN payloads AS given ON given.number = s.closing
    JOIN events AS ending ON ending.number = s.closing
    WHERE s.patient IS NOT NULL
    """


def make_given_view(db: Database) -> None:
    """Make the view `patient_sessions`: every closed session of a patient, whatever its outcome.

    `ended_by_utc_us` is no earlier than its end: where the clock was not trusted, the next time
    that was; NULL where there is none.
    """
    db.execute(_GIVEN)
