"""The rules of the stream, against the board's daemon with pigpio's dangerous behaviour.

Tests named "without ..." break a rule on purpose: the board then does what a Pi would do.
"""

import itertools

import pytest

from drivers.errors import DaemonLost, SliceRejected
from drivers.pigpio.client import StreamClient
from drivers.pigpio.waves import SlotPosition
from tests.drivers.bench import GATES, LDAC, WVCLR, WVDEL, WVHLT, WVTXM, Bench, a_slice


@pytest.mark.proves("whole-slices")
def test_the_pins_follow_the_slice_to_the_microsecond(bench: Bench) -> None:
    bench.begin(a_slice(pulses=1))
    bench.wait(25_000)
    (start_us, *_), *_ = [edge for edge in bench.edges if edge[1:] == (LDAC, 0)]
    assert [(at - start_us, pin, level) for at, pin, level in bench.edges if at >= start_us] == [
        (0, LDAC, 0),
        (20, LDAC, 1),
        (500, 17, 1),
        (700, 17, 0),
        (750, 18, 1),
        (950, 18, 0),
    ]


@pytest.mark.proves("stream-watched")
def test_slices_join_without_a_gap(bench: Bench) -> None:
    ticks = [marker.tick_us for marker in bench.stream(12)]
    assert [after - before for before, after in itertools.pairwise(ticks)] == [20_000] * 11


@pytest.mark.proves("stream-watched")
def test_every_slice_gives_one_marker_within_a_tick(bench: Bench) -> None:
    markers = bench.stream(20)
    assert len(markers) == 20
    falls = [at for at, pin, level in bench.edges if (pin, level) == (LDAC, 0)]
    assert len(falls) == 20
    for fall_us, marker in zip(falls, markers, strict=True):
        assert 0 <= marker.at_us - fall_us <= 12_000


@pytest.mark.proves("finite-slices")
def test_a_fourth_slice_in_flight_is_rejected_and_changes_nothing(bench: Bench) -> None:
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    sent = bench.requests.count
    with pytest.raises(SliceRejected, match="3 are in flight"):
        bench.pulses.play(a_slice(4))
    assert sent((WVTXM, 3)) == 0
    bench.wait(100_000)
    assert len(bench.pulses.poll().markers) == 3


@pytest.mark.proves("finite-slices")
def test_rejected_slices_use_up_no_wave_memory(bench: Bench) -> None:
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    for _ in range(60):
        with pytest.raises(SliceRejected, match="3 are in flight"):
            bench.pulses.play(a_slice(4))


@pytest.mark.proves("finite-slices")
def test_without_a_stream_a_slice_is_rejected(bench: Bench) -> None:
    with pytest.raises(SliceRejected, match="begin one"):
        bench.pulses.play(a_slice())
    bench.wait(50_000)
    assert bench.edges == []


@pytest.mark.proves("finite-slices")
def test_a_stream_without_further_slices_ends_by_itself(bench: Bench) -> None:
    slices = [a_slice(number, duration_us=30_000) for number in (1, 2, 3)]
    bench.begin(*slices)
    enqueued_us = bench.now_us
    bench.wait(200_000)
    assert bench.gate_edges()
    assert bench.gate_edges()[-1][0] - enqueued_us <= 91_000
    assert bench.gates_on() == []
    assert bench.pulses.poll().idle


# --- too late --------------------------------------------------------------------------------


@pytest.mark.proves("finite-slices")
def test_a_slice_is_rejected_while_the_last_one_sent_is_playing(bench: Bench) -> None:
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    bench.wait(50_000)
    with pytest.raises(SliceRejected, match="the last one sent is playing"):
        bench.pulses.play(a_slice(4))
    bench.wait(100_000)
    assert len(bench.pulses.poll().markers) == 3


@pytest.mark.proves("finite-slices")
def test_a_second_slice_later_than_the_priming_time_is_rejected(bench: Bench) -> None:
    bench.begin(a_slice(1))
    bench.wait(7_000)
    bench.pulses.play(a_slice(2))
    bench.begin(a_slice(1))
    bench.wait(11_000)
    with pytest.raises(SliceRejected, match="too late"):
        bench.pulses.play(a_slice(2))


@pytest.mark.proves("finite-slices")
def test_after_an_underrun_no_slice_restarts_the_output(bench: Bench) -> None:
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    bench.wait(100_000)
    with pytest.raises(SliceRejected, match="stream has ended"):
        bench.pulses.play(a_slice(4))
    before = len(bench.edges)
    bench.wait(100_000)
    assert len(bench.edges) == before
    with pytest.raises(SliceRejected, match="begin one"):
        bench.pulses.play(a_slice(4))


@pytest.mark.proves_none
def test_without_the_rule_a_late_slice_restarts_an_idle_output(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    bench.wait(100_000)
    monkeypatch.setattr(bench.pulses, "_where", lambda: (1, SlotPosition.QUEUED))
    before = len(bench.gate_edges())
    bench.pulses.play(a_slice(4))
    bench.wait(100_000)
    assert len(bench.gate_edges()) > before


@pytest.mark.proves("daemon-lost")
def test_a_send_so_slow_that_the_slice_may_be_late_raises_daemon_lost(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.begin(a_slice(1), a_slice(2))
    send = bench.pulses._client.wave_send_using_mode

    def slow_send(wave: int, mode: int) -> int:
        bench.wait(20_000)
        return send(wave, mode)

    monkeypatch.setattr(bench.pulses._client, "wave_send_using_mode", slow_send)
    with pytest.raises(DaemonLost, match="over 20000 µs"):
        bench.pulses.play(a_slice(3))
    with pytest.raises(SliceRejected):
        bench.pulses.play(a_slice(4))


# --- wave ids --------------------------------------------------------------------------------


@pytest.mark.proves("finite-slices")
def test_no_id_is_sent_twice_in_a_row_and_the_last_one_sent_is_never_deleted(bench: Bench) -> None:
    bench.stream(40)
    last_sent = None
    for command, wave in bench.requests:
        if command == WVTXM:
            assert wave != last_sent
            last_sent = wave
        if command == WVDEL:
            assert wave != last_sent
    assert sum(command == WVDEL for command, _ in bench.requests) >= 36


@pytest.mark.proves("finite-slices")
def test_only_waves_that_have_ended_are_deleted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete = bench.pulses._client.wave_delete
    playing = []

    def checked(wave: int) -> int:
        playing.append(bench.pulses._client.wave_tx_at() == wave)
        return delete(wave)

    monkeypatch.setattr(bench.pulses._client, "wave_delete", checked)
    markers = bench.stream(30)
    assert len(markers) == 30
    assert playing
    assert not any(playing)


@pytest.mark.proves_none
def test_an_hour_of_slices_uses_only_a_few_wave_ids(bench: Bench) -> None:
    bench.stream(200)
    assert max(wave for command, wave in bench.requests if command == WVTXM) <= 4


@pytest.mark.proves("finite-slices")
def test_a_new_stream_stops_and_clears_before_its_first_slice(bench: Bench) -> None:
    for _ in range(3):
        bench.requests.clear()
        markers = bench.stream(4)
        assert len(markers) == 4
        commands = [command for command, _ in bench.requests]
        assert commands.index(WVHLT) < commands.index(WVCLR) < commands.index(WVTXM)


@pytest.mark.proves_none
def test_without_the_stop_a_reused_first_slot_loops_for_ever(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.stream(3)
    client = bench.pulses._client
    last = [wave for command, wave in bench.requests if command == WVTXM][-1]
    monkeypatch.setattr(client, "wave_tx_stop", lambda: 0)
    monkeypatch.setattr(client, "wave_clear", lambda: 0)
    for wave in range(last + 1):
        try:
            client.wave_delete(wave)
        except Exception:  # noqa: BLE001, S112 - some are gone already
            continue
    for number in range(1, last + 1):  # so that the slot sent last is reused next
        bench.pulses._client.add_pulses(bench.pulses._build.slice_pulses(a_slice(number)))
        client.wave_create_and_pad(5)
    bench.begin(a_slice(1))
    bench.wait(500_000)
    assert len(bench.pulses.poll().markers) > 5


@pytest.mark.proves("stream-watched")
def test_a_cut_stream_leaves_no_marker_for_the_next_one(bench: Bench) -> None:
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    bench.wait(5_000)
    bench.pulses.cut()
    bench.wait(500)  # the daemon reports the cut's own LDAC edge after the next stream began
    bench.begin(a_slice(1))
    bench.wait(100_000)
    assert len(bench.pulses.poll().markers) == 1


@pytest.mark.proves("finite-slices")
def test_with_a_wave_of_another_client_playing_a_slice_is_rejected(bench: Bench) -> None:
    bench.begin(a_slice(1), a_slice(2))
    other = StreamClient(bench.pulses._client._connect)
    other.add_pulses(bench.pulses._build.slice_pulses(a_slice(9)))
    other.wave_send_once(other.wave_create())
    with pytest.raises(SliceRejected, match="cannot say which wave plays"):
        bench.pulses.play(a_slice(3))


# --- requests --------------------------------------------------------------------------------


@pytest.mark.proves_none
def test_a_slice_costs_at_most_eight_requests_including_polling(bench: Bench) -> None:
    before = sum(bench.pulses.round_trips().values())
    bench.stream(100)
    spent = sum(bench.pulses.round_trips().values()) - before
    # A few requests are needed once: to begin, and to see whether the last slice has ended.
    assert spent <= 8 * 100
    assert spent <= 6 * 100 + 20


@pytest.mark.proves_none
def test_polling_sends_no_request_while_slices_are_queued(bench: Bench) -> None:
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    bench.wait(2_000)
    bench.requests.clear()
    status = bench.pulses.poll()
    assert (len(status.markers), status.queued, status.idle) == (1, 2, False)
    assert bench.requests == []


@pytest.mark.proves("stream-watched")
def test_a_stream_stopped_by_another_client_is_seen_idle_before_its_slices_would_end(
    bench: Bench,
) -> None:
    bench.begin(*[a_slice(number, duration_us=30_000) for number in (1, 2, 3)])
    bench.wait(2_000)
    bench.pulses.poll()
    StreamClient(bench.pulses._client._connect).wave_tx_stop()
    bench.wait(36_000)
    status = bench.pulses.poll()
    assert status.idle
    assert status.queued == 2


# --- the cut ---------------------------------------------------------------------------------


@pytest.mark.proves("cut")
def test_a_cut_in_mid_pulse_sets_the_gate_low_at_once_and_permanently(bench: Bench) -> None:
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    while not bench.gates_on():
        bench.wait(10)
    bench.pulses.cut()
    assert bench.gates_on() == []
    assert bench.board.pins.level(LDAC) == 0
    before = len(bench.edges)
    bench.wait(200_000)
    assert len(bench.edges) == before


@pytest.mark.proves_none
def test_without_the_clear_a_stop_leaves_the_gate_on(bench: Bench) -> None:
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    while not bench.gates_on():
        bench.wait(10)
    bench.pulses._client.wave_tx_stop()
    bench.wait(200)
    assert bench.gates_on() == [17]


@pytest.mark.proves_none
def test_prepare_can_be_repeated_and_stops_the_waves_of_an_earlier_engine(bench: Bench) -> None:
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    bench.wait(600)
    bench.pulses.prepare()
    bench.edges.clear()
    bench.wait(200_000)
    assert bench.edges == []
    assert bench.gates_on() == []
    assert [bench.board.pins.modes[pin] for pin in (*GATES, LDAC)] == [1] * 5


@pytest.mark.proves("finite-slices")
def test_a_slice_too_large_is_rejected_before_any_request(bench: Bench) -> None:
    bench.pulses.begin_stream()
    bench.requests.clear()
    with pytest.raises(SliceRejected):
        bench.pulses.play(a_slice(duration_us=30_001))
    assert bench.requests == []
