"""The card of every programme is whole in every language and size, not only that of a sample."""

from dataclasses import replace

import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.texts.languages import KNOWN, OFFERED
from tests.support.kiosk.measured import SIZES, cut_texts, parts_of, stage_of, view_in
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.sample import Sample
from ui.kiosk.journey.choose import Choose
from ui.kiosk.locale.words import using


def card(programme: str, region: str) -> Sample:
    sample = SAMPLES["choose_take"]()
    assert isinstance(sample.place, Choose)
    treatment = replace(sample.place.treatment, programme=programme, region=region)
    place = replace(sample.place, treatment=treatment)
    return Sample(place, replace(sample.kiosk, place=place))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", OFFERED)
def test_no_programme_has_words_that_do_not_fit_its_card(code: str, size: str) -> None:
    stage = stage_of(size, right_to_left=KNOWN[code].right_to_left)
    cut = []
    with using(code):
        for name, programme in load_catalogue().items():
            for region in programme.regions:
                view = view_in(code, card(name, region.value))
                parts = parts_of(view, stage)
                cut += [(name, region.value, each.text) for each in cut_texts(parts)]
    assert cut == []
