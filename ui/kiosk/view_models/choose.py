"""Programme, region and side on plain keys."""

from collections.abc import Iterable

from ui.kiosk.journey.choose import PROGRAMMES, Choose
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, choice, say_row, sentence
from ui.kiosk.view_models.blocks import Column, FormView, Gap, Heading, Keys
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card


def choose_view(place: Choose, kiosk: Kiosk) -> FormView:
    """Return what is chosen next."""
    heading, keys = _next(place, kiosk)
    return FormView(
        title=place.treatment.name,
        rail=(BACK,),
        turn=heading,
        columns=(
            Column(
                blocks=(
                    Heading(text=heading),
                    *problem_card(kiosk),
                    Keys(height=72 * -(-len(keys) // 2) - 4, columns=2, keys=keys),
                    Gap(),
                )
            ),
        ),
    )


def _next(place: Choose, kiosk: Kiosk) -> tuple[str, tuple[KeyView, ...]]:
    row = place.row(kiosk)
    if row is None:
        rows = kiosk.rows(PROGRAMMES) or ()
        names = ((str(row["name"]), say_row(row["title"])) for row in rows)
        return _("Which programme?"), _keys("programme", names)
    if not place.treatment.region:
        regions = ((str(name), sentence(choice("region", str(name)))) for name in row["regions"])
        return _("Which region?"), _keys("region", regions)
    sides = ((str(name), sentence(choice("side", str(name)))) for name in row["sides"])
    return _("Which side?"), _keys("side", sides)


def _keys(action: str, names: Iterable[tuple[str, str]]) -> tuple[KeyView, ...]:
    return tuple(
        KeyView(action=f"{action}:{name}", text=words, look=KeyLook.OUTLINED)
        for name, words in names
    )
