"""The script language, and storing, running and deleting scripts in the daemon."""

from itertools import pairwise

import pigpio
import pytest

from tests.drivers.virtual.pigpiod.bench import Bench

INITING, HALTED, RUNNING, WAITING = range(4)


def parameters(bench: Bench, script: int) -> list[int]:
    return list(bench.pi.script_status(script)[1])


def outcome(bench: Bench, text: str, *given: int) -> int:
    """Run a script to its end; return parameter 9 as a C int."""
    script = bench.store(text, *given)
    bench.run_us(50_000)
    state, values = bench.pi.script_status(script)
    assert state == HALTED
    bench.pi.delete_script(script)
    return int.from_bytes((values[9] & 0xFFFF_FFFF).to_bytes(4, "little"), "little", signed=True)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("lda 7 add 5 sta p9", 12),
        ("lda 7 sub 9 sta p9", -2),
        ("lda -7 mlt 3 sta p9", -21),
        ("lda -7 div 2 sta p9", -3),
        ("lda -7 mod 2 sta p9", -1),
        ("lda 9 div 0 sta p9", 0),
        ("lda 0xF0 and 0x3C sta p9", 0x30),
        ("lda 0xF0 or 017 sta p9", 0xFF),
        ("lda 6 xor 3 sta p9", 5),
        ("lda 1 rla 31 sta p9", -(2**31)),
        ("lda -8 rra 1 sta p9", -4),
        ("lda 0x7fffffff inra sta p9", -(2**31)),
        ("lda 5 dcra sta p9", 4),
        ("ld v3 41 inr v3 lda v3 sta p9", 42),
        ("ld p1 5 dcr p1 lda p1 sta p9", 4),
        ("ld v1 3 rl v1 4 lda v1 sta p9", 48),
        ("ld v1 48 rr v1 4 lda v1 sta p9", 3),
        ("ld v1 1 ld v2 2 x v1 v2 lda v1 sta p9", 2),
        ("ld v1 8 lda 9 xa v1 lda v1 sta p9", 9),
        ("lda 5 pusha lda 6 popa sta p9", 5),
        ("ld v1 5 push v1 ld v1 6 pop v1 lda v1 sta p9", 5),
        ("lda 300 stab 7 lda 0 ldab 7 sta p9", 44),
        ("call 1 halt tag 1 lda 3 sta p9 ret", 3),
        ("lda 3 cmp 3 jz 1 halt tag 1 ld p9 1", 1),
        ("lda 3 cmp 4 jm 1 halt tag 1 ld p9 1", 1),
        ("lda 4 cmp 4 jp 1 halt tag 1 ld p9 1", 1),
        ("lda 4 cmp 5 jnz 1 halt tag 1 ld p9 1", 1),
        ("cmp 0 lda 1 jz 1 halt tag 1 ld p9 1", 1),  # LDA does not change the flag
        ("lda 2 jmp 1 lda 3 tag 1 sta p9", 2),
        ("lda p0 add p1 sta p9", 30),
        ("r 99 sta p9", -3),
        ("mils 60001 sta p9", -65),
        ("mics 1000001 sta p9", -64),
        ("mics 10 sta p9", 0),
        ("w 27 1 r 27 sta p9", 1),
        ("sys nothing sta p9", -140),
        ("trig 4 10 1 sta p9", 0),
        ("ret ld p9 1", 0),  # too many pops end the script
    ],
)
def test_each_instruction_gives_its_result(bench: Bench, text: str, result: int) -> None:
    assert outcome(bench, text, 10, 20) == result


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("frobnicate", -55),
        ("w 4", -55),
        ("w -4 1", -55),
        ("lda", -55),
        ("lda v150", -55),
        ("lda p10", -55),
        ("sta 150", -55),
        ("jmp v1", -55),
        ("wvag 1 2 3", -55),
        ("procr 0", -55),
        ("m 4 q", -55),
        ("tag 1 tag 1", -53),
        (" ".join(f"tag {n}" for n in range(51)), -54),
        ("jmp 7", -63),
    ],
)
def test_invalid_texts_are_refused_with_the_error_of_pigpiod(
    bench: Bench, text: str, code: int
) -> None:
    assert bench.pi.store_script(text.encode()) == code


def test_words_may_be_written_in_any_case_and_short(bench: Bench) -> None:
    assert outcome(bench, "M 4 w  W 4 1\n MG 4 StA p9") == 1


def test_a_33rd_script_is_refused(bench: Bench) -> None:
    assert [bench.pi.store_script(b"halt") for _ in range(33)] == [*range(32), -57]
    bench.pi.delete_script(5)
    assert bench.pi.store_script(b"halt") == 5


def test_running_a_script_before_its_thread_is_ready_is_refused(bench: Bench) -> None:
    """Follows gpioRunScript."""
    script = bench.pi.store_script(b"halt")
    assert bench.pi.script_status(script)[0] == INITING
    assert bench.pi.run_script(script) == -62
    bench.run_us(100)
    assert bench.pi.script_status(script)[0] == HALTED
    assert bench.pi.run_script(script) == 0


def test_unknown_scripts_and_too_many_parameters_are_refused(bench: Bench) -> None:
    for command in (39, 40, 41, 45, 117):
        assert bench.send(command, 3) == -48
        assert bench.send(command, 32) == -48
    bench.store("halt")
    assert bench.send(40, 0, 0, bytes(44)) == -61
    assert bench.send(117, 0, 0, bytes(44)) == -61


def test_updating_overwrites_from_the_first_parameter_on(bench: Bench) -> None:
    """Follows gpioUpdateScript."""
    script = bench.store("tag 1 mils 1 jmp 1", 1, 2, 3)
    assert bench.pi.update_script(script, [9]) == 0
    assert parameters(bench, script)[:4] == [9, 2, 3, 0]
    bench.pi.update_script(script, [7, 8])
    assert parameters(bench, script)[:4] == [7, 8, 3, 0]


def test_variables_outlive_a_run_and_parameters_too(bench: Bench) -> None:
    script = bench.store("inr v0 lda v0 sta p9", 4)
    bench.run_us(1_000)
    bench.pi.run_script(script)
    bench.run_us(1_000)
    assert (parameters(bench, script)[0], parameters(bench, script)[9]) == (4, 2)


def test_a_delay_suspends_one_script_only(bench: Bench) -> None:
    slow = bench.store("tag 1 mils 100 inr p0 jmp 1")
    fast = bench.store("tag 1 mils 10 inr p0 jmp 1")
    bench.run_us(1_001_000)
    assert (parameters(bench, slow)[0], parameters(bench, fast)[0]) == (10, 100)


def test_a_loop_of_instructions_takes_a_microsecond_each(bench: Bench) -> None:
    bench.outputs(4)
    edges = bench.edges(4)
    bench.store("tag 1 w 4 1 w 4 0 jmp 1")
    bench.run_us(300)
    gaps = {later[0] - earlier[0] for earlier, later in pairwise(edges)}
    assert len(edges) > 150
    assert gaps <= {1, 2}


def test_a_script_reads_the_tick_of_its_own_instruction(bench: Bench) -> None:
    assert outcome(bench, "t sta v0 t sub v0 sta p9") == 2


def test_the_tick_reaches_a_script_as_a_c_int(bench: Bench) -> None:
    assert outcome(bench, "t sta v0 mils 5 t sub v0 sta p9") in range(5_000, 5_010)


def test_stop_waits_out_the_delay_in_progress(bench: Bench) -> None:
    """Follows gpioStopScript."""
    script = bench.store("tag 1 mils 100 jmp 1")
    bench.run_us(1_000)
    bench.pi.stop_script(script)
    assert bench.pi.script_status(script)[0] == RUNNING
    bench.run_us(100_000)
    assert bench.pi.script_status(script)[0] == HALTED


def test_delete_blocks_its_client_until_the_script_halts(bench: Bench) -> None:
    """Follows gpioDeleteScript."""
    script = bench.store("tag 1 mils 100 jmp 1")
    bench.run_us(1_000)
    start_us = bench.timeline.now_us
    assert bench.pi.delete_script(script) == 0
    assert 95_000 < bench.timeline.now_us - start_us < 110_000
    assert bench.pi.script_status(script)[0] == -48


def test_a_script_survives_its_client_but_not_the_daemon(bench: Bench) -> None:
    bench.outputs(4)
    client = bench.client()
    script = client.store_script(b"tag 1 w 4 1 mils 1 w 4 0 mils 1 jmp 1")
    bench.run_us(100)
    client.run_script(script)
    client.socket.close()
    edges = bench.edges(4)
    bench.run_us(100_000)
    assert len(edges) > 90
    bench.daemon.kill()
    edges.clear()
    bench.run_us(100_000)
    assert edges == []


def test_a_stopped_daemon_freezes_scripts_and_resumes_them_where_they_were(bench: Bench) -> None:
    script = bench.store("tag 1 inr p0 mils 1 jmp 1")
    bench.run_us(50_000)
    bench.daemon.stall(True)
    bench.run_us(500_000)
    bench.daemon.stall(False)
    assert parameters(bench, script)[0] in range(49, 53)
    bench.run_us(50_000)
    assert parameters(bench, script)[0] in range(98, 104)


def test_wait_ends_with_the_bits_that_changed(bench: Bench) -> None:
    """Follows scrWait."""
    script = bench.store("wait 0x600 sta p9 halt")
    bench.run_us(5_000)
    assert bench.pi.script_status(script)[0] == WAITING
    bench.pins.drive(9, 1)
    bench.run_us(5_000)
    assert bench.pi.script_status(script)[0] == HALTED
    assert parameters(bench, script)[9] == 1 << 9


def test_wait_on_a_high_pin_that_was_not_monitored_returns_at_once(bench: Bench) -> None:
    """Follows pthAlertThread: a newly monitored high level differs from the masked old one."""
    bench.pins.drive(6, 1)
    bench.run_us(10_000)
    script = bench.store("wait 0x40 sta p9 halt")
    bench.run_us(5_000)
    assert (bench.pi.script_status(script)[0], parameters(bench, script)[9]) == (HALTED, 1 << 6)


def test_wait_on_a_low_pin_reacts_within_two_milliseconds(bench: Bench) -> None:
    bench.outputs(4)
    bench.pins.drive(27, 0)
    bench.store("wait 0x8000000 w 4 1")
    bench.run_us(10_300)
    edges = bench.edges(4)
    bench.pins.drive(27, 1)
    bench.run_us(10_000)
    assert 0 < edges[0][0] <= 2_000


def test_event_wait_ends_with_the_event(bench: Bench) -> None:
    """Follows scrEvtWait."""
    script = bench.store("evtwt 0x1000 sta p9 halt")
    bench.run_us(5_000)
    assert bench.send(116, 12) == 0
    bench.run_us(2_000)
    assert parameters(bench, script)[9] == 1 << 12


def test_stop_ends_a_wait(bench: Bench) -> None:
    script = bench.store("wait 0x200 mils 1000")
    bench.run_us(5_000)
    bench.pi.stop_script(script)
    bench.run_us(100)
    assert bench.pi.script_status(script)[0] == HALTED


def test_nop_spins_for_ever(bench: Bench) -> None:
    """Follows pthScript, which has no case for it."""
    script = bench.store("nop ld p9 1")
    bench.run_us(10_000)
    assert bench.pi.script_status(script)[0] == RUNNING
    assert parameters(bench, script)[9] == 0


def test_a_script_can_stop_a_loop_and_clear_a_gate(bench: Bench) -> None:
    bench.outputs(17)
    bench.pi.wave_add_generic([pigpio.pulse(1 << 17, 0, 100), pigpio.pulse(0, 1 << 17, 100)])
    bench.pi.wave_send_repeat(bench.pi.wave_create())
    bench.store("mils 5 bc1 0x20000 wvhlt bc1 0x20000")
    bench.run_us(10_000)
    assert (bench.pi.wave_tx_busy(), bench.pi.read(17)) == (0, 0)


def test_a_first_wave_from_a_script_takes_its_2_ms(bench: Bench) -> None:
    bench.outputs(17)
    bench.pi.wave_add_generic([pigpio.pulse(1 << 17, 0, 100)])
    wave = bench.pi.wave_create()
    edges = bench.edges(17)
    bench.store(f"wvtx {wave} sta p9")
    bench.run_us(5_000)
    assert edges == [(2_120, 17, 1)]


def test_a_millisecond_poll_costs_the_timeline_one_event(bench: Bench) -> None:
    bench.pins.drive(27, 1)
    text = "tag 1 r 27 jz 3 t sub p0 cmp 80000 jp 3 inr v1 lda v1 sta p1 mils 1 jmp 1 tag 3 halt"
    script = bench.store(text, bench.timeline.now_us + 10**9)
    events = bench.timeline._order
    bench.run_us(1_000_000)
    polls = parameters(bench, script)[1]
    assert polls in range(980, 1_000)
    assert bench.timeline._order - events <= polls + 2


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("1" * 4_301, -1), ("-" + "1" * 4_301, 0), ("0x" + "f" * 60_000, -1),
        ("0" * 60_000 + "7", 7), ("9223372036854775807", -1), ("-9223372036854775808", 0),
        ("0777777777777777777777", -1), ("01000000000000000000000", -1),
        ("0x" + "9" * 21, -1), ("4294967297", 1), ("2147483648", -(1 << 31)), ("-1", -1),
    ],
)  # fmt: skip
def test_a_number_of_any_length_is_limited_as_by_strtoimax(
    bench: Bench, number: str, value: int
) -> None:
    """2**63 - 1 and -2**63; a variable keeps the low 32 bits."""
    script = bench.store(f"lda {number} sta p0")
    bench.run_us(100)
    assert bench.pi.script_status(script)[1][0] == value


def test_a_number_whose_low_32_bits_are_negative_is_refused_as_a_gpio(bench: Bench) -> None:
    for number in ("1" * 4_301, "2147483648", "-1"):
        assert bench.pi.store_script(f"read {number}".encode()) == -55
    script = bench.store("read -9223372036854775808 sta p0")  # its low 32 bits are GPIO 0
    bench.run_us(100)
    assert bench.pi.script_status(script)[1][0] == 1


@pytest.mark.parametrize("left", ["-5", "-2147483648", "2147483647", "7"])
def test_a_return_to_a_pushed_position_ends_the_script(bench: Bench, left: str) -> None:
    script = bench.store(f"lda {left} pusha ret")
    bench.run_us(100)
    assert bench.pi.script_status(script)[0] == 1
