"""Every text by its key, in English; one module for each kind. gettext extracts `_("...")`."""

from collections.abc import Mapping

from appliance.texts.catalogue.refusals import REFUSALS

TEXTS: Mapping[str, str] = {**REFUSALS}
"""Key -> template."""
