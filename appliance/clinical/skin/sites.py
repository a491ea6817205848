"""How sites of pads are named in findings, and which lists of them are refused. Pure."""

from collections.abc import Sequence

from appliance.clinical.body import PadSite, Side
from appliance.clinical.choice import choice_text
from appliance.core.refusal import Refusal
from appliance.texts.catalogue import TEXTS
from appliance.texts.common_phrases import NONE
from appliance.texts.text import Text, TextValue, text


def site_name(site: PadSite) -> str:
    """Return a stable name of a site."""
    return f"{site.region}/{site.side}/{site.spot}"


def site_text(site: PadSite) -> Text:
    """Return a site for a person: side, spot and region; a spot without words is not repeated."""
    spot = Text(f"spot.{site.spot}") if _is_spot(site) else text("sites.other_spot")
    return text("site", side=choice_text(site.side), spot=spot, region=choice_text(site.region))


def refuse_sites(sites: Sequence[PadSite]) -> Refusal | None:
    """Refuse no site, a site twice, on both sides at once, or with a spot that no placement has."""
    asked: TextValue | None = None
    if not sites:
        asked = NONE
    elif len(set(sites)) < len(sites):
        asked = text("sites.twice")
    elif any(site.side is Side.BOTH for site in sites):
        asked = text("sites.both_sides")
    elif not all(map(_is_spot, sites)):
        asked = text("sites.no_spot")
    if asked is None:
        return None
    return Refusal("refusal.sites", asked, text("sites.allowed"), text("sites.nearest"))


def _is_spot(site: PadSite) -> bool:
    """Say whether placements have a spot of that name."""
    return f"spot.{site.spot}" in TEXTS
