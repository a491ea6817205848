"""Every text by its key, in English; one module for each kind. gettext extracts `_("...")`."""

from collections.abc import Mapping

from appliance.texts.catalogue.cautions import CAUTIONS
from appliance.texts.catalogue.refusals import REFUSALS
from appliance.texts.catalogue.trips import DETAILS, TRIPS

TEXTS: Mapping[str, str] = {**REFUSALS, **TRIPS, **DETAILS, **CAUTIONS}
"""Key -> template."""
