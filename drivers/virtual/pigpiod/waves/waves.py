"""Waves: the commands that build, send and observe them (gpioWave... in pigpio.c)."""

from collections.abc import Callable, Generator

from drivers.virtual.pigpiod.codes import (
    WORD_MASK,
    Answer,
    Cmd,
    Err,
    Handler,
    Result,
    Steps,
    character_bytes,
    forbids,
    word,
)
from drivers.virtual.pigpiod.waves.chains import ChainBuilder
from drivers.virtual.pigpiod.waves.dma import DmaChannel
from drivers.virtual.pigpiod.waves.pending_wave import (
    MAX_CHARS,
    MAX_MICROS,
    MAX_PULSES,
    PendingWave,
    check_serial,
    serial_pulses,
    unpack_pulses,
)
from drivers.virtual.pigpiod.waves.wave_allocator import (
    WaveAllocator,
    WaveSlot,
    padded_size,
    size_of,
)
from drivers.virtual.pigpiod.waves.wave_memory import END, TOTAL_BLOCKS, WaveMemory

CLOCK_START_NS = 2_000_000
"""initClock waits 2 ms after it has set up the secondary clock."""
FOUND_WAVES = 250
"""WVTAT searches no further (PI_MAX_WAVES)."""
WAVE_NOT_FOUND = 9998
NO_TX_WAVE = 9999
ONE_SHOT, REPEAT, ONE_SHOT_SYNC, REPEAT_SYNC = range(4)
_WORD_BYTES = 4
_WHOLE_PERCENT = 100


class Waves:
    """All WV commands; `dma` may still be playing waves of a previous daemon.

    `on_clock_start` is called when the first wave takes the second clock.
    """

    def __init__(self, dma: DmaChannel, permitted: int) -> None:
        self.on_clock_start: Callable[[], None] | None = None
        self._clock_ready = False
        self._dma = dma
        self._permitted = permitted
        self._memory = WaveMemory()
        self._pending = PendingWave()
        self._slots = WaveAllocator(self._memory)
        self._end_pointer: int | None = None

    def commands(self) -> dict[int, Handler]:
        """Return the handlers of the wave commands."""
        return {
            Cmd.WVCLR: self._clear,
            Cmd.WVNEW: self._new,
            Cmd.WVAG: self._add_generic,
            Cmd.WVAS: self._add_serial,
            Cmd.WVCRE: self._create,
            Cmd.WVCAP: self._create_padded,
            Cmd.WVDEL: lambda wave, _, __: self._slots.delete(wave),
            Cmd.WVTX: lambda wave, _, __: self._send(wave, ONE_SHOT, b""),
            Cmd.WVTXR: lambda wave, _, __: self._send(wave, REPEAT, b""),
            Cmd.WVTXM: self._send,
            Cmd.WVTAT: lambda *_: self._playing(),
            Cmd.WVBSY: lambda *_: int(self._dma.at != END),
            Cmd.WVHLT: lambda *_: self.stop(),
            Cmd.WVCHA: self._chain,
            Cmd.WVSM: self._micros,
            Cmd.WVSP: self._pulses,
            Cmd.WVSC: self._cbs,
            Cmd.WVGO: lambda *_: Err.DEPRECATED,
            Cmd.WVGOR: lambda *_: Err.DEPRECATED,
        }

    def stop(self) -> int:
        """Stop the wave; levels stay, and the next SYNC starts at once (gpioWaveTxStop)."""
        self._dma.abort()
        self._end_pointer = None
        return 0

    def stop_for_hardware_pwm(self) -> None:
        """Stop for hardware PWM, which takes the wave clock (gpioHardwarePWM)."""
        if self._dma.at != END:
            self.stop()
        self._clock_ready = False

    def _clear(self, _: int, __: int, ___: bytes) -> int:
        # gpioWaveClear does not touch DMA: it reads on, and new waves overwrite what it plays.
        self._pending.clear()
        self._slots.clear()
        self._end_pointer = None
        return 0

    def _new(self, _: int, __: int, ___: bytes) -> int:
        self._pending.clear()
        return 0

    def _add_generic(self, _: int, __: int, extension: bytes) -> int:
        pulses = unpack_pulses(extension)
        mask = self._permitted & WORD_MASK
        masked = any((on | off) & ~mask for on, off, _ in pulses)
        if masked:
            pulses = [(on & mask, off & mask, delay) for on, off, delay in pulses]
        total = self._pending.add(pulses)
        return Err.SOME_PERMITTED if masked and total >= 0 else total

    def _add_serial(self, gpio: int, baud: int, extension: bytes) -> int:
        if forbids(self._permitted, gpio):
            return Err.NOT_PERMITTED
        bits, stops, offset_us = (word(extension, index) for index in range(3))
        text = extension[3 * _WORD_BYTES :]
        wrong = check_serial(gpio, baud, bits, stops)
        if wrong:
            return wrong
        if len(text) > MAX_CHARS:
            return Err.TOO_MANY_CHARS
        if offset_us > MAX_MICROS:
            return Err.BAD_SER_OFFSET
        if len(text) < character_bytes(bits):
            return 0
        return self._pending.add(serial_pulses(gpio, baud, bits, stops, offset_us, text))

    def _create(self, _: int, __: int, ___: bytes) -> int:
        if not self._pending.pulses:
            return Err.EMPTY_WAVEFORM
        wave = self._slots.allocate(size_of(self._pending.pulses))
        if wave >= 0:
            self._slots.build(self._pending.consume(), wave, padded=False)
        return wave

    def _create_padded(self, percent: int, second: int, extension: bytes) -> int:
        if len(extension) == _WORD_BYTES:
            percents = (percent, second, word(extension, 0))
        elif not extension:
            percents = (percent, second or percent, 0)
        else:
            return Err.BAD_WAVE_ID
        if max(percents) > _WHOLE_PERCENT:
            return Err.BAD_PARAM
        if not self._pending.pulses:
            return Err.EMPTY_WAVEFORM
        size, need = padded_size(*percents), size_of(self._pending.pulses)
        if need.cbs > size.cbs:
            return Err.TOO_MANY_CBS
        if need.words > size.words:
            return Err.TOO_MANY_OOL
        wave = self._slots.allocate(size)
        if wave >= 0:
            self._slots.build(self._pending.consume(), wave, padded=True)
        return wave

    def _send(self, wave: int, mode: int, _: bytes) -> Answer:
        slot = self._slots.find(wave)
        if slot is None:
            return Err.BAD_WAVE_ID
        if mode > REPEAT_SYNC:
            return Err.BAD_WAVE_MODE
        return self._link(slot, mode) if self._clock_ready else self._send_first(slot, mode)

    def _send_first(self, slot: WaveSlot, mode: int) -> Steps:
        yield from self._start_clock()
        return self._link(slot, mode)

    def _start_clock(self) -> Generator[int, None, None]:
        """Set up the secondary clock, which ends hardware PWM."""
        if self.on_clock_start is not None:
            self.on_clock_start()
        yield CLOCK_START_NS
        self._clock_ready = True

    def _link(self, slot: WaveSlot, mode: int) -> int:
        """Set the wave's tail, then link it behind the last one sent (gpioWaveTxSend)."""
        links = self._memory.links
        if mode < ONE_SHOT_SYNC:
            self._dma.abort()
        # The tail is reset before the old end pointer is written: if both are the same block
        # (last-sent id again, or its reused slot), the wave is linked to itself.
        links[slot.top] = slot.bottom + 1 if mode & 1 else END
        if self._end_pointer is not None and mode >= ONE_SHOT_SYNC:
            links[self._end_pointer] = slot.bottom + 1
            if self._dma.at == END:
                self._dma.start(self._memory, slot.bottom)
        else:
            self._dma.start(self._memory, slot.bottom)
        self._end_pointer = slot.top
        return slot.size.cbs

    def _playing(self) -> int:
        at = self._dma.at
        if at == END:
            return NO_TX_WAVE
        # gpioWaveTxAt searches the whole table, including cleared and freed entries.
        for wave, slot in enumerate(self._slots.table[:FOUND_WAVES]):
            if not slot.deleted and slot.bottom <= at <= slot.top:
                return wave
        return WAVE_NOT_FOUND

    def _chain(self, _: int, __: int, extension: bytes) -> Answer:
        if not self._clock_ready:
            return self._chain_first(extension)
        return self._play_chain(extension)

    def _chain_first(self, extension: bytes) -> Steps:
        yield from self._start_clock()
        return self._play_chain(extension)

    def _play_chain(self, extension: bytes) -> Result:
        # gpioWaveChain stops what plays before it checks the chain.
        self.stop()
        waves = [self._slots.find(wave) for wave in range(self._slots.count)]
        ends = [None if slot is None else (slot.bottom + 1, slot.top) for slot in waves]
        built = ChainBuilder(self._memory, ends).build(extension)
        if isinstance(built, Err):
            return built
        first, tail = built
        self._dma.start(self._memory, first)
        self._end_pointer = tail
        return 0

    def _micros(self, which: int, _: int, __: bytes) -> int:
        values = (self._pending.micros, self._pending.high_micros, MAX_MICROS)
        return values[which] if which < len(values) else Err.BAD_WVSM_COMMAND

    def _pulses(self, which: int, _: int, __: bytes) -> int:
        values = (self._pending.count, self._pending.high_count, MAX_PULSES)
        return values[which] if which < len(values) else Err.BAD_WVSP_COMMAND

    def _cbs(self, which: int, _: int, __: bytes) -> int:
        values = (self._pending.cbs, self._pending.high_cbs, TOTAL_BLOCKS)
        return values[which] if which < len(values) else Err.BAD_WVSC_COMMAND
