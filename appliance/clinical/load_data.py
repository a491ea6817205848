"""Load every data file of the clinical core at the start of the engine.

A file that is wrong is found before a patient comes, and nothing is read from the disk while a
person waits.
"""

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.exercises.exercise_list import load_advice, load_exercises
from appliance.clinical.offers.evidence import load_evidence
from appliance.clinical.offers.offers import load_offers
from appliance.clinical.outcomes.change import load_thresholds
from appliance.clinical.patients.events import fact_types
from appliance.clinical.patients.personal_notes import load_words
from appliance.clinical.placement.drawn import load_drawn
from appliance.clinical.placement.figure import load_figure
from appliance.clinical.placement.placements import load_placements
from appliance.clinical.screening.questions import load_questions
from appliance.clinical.unit.care import load_intervals
from appliance.clinical.unit.events import unit_fact_types


def load_clinical_data() -> None:
    """Load and check every data file, once; raises `ConfigError` with file and key."""
    load_offers()
    load_evidence()
    load_catalogue()
    load_questions()
    load_words()
    load_figure()
    load_drawn()
    load_placements()
    load_exercises()
    load_advice()
    load_thresholds()
    load_intervals()
    unit_fact_types()
    fact_types()
