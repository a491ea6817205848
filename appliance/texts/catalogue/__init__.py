"""Every text by its key, in English; one module for each kind. gettext extracts `_("...")`."""

from collections.abc import Mapping

from appliance.texts.catalogue.cautions import CAUTIONS
from appliance.texts.catalogue.check_notes import NOTES
from appliance.texts.catalogue.choices import CHOICES
from appliance.texts.catalogue.close_out import CLOSE_OUT
from appliance.texts.catalogue.drills import DRILL_NOTES, FAILURES, STEPS
from appliance.texts.catalogue.exercises import EXERCISES
from appliance.texts.catalogue.facts import FACTS
from appliance.texts.catalogue.instructions import INSTRUCTIONS
from appliance.texts.catalogue.latches import LATCHES
from appliance.texts.catalogue.operators import OPERATORS
from appliance.texts.catalogue.outcomes import OUTCOMES
from appliance.texts.catalogue.own_programmes import OWN_PROGRAMMES
from appliance.texts.catalogue.patients import PATIENTS
from appliance.texts.catalogue.phrases import PHRASES
from appliance.texts.catalogue.placement import PLACEMENT
from appliance.texts.catalogue.pre_use import PRE_USE
from appliance.texts.catalogue.programmes import PROGRAMMES
from appliance.texts.catalogue.refusals import REFUSALS
from appliance.texts.catalogue.rule_names import RULES
from appliance.texts.catalogue.screening import SCREENING
from appliance.texts.catalogue.screening_questions import QUESTIONS
from appliance.texts.catalogue.sheet import SHEET
from appliance.texts.catalogue.skin import SKIN
from appliance.texts.catalogue.trips import DETAILS, TRIPS
from appliance.texts.catalogue.unit import UNIT

TEXTS: Mapping[str, str] = {
    **PHRASES,
    **RULES,
    **REFUSALS,
    **NOTES,
    **TRIPS,
    **DETAILS,
    **CAUTIONS,
    **INSTRUCTIONS,
    **LATCHES,
    **STEPS,
    **FAILURES,
    **DRILL_NOTES,
    **OPERATORS,
    **FACTS,
    **OWN_PROGRAMMES,
    **PATIENTS,
    **CHOICES,
    **CLOSE_OUT,
    **EXERCISES,
    **OUTCOMES,
    **PLACEMENT,
    **PRE_USE,
    **PROGRAMMES,
    **SCREENING,
    **SHEET,
    **SKIN,
    **QUESTIONS,
    **UNIT,
}
"""Key -> template."""
