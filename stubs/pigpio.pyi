# What our drivers and tests use of the pigpio client, version 1.78.
# An answer below zero is an error code only while `exceptions` is off; otherwise `error` is raised.
import socket
import threading
from collections.abc import Callable, Iterable, Sequence

exceptions: bool
VERSION: str
ALT0: int
ALT1: int
ALT2: int
ALT3: int
ALT4: int
ALT5: int
CLEAR: int
EITHER_EDGE: int
EVENT_BSC: int
FALLING_EDGE: int
FILE_APPEND: int
FILE_CREATE: int
FILE_READ: int
FILE_RW: int
FILE_TRUNC: int
FILE_WRITE: int
FROM_CURRENT: int
FROM_END: int
FROM_START: int
HIGH: int
INPUT: int
LOW: int
NO_TX_WAVE: int
NTFY_FLAGS_ALIVE: int
NTFY_FLAGS_EVENT: int
NTFY_FLAGS_GPIO: int
NTFY_FLAGS_WDOG: int
OFF: int
ON: int
OUTPUT: int
PI_BAD_CHAIN_CMD: int
PI_BAD_CHAIN_DELAY: int
PI_BAD_CHAIN_LOOP: int
PI_BAD_DATABITS: int
PI_BAD_DUTYCYCLE: int
PI_BAD_DUTYRANGE: int
PI_BAD_EVENT_ID: int
PI_BAD_FILE_FLAG: int
PI_BAD_FILE_MODE: int
PI_BAD_FILE_READ: int
PI_BAD_FILE_SEEK: int
PI_BAD_FILE_WRITE: int
PI_BAD_FILTER: int
PI_BAD_FLAGS: int
PI_BAD_FOREVER: int
PI_BAD_GPIO: int
PI_BAD_HANDLE: int
PI_BAD_HCLK_FREQ: int
PI_BAD_HCLK_PASS: int
PI_BAD_HPWM_DUTY: int
PI_BAD_HPWM_FREQ: int
PI_BAD_I2C_ADDR: int
PI_BAD_I2C_BAUD: int
PI_BAD_I2C_BUS: int
PI_BAD_I2C_CMD: int
PI_BAD_I2C_RLEN: int
PI_BAD_I2C_WLEN: int
PI_BAD_LEVEL: int
PI_BAD_MALLOC_MODE: int
PI_BAD_MICS_DELAY: int
PI_BAD_MILS_DELAY: int
PI_BAD_MODE: int
PI_BAD_PAD: int
PI_BAD_PARAM: int
PI_BAD_PARAM_NUM: int
PI_BAD_PUD: int
PI_BAD_PULSELEN: int
PI_BAD_PULSEWIDTH: int
PI_BAD_SCRIPT: int
PI_BAD_SCRIPT_CMD: int
PI_BAD_SCRIPT_ID: int
PI_BAD_SCRIPT_NAME: int
PI_BAD_SERIAL_COUNT: int
PI_BAD_SER_DEVICE: int
PI_BAD_SER_INVERT: int
PI_BAD_SER_OFFSET: int
PI_BAD_SER_SPEED: int
PI_BAD_SHELL_STATUS: int
PI_BAD_SMBUS_CMD: int
PI_BAD_SPI_BAUD: int
PI_BAD_SPI_CHANNEL: int
PI_BAD_SPI_COUNT: int
PI_BAD_SPI_SPEED: int
PI_BAD_STOPBITS: int
PI_BAD_STRENGTH: int
PI_BAD_TAG: int
PI_BAD_USER_GPIO: int
PI_BAD_VAR_NUM: int
PI_BAD_WAVE_BAUD: int
PI_BAD_WAVE_ID: int
PI_BAD_WDOG_TIMEOUT: int
PI_BAD_WVSC_COMMND: int
PI_BAD_WVSM_COMMND: int
PI_BAD_WVSP_COMMND: int
PI_CHAIN_COUNTER: int
PI_CHAIN_LOOP_CNT: int
PI_CHAIN_NESTING: int
PI_CHAIN_TOO_BIG: int
PI_CMD_INTERRUPTED: int
PI_DEPRECATED: int
PI_DUP_TAG: int
PI_EMPTY_WAVEFORM: int
PI_FILE_IS_A_DIR: int
PI_FILE_NOT_ROPEN: int
PI_FILE_NOT_WOPEN: int
PI_FIL_OPEN_FAILED: int
PI_GPIO_IN_USE: int
PI_HPWM_ILLEGAL: int
PI_I2C_OPEN_FAILED: int
PI_I2C_READ_FAILED: int
PI_I2C_WRITE_FAILED: int
PI_MSG_TOOBIG: int
PI_NOT_HCLK_GPIO: int
PI_NOT_HPWM_GPIO: int
PI_NOT_I2C_GPIO: int
PI_NOT_ON_BCM2711: int
PI_NOT_PERMITTED: int
PI_NOT_PWM_GPIO: int
PI_NOT_SERIAL_GPIO: int
PI_NOT_SERVO_GPIO: int
PI_NOT_SPI_GPIO: int
PI_NO_AUX_SPI: int
PI_NO_FILE_ACCESS: int
PI_NO_FILE_MATCH: int
PI_NO_HANDLE: int
PI_NO_MEMORY: int
PI_NO_SCRIPT_ROOM: int
PI_NO_WAVEFORM_ID: int
PI_ONLY_ON_BCM2711: int
PI_SCRIPT_FAILED: int
PI_SCRIPT_HALTED: int
PI_SCRIPT_INITING: int
PI_SCRIPT_NOT_READY: int
PI_SCRIPT_RUNNING: int
PI_SCRIPT_WAITING: int
PI_SER_OPEN_FAILED: int
PI_SER_READ_FAILED: int
PI_SER_READ_NO_DATA: int
PI_SER_WRITE_FAILED: int
PI_SOCK_READ_FAILED: int
PI_SOCK_WRIT_FAILED: int
PI_SOME_PERMITTED: int
PI_SPI_OPEN_FAILED: int
PI_SPI_XFER_FAILED: int
PI_TOO_MANY_CBS: int
PI_TOO_MANY_CHARS: int
PI_TOO_MANY_OOL: int
PI_TOO_MANY_PARAM: int
PI_TOO_MANY_PULSES: int
PI_TOO_MANY_TAGS: int
PI_UNKNOWN_COMMAND: int
PUD_DOWN: int
PUD_OFF: int
PUD_UP: int
RISING_EDGE: int
SET: int
SPI_CPHA: int
SPI_CPOL: int
SPI_CS_HIGH_ACTIVE: int
SPI_MODE_0: int
SPI_MODE_1: int
SPI_MODE_2: int
SPI_MODE_3: int
SPI_RX_LSBFIRST: int
SPI_TX_LSBFIRST: int
TIMEOUT: int
WAVE_MODE_ONE_SHOT: int
WAVE_MODE_ONE_SHOT_SYNC: int
WAVE_MODE_REPEAT: int
WAVE_MODE_REPEAT_SYNC: int
WAVE_NOT_FOUND: int
_PI_CMD_BC1: int
_PI_CMD_BC2: int
_PI_CMD_BI2CC: int
_PI_CMD_BI2CO: int
_PI_CMD_BI2CZ: int
_PI_CMD_BR1: int
_PI_CMD_BR2: int
_PI_CMD_BS1: int
_PI_CMD_BS2: int
_PI_CMD_BSCX: int
_PI_CMD_BSPIC: int
_PI_CMD_BSPIO: int
_PI_CMD_BSPIX: int
_PI_CMD_CF1: int
_PI_CMD_CF2: int
_PI_CMD_CGI: int
_PI_CMD_CSI: int
_PI_CMD_EVM: int
_PI_CMD_EVT: int
_PI_CMD_FC: int
_PI_CMD_FG: int
_PI_CMD_FL: int
_PI_CMD_FN: int
_PI_CMD_FO: int
_PI_CMD_FR: int
_PI_CMD_FS: int
_PI_CMD_FW: int
_PI_CMD_GDC: int
_PI_CMD_GPW: int
_PI_CMD_HC: int
_PI_CMD_HELP: int
_PI_CMD_HP: int
_PI_CMD_HWVER: int
_PI_CMD_I2CC: int
_PI_CMD_I2CO: int
_PI_CMD_I2CPC: int
_PI_CMD_I2CPK: int
_PI_CMD_I2CRB: int
_PI_CMD_I2CRD: int
_PI_CMD_I2CRI: int
_PI_CMD_I2CRK: int
_PI_CMD_I2CRS: int
_PI_CMD_I2CRW: int
_PI_CMD_I2CWB: int
_PI_CMD_I2CWD: int
_PI_CMD_I2CWI: int
_PI_CMD_I2CWK: int
_PI_CMD_I2CWQ: int
_PI_CMD_I2CWS: int
_PI_CMD_I2CWW: int
_PI_CMD_I2CZ: int
_PI_CMD_MICRO: int
_PI_CMD_MILLI: int
_PI_CMD_MODEG: int
_PI_CMD_MODES: int
_PI_CMD_NB: int
_PI_CMD_NC: int
_PI_CMD_NO: int
_PI_CMD_NOIB: int
_PI_CMD_NP: int
_PI_CMD_PADG: int
_PI_CMD_PADS: int
_PI_CMD_PARSE: int
_PI_CMD_PFG: int
_PI_CMD_PFS: int
_PI_CMD_PIGPV: int
_PI_CMD_PRG: int
_PI_CMD_PROC: int
_PI_CMD_PROCD: int
_PI_CMD_PROCP: int
_PI_CMD_PROCR: int
_PI_CMD_PROCS: int
_PI_CMD_PROCU: int
_PI_CMD_PRRG: int
_PI_CMD_PRS: int
_PI_CMD_PUD: int
_PI_CMD_PWM: int
_PI_CMD_READ: int
_PI_CMD_SERC: int
_PI_CMD_SERDA: int
_PI_CMD_SERO: int
_PI_CMD_SERR: int
_PI_CMD_SERRB: int
_PI_CMD_SERVO: int
_PI_CMD_SERW: int
_PI_CMD_SERWB: int
_PI_CMD_SHELL: int
_PI_CMD_SLR: int
_PI_CMD_SLRC: int
_PI_CMD_SLRI: int
_PI_CMD_SLRO: int
_PI_CMD_SPIC: int
_PI_CMD_SPIO: int
_PI_CMD_SPIR: int
_PI_CMD_SPIW: int
_PI_CMD_SPIX: int
_PI_CMD_TICK: int
_PI_CMD_TRIG: int
_PI_CMD_WDOG: int
_PI_CMD_WRITE: int
_PI_CMD_WVAG: int
_PI_CMD_WVAS: int
_PI_CMD_WVBSY: int
_PI_CMD_WVCAP: int
_PI_CMD_WVCHA: int
_PI_CMD_WVCLR: int
_PI_CMD_WVCRE: int
_PI_CMD_WVDEL: int
_PI_CMD_WVGO: int
_PI_CMD_WVGOR: int
_PI_CMD_WVHLT: int
_PI_CMD_WVNEW: int
_PI_CMD_WVSC: int
_PI_CMD_WVSM: int
_PI_CMD_WVSP: int
_PI_CMD_WVTAT: int
_PI_CMD_WVTX: int
_PI_CMD_WVTXM: int
_PI_CMD_WVTXR: int
_SOCK_CMD_LEN: int

class error(Exception):
    value: object
    def __init__(self, value: object) -> None: ...

class pulse:
    gpio_on: int
    gpio_off: int
    delay: int
    def __init__(self, gpio_on: int, gpio_off: int, delay: int) -> None: ...

class _socklock:
    s: socket.socket | None
    l: threading.Lock

class _callback_thread(threading.Thread):
    control: _socklock
    sl: _socklock
    go: bool
    handle: int
    monitor: int
    def __init__(self, control: _socklock, host: str, port: int) -> None: ...
    def stop(self) -> None: ...

class _callback:
    def cancel(self) -> None: ...
    def tally(self) -> int: ...
    def reset_tally(self) -> None: ...

def error_text(errnum: int) -> str: ...
def tickDiff(t1: int, t2: int) -> int: ...
def u2i(uint32: int) -> int: ...
def _u2i(uint32: int) -> int: ...

class pi:
    connected: bool
    sl: _socklock
    _notify: _callback_thread | None
    _host: str
    _port: int
    def __init__(self, host: str = ..., port: int | str = ..., show_errors: bool = ...) -> None: ...
    def stop(self) -> None: ...
    # pins
    def event_trigger(self, event: int) -> int: ...
    def bb_spi_open(
        self, CS: int, MISO: int, MOSI: int, SCLK: int, baud: int = ..., spi_flags: int = ...
    ) -> int: ...
    def bb_spi_close(self, CS: int) -> int: ...
    def bb_spi_xfer(self, CS: int, data: bytes) -> tuple[int, bytearray]: ...
    def bb_serial_read_open(self, user_gpio: int, baud: int, bb_bits: int = ...) -> int: ...
    def bb_serial_read(self, user_gpio: int) -> tuple[int, bytearray]: ...
    def bb_serial_read_close(self, user_gpio: int) -> int: ...
    def hardware_clock(self, gpio: int, clkfreq: int) -> int: ...
    def get_pad_strength(self, pad: int) -> int: ...
    def set_pad_strength(self, pad: int, pad_strength: int) -> int: ...
    def set_mode(self, gpio: int, mode: int) -> int: ...
    def get_mode(self, gpio: int) -> int: ...
    def set_pull_up_down(self, gpio: int, pud: int) -> int: ...
    def read(self, gpio: int) -> int: ...
    def write(self, gpio: int, level: int) -> int: ...
    def read_bank_1(self) -> int: ...
    def read_bank_2(self) -> int: ...
    def clear_bank_1(self, bits: int) -> int: ...
    def clear_bank_2(self, bits: int) -> int: ...
    def set_bank_1(self, bits: int) -> int: ...
    def set_bank_2(self, bits: int) -> int: ...
    def gpio_trigger(self, user_gpio: int, pulse_len: int = ..., level: int = ...) -> int: ...
    def set_watchdog(self, user_gpio: int, wdog_timeout: int) -> int: ...
    def set_glitch_filter(self, user_gpio: int, steady: int) -> int: ...
    def set_noise_filter(self, user_gpio: int, steady: int, active: int) -> int: ...
    def set_PWM_dutycycle(self, user_gpio: int, dutycycle: int) -> int: ...
    def get_PWM_dutycycle(self, user_gpio: int) -> int: ...
    def set_PWM_frequency(self, user_gpio: int, frequency: int) -> int: ...
    def get_PWM_frequency(self, user_gpio: int) -> int: ...
    def set_PWM_range(self, user_gpio: int, range_: int) -> int: ...
    def get_PWM_range(self, user_gpio: int) -> int: ...
    def get_PWM_real_range(self, user_gpio: int) -> int: ...
    def set_servo_pulsewidth(self, user_gpio: int, pulsewidth: int) -> int: ...
    def get_servo_pulsewidth(self, user_gpio: int) -> int: ...
    def hardware_PWM(self, gpio: int, PWMfreq: int, PWMduty: int) -> int: ...
    # daemon
    def get_current_tick(self) -> int: ...
    def get_hardware_revision(self) -> int: ...
    def get_pigpio_version(self) -> int: ...
    # notifications
    def callback(
        self, user_gpio: int, edge: int = ..., func: Callable[[int, int, int], object] | None = ...
    ) -> _callback: ...
    def notify_open(self) -> int: ...
    def notify_begin(self, handle: int, bits: int) -> int: ...
    def notify_pause(self, handle: int) -> int: ...
    def notify_close(self, handle: int) -> int: ...
    def wait_for_edge(self, user_gpio: int, edge: int = ..., wait_timeout: float = ...) -> bool: ...
    # waves
    def wave_clear(self) -> int: ...
    def wave_add_new(self) -> int: ...
    def wave_add_generic(self, pulses: Sequence[pulse]) -> int: ...
    def wave_add_serial(
        self,
        user_gpio: int,
        baud: int,
        data: bytes | str,
        offset: int = ...,
        bb_bits: int = ...,
        bb_stop: int = ...,
    ) -> int: ...
    def wave_create(self) -> int: ...
    def wave_create_and_pad(self, percent: int) -> int: ...
    def wave_delete(self, wave_id: int) -> int: ...
    def wave_send_once(self, wave_id: int) -> int: ...
    def wave_send_repeat(self, wave_id: int) -> int: ...
    def wave_send_using_mode(self, wave_id: int, mode: int) -> int: ...
    def wave_chain(self, data: Sequence[int]) -> int: ...
    def wave_tx_at(self) -> int: ...
    def wave_tx_busy(self) -> int: ...
    def wave_tx_stop(self) -> int: ...
    def wave_get_cbs(self) -> int: ...
    def wave_get_max_cbs(self) -> int: ...
    def wave_get_micros(self) -> int: ...
    def wave_get_max_micros(self) -> int: ...
    def wave_get_pulses(self) -> int: ...
    def wave_get_max_pulses(self) -> int: ...
    # scripts
    def store_script(self, script: str | bytes) -> int: ...
    def run_script(self, script_id: int, params: Iterable[int] | None = ...) -> int: ...
    def update_script(self, script_id: int, params: Iterable[int] | None = ...) -> int: ...
    def script_status(self, script_id: int) -> tuple[int, tuple[int, ...]]: ...
    def stop_script(self, script_id: int) -> int: ...
    def delete_script(self, script_id: int) -> int: ...
    # everything our daemon must refuse, for the tests that ask it
    def shell(self, shellscr: str, pstring: str = ...) -> int: ...
    def file_open(self, file_name: str, file_mode: int) -> int: ...
    def spi_open(self, spi_channel: int, baud: int, spi_flags: int = ...) -> int: ...
    def spi_close(self, handle: int) -> int: ...
    def spi_read(self, handle: int, count: int) -> tuple[int, bytearray | str]: ...
    def spi_write(self, handle: int, data: bytes | Sequence[int]) -> int: ...
    def spi_xfer(self, handle: int, data: bytes | Sequence[int]) -> tuple[int, bytearray | str]: ...
    def i2c_open(self, i2c_bus: int, i2c_address: int, i2c_flags: int = ...) -> int: ...
    def i2c_close(self, handle: int) -> int: ...
    def serial_open(self, tty: str, baud: int, ser_flags: int = ...) -> int: ...
    def serial_close(self, handle: int) -> int: ...
