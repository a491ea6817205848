"""Step 0002 of the schema: the drills, as a view over events."""

from sqlite_utils import Database

_VIEW = """
    CREATE VIEW drills AS
    SELECT number, boot, utc_us, clock_trusted, facts ->> 'kind' AS kind,
        facts ->> 'passed' AS passed, facts ->> 'rig' AS rig, facts ->> 'channel' AS channel,
        facts ->> 'load_ohm' AS load_ohm, facts ->> 'operator' AS operator, facts
    FROM facts WHERE name = 'drill' AND facts IS NOT NULL
"""


def make_drill_view(db: Database) -> None:
    """Make the view `drills`."""
    db.execute(_VIEW)
