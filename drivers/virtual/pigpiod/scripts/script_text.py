"""Parse the text of a script into instructions (cmdParse and cmdParseScript in command.c)."""

import re
from dataclasses import dataclass
from enum import Enum

from drivers.virtual.pigpiod.codes import Cmd, Err, signed

PARAMETERS = 10
VARIABLES = 150
MAX_TAGS = 50

_NUMBER = r"[+-]?(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)"
_OPERAND = re.compile(rf"\s*([vp]?)\s*({_NUMBER})\s*")
_WORD = re.compile(r"\s*(\S{1,31})\s*")
_LETTER = re.compile(r"\s*(\S)\s*")


class OperandKind(Enum):
    """The kind of an operand: number, variable or parameter."""

    NUMBER = ""
    VARIABLE = "v"
    PARAMETER = "p"


_KINDS = {kind.value: kind for kind in OperandKind}


@dataclass(frozen=True, slots=True)
class Operand:
    """A number, or the index of a variable or parameter."""

    kind: OperandKind
    value: int


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; `code` is a command number or the name of an instruction.

    A jump's operand is the position that it jumps to.
    """

    code: Cmd | str
    operands: tuple[Operand, ...] = ()


class OperandRule(Enum):
    """Operands of a word, one letter each: P not negative, A any, R register, N number."""

    NONE = ""
    ONE = "P"
    ANY = "A"
    REGISTER = "R"
    JUMP = "N"
    TWO = "PP"
    BITS = "PA"
    LOAD = "RA"
    SWAP = "RR"
    THREE = "PPP"
    SEEK = "PAM"
    MODE = "Pm"
    PULL = "Pu"
    NAME = "s"


_MOST = (1 << 63) - 1
_MOST_DIGITS = 22
"""2**63 has this many octal digits; Python refuses to read more than 4300 decimal ones."""
_LETTERS = {"m": "RW540123", "u": "ODU"}

_COMMANDS: dict[OperandRule, str] = {
    OperandRule.NONE: "BR1 BR2 CGI HWVER NO PIGPV TICK WVBSY WVCLR WVCRE WVHLT WVNEW WVTAT",
    OperandRule.ANY: "BC1 BC2 BS1 BS2 CSI",
    OperandRule.ONE: "EVT FC GDC GPW I2CC I2CRS MICS MILS MODEG NC NP PADG PFG PRG PRRG"
    " READ SERC SERDA"
    " SERRB SLRC SPIC WVCAP WVDEL WVSC WVSM WVSP WVTX WVTXR BSPIC",
    OperandRule.TWO: "FG HC I2CRB I2CRW I2CWQ I2CWS PADS PFS PRS PWM SERWB SERVO SLRI WDOG"
    " WRITE WVTXM",
    OperandRule.BITS: "EVM NB",
    OperandRule.MODE: "MODES",
    OperandRule.PULL: "PUD",
    OperandRule.THREE: "FN HP I2CO I2CPC I2CWB I2CWW SLRO SPIO TRIG",
    OperandRule.SEEK: "FS",
}
_CONTROL: dict[OperandRule, str] = {
    OperandRule.NONE: "DCRA HALT INRA NOP POPA PUSHA RET",
    OperandRule.ANY: "ADD AND CMDR CMDW CMP DIV EVTWT LDA LDAB MLT MOD OR RLA RRA STAB SUB"
    " WAIT XOR",
    OperandRule.REGISTER: "DCR INR POP PUSH STA XA",
    OperandRule.JUMP: "CALL JM JMP JNZ JP JZ TAG",
    OperandRule.LOAD: "LD RL RR",
    OperandRule.SWAP: "X",
    OperandRule.NAME: "SYS",
}
_SHORT = {"MG": "MODEG", "M": "MODES", "P": "PWM", "R": "READ", "S": "SERVO", "T": "TICK",
          "W": "WRITE"}  # fmt: skip
JUMPS = frozenset(("CALL", "JM", "JMP", "JNZ", "JP", "JZ"))

_WORDS: dict[str, tuple[Cmd | str, OperandRule]] = {
    name: (Cmd[name], rule) for rule, names in _COMMANDS.items() for name in names.split()
}
_WORDS |= {name: (name, rule) for rule, names in _CONTROL.items() for name in names.split()}
_WORDS |= {short: _WORDS[name] for short, name in _SHORT.items()}


class ScriptRefused(Exception):
    """The text is not a valid script; `code` is the answer of PROC."""

    def __init__(self, code: Err) -> None:
        super().__init__(code)
        self.code = code


def parse_script(text: str) -> list[Instruction]:
    """Return the instructions of a script, jumps resolved to positions; raises ScriptRefused.

    The first mistake in the text decides the error; missing tags are found last.
    """
    instructions: list[Instruction] = []
    tags: dict[int, int] = {}
    at = len(text) - len(text.lstrip())
    while at < len(text):
        instruction, at = _instruction(text, at)
        if instruction.code == "TAG":
            _place_tag(tags, instruction.operands[0].value, len(instructions))
        else:
            instructions.append(instruction)
    return [_resolve(instruction, tags) for instruction in instructions]


def _place_tag(tags: dict[int, int], tag: int, position: int) -> None:
    if len(tags) >= MAX_TAGS:
        raise ScriptRefused(Err.TOO_MANY_TAGS)
    if tag in tags:
        raise ScriptRefused(Err.DUP_TAG)
    tags[tag] = position


def _resolve(instruction: Instruction, tags: dict[int, int]) -> Instruction:
    if instruction.code not in JUMPS:
        return instruction
    tag = instruction.operands[0].value
    if tag not in tags:
        raise ScriptRefused(Err.BAD_TAG)
    return Instruction(instruction.code, (Operand(OperandKind.NUMBER, tags[tag]),))


def _instruction(text: str, at: int) -> tuple[Instruction, int]:
    match = _WORD.match(text, at)
    known = _WORDS.get(match[1].upper()) if match else None
    if match is None or known is None:
        raise ScriptRefused(Err.BAD_SCRIPT_CMD)
    code, rule = known
    at = match.end()
    operands: list[Operand] = []
    for wanted in rule.value:
        operand, at = _operand(text, at, wanted)
        operands.append(operand)
    return Instruction(code, tuple(operands)), at


def _operand(text: str, at: int, wanted: str) -> tuple[Operand, int]:
    if wanted == "s":
        return _name(text, at)
    if wanted in _LETTERS:
        return _letter(text, at, _LETTERS[wanted])
    match = _OPERAND.match(text, at)
    if match is None:
        raise ScriptRefused(Err.BAD_SCRIPT_CMD)
    operand = Operand(_KINDS[match[1]], _number(match[2]))
    if not _fits(operand, wanted):
        raise ScriptRefused(Err.BAD_SCRIPT_CMD)
    return operand, match.end()


def _fits(operand: Operand, wanted: str) -> bool:
    kind, value = operand.kind, operand.value
    if kind is not OperandKind.NUMBER:
        most = VARIABLES if kind is OperandKind.VARIABLE else PARAMETERS
        return wanted not in "NM" and 0 <= value < most
    if wanted in "PM":
        return signed(value) >= 0
    return wanted != "R" or 0 <= value < VARIABLES


def _name(text: str, at: int) -> tuple[Operand, int]:
    match = _WORD.match(text, at)
    if match is None:
        raise ScriptRefused(Err.BAD_SCRIPT_CMD)
    return Operand(OperandKind.NUMBER, 0), match.end()


def _letter(text: str, at: int, letters: str) -> tuple[Operand, int]:
    match = _LETTER.match(text, at)
    value = letters.find(match[1].upper()) if match else -1
    if match is None or value < 0:
        raise ScriptRefused(Err.BAD_SCRIPT_CMD)
    return Operand(OperandKind.NUMBER, value), match.end()


def _number(text: str) -> int:
    digits = text.lstrip("+-")
    base = 16 if digits[:2].lower() == "0x" else 8 if digits[0] == "0" else 10
    digits = digits.lstrip("0xX") or "0"
    # As strtoimax: any number of digits; a value out of range becomes the end of the range.
    value = int(digits, base) if len(digits) <= _MOST_DIGITS else _MOST + 1
    return max(-value, -_MOST - 1) if text[0] == "-" else min(value, _MOST)
