"""The proof of the catalogue can fail: what is wrong in a recording or a file is found by name."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from tests.campaigns.programmes.asked import Asked, Train, files, of_content, read
from tests.campaigns.programmes.cases import Case
from tests.campaigns.programmes.measure import measure
from tests.campaigns.programmes.play import Played, play
from tests.campaigns.programmes.pulses import Phase, Pulse, Signals, pulses_of, read_signals
from tests.campaigns.programmes.quantity import Quantity
from tests.campaigns.programmes.ramps import envelope_of
from tests.campaigns.programmes.runs import runs_of

pytestmark = pytest.mark.proves_none

Session = tuple[Signals, Played, Asked]
BURST = Case("burst-tens", "neck", "left")
CONTRACTIONS = Case("nmes-endurance", "lower_back", "right")


def session(case: Case, folder: Path) -> Session:
    asked = read(files()[case.programme])
    played = play(case, asked, folder / "session")
    return read_signals(played.record), played, asked


@pytest.fixture(scope="module")
def bursts(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session(BURST, tmp_path_factory.mktemp("bursts"))


@pytest.fixture(scope="module")
def contractions(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session(CONTRACTIONS, tmp_path_factory.mktemp("contractions"))


def wrong(found: list[Quantity]) -> set[str]:
    return {each.name for each in found if not each.is_as_asked}


def test_bursts_are_given_as_their_file_asks(bursts: Session) -> None:
    found = measure(*bursts)
    assert wrong(found) == set()
    by_name = {each.name: each for each in found}
    assert (by_name["bursts"].least, by_name["pulses in a burst"].most) == (2, 10)
    assert by_name["phase"].least == by_name["phase"].most == 180


def test_contractions_are_given_as_their_file_asks(contractions: Session) -> None:
    found = measure(*contractions)
    assert wrong(found) == set()
    by_name = {each.name: each for each in found}
    assert by_name["plateau"].least == pytest.approx(6, abs=0.03)
    assert by_name["rest"].least == pytest.approx(10, abs=0.06)
    assert by_name["net charge of a pulse"].most < 0.001


def without_every_other_burst(signals: Signals) -> None:
    """Leave out bursts: one a second in place of two."""
    for name in ("gate1_pos", "gate1_neg"):
        changes = signals[name]
        signals[name] = [each for each in changes if each[0] // 500_000_000 % 2]


def with_a_longer_phase(signals: Signals) -> None:
    """Let the first phases last 10 µs longer."""
    gate = signals["gate1_pos"]
    signals["gate1_pos"] = [(at + (0 if level else 10_000), level) for at, level in gate]


def with_a_weak_second_phase(signals: Signals) -> None:
    """Let a tenth less flow back in each pulse."""
    current = signals["i1_ua"]
    signals["i1_ua"] = [(at, value * 0.9 if value < -100 else value) for at, value in current]


def with_more_current(signals: Signals) -> None:
    signals["i1_ua"] = [(at, value * 1.02) for at, value in signals["i1_ua"]]


@pytest.mark.parametrize(
    ("doctor", "names"),
    [
        (without_every_other_burst, {"bursts"}),
        (with_a_longer_phase, {"phase", "gap between phases"}),
        (with_a_weak_second_phase, {"net charge of a pulse", "net current of a second"}),
        (with_more_current, {"share of the level"}),
    ],
)
def test_a_doctored_recording_is_found(
    bursts: Session, doctor: Callable[[Signals], None], names: set[str]
) -> None:
    signals = deepcopy(bursts[0])
    doctor(signals)
    assert names <= wrong(measure(signals, *bursts[1:]))


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"rate_hz": 36}, {"pulses"}),
        ({"ramp_up_ms": 1_600}, {"ramp up"}),
        ({"ramp_down_ms": 850}, {"ramp down"}),
        ({"plateau_ms": 5_900}, {"plateau"}),
        ({"off_ms": 9_900}, {"rest"}),
        ({"off_ms": 10_100}, {"rest"}),
        ({"phase_us": 299, "interphase_us": 101}, {"phase", "gap between phases"}),
        ({"share_percent": 99}, {"share of the level"}),
        ({"leading": "alternating"}, {"take turns in the first phase"}),
        ({"duration_s": 600}, {"minutes prescribed"}),
    ],
)
def test_a_file_that_asks_for_something_else_is_found(
    contractions: Session, changes: dict[str, object], names: set[str]
) -> None:
    signals, played, _ = contractions
    assert wrong(measure(signals, played, of_content(changed(changes)))) == names


def changed(changes: dict[str, object]) -> dict[str, object]:
    """Return the file of the contractions with other values, in whichever table they are."""
    pulse: dict[str, object] = {"phase_us": 300, "interphase_us": 100}
    times: dict[str, object] = {
        "plateau_ms": 6_000,
        "off_ms": 10_000,
        "ramp_up_ms": 1_500,
        "ramp_down_ms": 750,
    }
    content: dict[str, object] = {"duration_s": 900, "rate_hz": 35}
    for key, value in changes.items():
        inner = next((table for table in (pulse, times) if key in table), content)
        (pulse if key == "leading" else inner)[key] = value
    head = {"name": "x", "kind": "endurance", "region": "lower_back"}
    return {**head, **content, "pulse": pulse, "on_off": times}


def test_a_key_that_nothing_measures_is_found(contractions: Session) -> None:
    signals, played, _ = contractions
    (name,) = wrong(measure(signals, played, of_content({**changed({}), "wobble": 3})))
    assert name == "keys of the file that nothing measures: wobble"


def test_a_programme_that_was_not_seen_is_not_as_asked(contractions: Session) -> None:
    signals, played, asked = contractions
    nothing: Signals = {name: [] for name in signals}
    assert {"pulses", "phase", "ramp up", "plateau", "rest"} <= wrong(
        measure(nothing, played, asked)
    )


def test_a_phase_without_its_other_is_found(bursts: Session) -> None:
    signals = deepcopy(bursts[0])
    last_ns = bursts[1].ended_us * 1_000 - 1_500_000_000
    signals["gate1_neg"] = [each for each in signals["gate1_neg"] if each[0] < last_ns]
    assert "phases without their other" in wrong(measure(signals, *bursts[1:]))


def test_an_active_rest_is_told_from_the_contraction_right_behind_it() -> None:
    """Twitches of 4 a second end 0.1 s before contractions of 35 a second begin."""
    asked = Asked(
        name="x",
        kind="endurance",
        region="lower_back",
        duration_s=60,
        own=Train("own", 35, 300, 100),
        before=(),
        rest=Train("active rest", 4, 300, 100),
        after=(),
        unknown=(),
    )
    contraction = [n * 28_572_000 for n in range(200)]
    twitches = [contraction[-1] + 1_000_000_000 + n * 250_000_000 for n in range(20)]
    again = [twitches[-1] + 100_000_000 + at_ns for at_ns in contraction]
    pulses = [a_pulse(at_ns) for at_ns in (*contraction, *twitches, *again)]
    runs = runs_of(pulses, asked, finished=False)
    assert [(run.train.name, len(run.pulses)) for run in runs] == [
        ("own", 200),
        ("active rest", 20),
        ("own", 200),
    ]


def a_pulse(at_ns: int) -> Pulse:
    first = Phase(at_ns, at_ns + 300_000, 1, 3_000_000)
    return Pulse(first, Phase(at_ns + 400_000, at_ns + 700_000, -1, -3_000_000))


def test_ramps_are_read_off_a_stair_as_the_line_it_stands_for() -> None:
    rising = [(at_ms, 10_000 * min(at_ms // 30 * 30 / 1_500, 1)) for at_ms in range(0, 5_000, 20)]
    falling = [(5_000 + at_ms, 10_000 * (1 - at_ms / 800)) for at_ms in range(0, 800, 20)]
    found = envelope_of([*rising, *falling], 5_800)
    assert found.up == pytest.approx(1_515, abs=20)
    assert found.plateau == pytest.approx(3_500, abs=40)
    assert found.down == pytest.approx(800, abs=20)
    assert found.top_ua == 10_000


def test_charge_is_summed_over_every_change_of_the_current() -> None:
    signals: Signals = {
        "gate1_pos": [(0, 0), (1_000, 1), (3_000, 0)],
        "gate1_neg": [(0, 0), (4_000, 1), (6_000, 0)],
        "i1_ua": [(0, 0.0), (1_000, 5_000.0), (3_000, 0.0), (4_000, -5_000.0), (5_000, -4_000.0)],
    }
    (pulse,) = pulses_of(signals, 1)
    assert pulse.first.charge_pc == 10_000
    assert pulse.second is not None
    assert pulse.second.charge_pc == -9_000
    assert pulse.net_pc == 1_000
