"""Sources of pages about nobody: what pages of the catalogue need, without own programmes."""

from types import SimpleNamespace
from typing import cast

from appliance.clinical.own.shelf import NONE
from appliance.control.pages.page import PageSources

NOTHING = cast("PageSources", SimpleNamespace(patients=SimpleNamespace(own=NONE)))
