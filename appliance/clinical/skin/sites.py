"""How sites of pads are named in findings, and which lists of them are refused. Pure."""

import re
from collections.abc import Sequence

from appliance.clinical.body import PadSite, Side
from appliance.clinical.choice import choice_text
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import NONE
from appliance.texts.text import Text, TextValue, text

_SPOT = re.compile(r"[A-Za-z0-9_-]{1,32}")


def site_name(site: PadSite) -> str:
    """Return a stable name of a site."""
    return f"{site.region}/{site.side}/{site.spot}"


def site_text(site: PadSite) -> Text:
    """Return a site for a person: side, spot and region."""
    return text(
        "site", side=choice_text(site.side), spot=Text(f"spot.{site.spot}"), region=str(site.region)
    )


def refuse_sites(sites: Sequence[PadSite]) -> Refusal | None:
    """Refuse no site, a site twice, on both sides at once, or with a spot that is no name."""
    asked: TextValue | None = None
    if not sites:
        asked = NONE
    elif len(set(sites)) < len(sites):
        asked = text("sites.twice")
    elif any(site.side is Side.BOTH for site in sites):
        asked = text("sites.both_sides")
    elif not all(_SPOT.fullmatch(site.spot) for site in sites):
        asked = text("sites.no_spot")
    if asked is None:
        return None
    return Refusal("refusal.sites", asked, text("sites.allowed"), text("sites.nearest"))
