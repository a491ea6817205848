"""Compile instructions into closures, so that a poll of a script costs microseconds.

Memory is one list: accumulator, flag, parameters, variables, then the constants of the script. An
operand is an index into it. A closure carries out its instruction and returns the position of the
next one. For an instruction that needs time or the daemon it returns the complement of its own
position, and the runner looks that up among the traps.
"""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.virtual.pigpiod.codes import MAX_GPIO, Cmd
from drivers.virtual.pigpiod.scripts.script_text import (
    PARAMETERS,
    VARIABLES,
    Instruction,
    Operand,
    OperandKind,
)
from drivers.virtual.pins import PinBank

A, F = 0, 1
FIRST_PARAMETER = 2
FIRST_VARIABLE = FIRST_PARAMETER + PARAMETERS
FIRST_CONSTANT = FIRST_VARIABLE + VARIABLES
STACK_SIZE = 256
BYTES = 1 << 16
FAILED = 1 << 30
"""A position beyond any script: stack over- or underflow, which ends the script."""
_HALF, _MASK = 0x8000_0000, 0xFFFF_FFFF

Step = Callable[[], int]
_Maker = Callable[[list[int], list[int], int], Step]
_JumpMaker = Callable[[list[int], int, int], Step]


@dataclass(frozen=True, slots=True)
class Trap:
    """An instruction for the runner: its code, and the indices of its operands."""

    code: Cmd | str
    operands: tuple[int, ...]


@dataclass(slots=True)
class Program:
    """A compiled script; the trap after its last instruction halts it."""

    memory: list[int]
    steps: list[Step]
    traps: dict[int, Trap]
    stack: list[int]
    text: bytearray


HALT = Trap("HALT", ())


def compile_script(instructions: list[Instruction], pins: PinBank) -> Program:
    """Return a program with variables and parameters at 0."""
    memory = [0] * FIRST_CONSTANT
    program = Program(memory, [], {}, [], bytearray())
    for position, instruction in enumerate(instructions):
        operands = [_place(memory, operand) for operand in instruction.operands]
        program.steps.append(_step(program, position, instruction, operands, pins))
    program.traps[len(instructions)] = HALT
    return program


def _place(memory: list[int], operand: Operand) -> int:
    """Return the index of an operand; constants are appended as C integers."""
    if operand.kind is OperandKind.PARAMETER:
        return FIRST_PARAMETER + operand.value
    if operand.kind is OperandKind.VARIABLE:
        return FIRST_VARIABLE + operand.value
    memory.append((operand.value + _HALF & _MASK) - _HALF)
    return len(memory) - 1


def _step(
    program: Program,
    position: int,
    instruction: Instruction,
    operands: list[int],
    pins: PinBank,
) -> Step:
    code = instruction.code
    following = position + 1
    if code in _REGISTER_FIRST and instruction.operands[0].kind is OperandKind.NUMBER:
        # A bare number in place of a register means the variable of that number.
        operands[0] = FIRST_VARIABLE + instruction.operands[0].value
    if code == "X" and instruction.operands[1].kind is OperandKind.NUMBER:
        operands[1] = FIRST_VARIABLE + instruction.operands[1].value
    if code in _ARITHMETIC:
        return _ARITHMETIC[str(code)](program.memory, operands, following)
    if code in _JUMPS:
        target = instruction.operands[0].value if instruction.operands else position
        return _JUMPS[str(code)](program.memory, target, following)
    if code in _STACK:
        return _STACK[str(code)](program, operands, instruction, following)
    if code == Cmd.READ and instruction.operands[0].kind is OperandKind.NUMBER:
        gpio = instruction.operands[0].value & _MASK
        if gpio <= MAX_GPIO:
            return _read(program.memory, pins, gpio, following)
    program.traps[position] = Trap(code, tuple(operands))
    return lambda: ~position


_REGISTER_FIRST = frozenset(("DCR", "INR", "POP", "PUSH", "STA", "XA", "LD", "RL", "RR", "X"))


def _read(memory: list[int], pins: PinBank, gpio: int, following: int) -> Step:
    def step() -> int:
        memory[A] = memory[F] = pins.levels >> gpio & 1
        return following

    return step


def _accumulate(operation: Callable[[int, int], int]) -> _Maker:
    """Return a maker of closures for A = F = operation(A, operand)."""

    def make(memory: list[int], operands: list[int], following: int) -> Step:
        where = operands[0]

        def step() -> int:
            memory[A] = memory[F] = (operation(memory[A], memory[where]) + _HALF & _MASK) - _HALF
            return following

        return step

    return make


def _change(operation: Callable[[int, int], int]) -> _Maker:
    """Return a maker of closures for register = F = operation(register, operand or 1)."""

    def make(memory: list[int], operands: list[int], following: int) -> Step:
        register = operands[0]
        if len(operands) == 1:

            def count() -> int:
                value = (operation(memory[register], 1) + _HALF & _MASK) - _HALF
                memory[register] = memory[F] = value
                return following

            return count
        by = operands[1]

        def step() -> int:
            value = (operation(memory[register], memory[by]) + _HALF & _MASK) - _HALF
            memory[register] = memory[F] = value
            return following

        return step

    return make


def _count_accumulator(amount: int) -> _Maker:
    def make(memory: list[int], _: list[int], following: int) -> Step:
        def step() -> int:
            memory[A] = memory[F] = (memory[A] + amount + _HALF & _MASK) - _HALF
            return following

        return step

    return make


def _compare(memory: list[int], operands: list[int], following: int) -> Step:
    where = operands[0]

    def step() -> int:
        memory[F] = (memory[A] - memory[where] + _HALF & _MASK) - _HALF
        return following

    return step


def _copy(memory: list[int], target: int, source: int, following: int) -> Step:
    def step() -> int:
        memory[target] = memory[source]
        return following

    return step


def _swap(memory: list[int], first: int, second: int, following: int) -> Step:
    def step() -> int:
        memory[first], memory[second] = memory[second], memory[first]
        return following

    return step


def _divide(left: int, right: int) -> int:
    """C division, toward zero; division by zero gives 0, as on the processor of a Pi 4."""
    if right == 0:
        return 0
    return -(-left // right) if (left < 0) != (right < 0) else left // right


def _shift_left(left: int, right: int) -> int:
    return left << (right & 31)


def _shift_right(left: int, right: int) -> int:
    return left >> (right & 31)


_ARITHMETIC: dict[str, _Maker] = {
    "ADD": _accumulate(lambda a, x: a + x),
    "SUB": _accumulate(lambda a, x: a - x),
    "MLT": _accumulate(lambda a, x: a * x),
    "DIV": _accumulate(_divide),
    "MOD": _accumulate(lambda a, x: a - _divide(a, x) * x),
    "AND": _accumulate(lambda a, x: a & x),
    "OR": _accumulate(lambda a, x: a | x),
    "XOR": _accumulate(lambda a, x: a ^ x),
    "RLA": _accumulate(_shift_left),
    "RRA": _accumulate(_shift_right),
    "INRA": _count_accumulator(1),
    "DCRA": _count_accumulator(-1),
    "INR": _change(lambda a, x: a + x),
    "DCR": _change(lambda a, x: a - x),
    "RL": _change(_shift_left),
    "RR": _change(_shift_right),
    "CMP": _compare,
    "LDA": lambda memory, operands, following: _copy(memory, A, operands[0], following),
    "STA": lambda memory, operands, following: _copy(memory, operands[0], A, following),
    "LD": lambda memory, operands, following: _copy(memory, operands[0], operands[1], following),
    "X": lambda memory, operands, following: _swap(memory, operands[0], operands[1], following),
    "XA": lambda memory, operands, following: _swap(memory, A, operands[0], following),
}


_JUMPS: dict[str, _JumpMaker] = {
    "JMP": lambda _, target, __: lambda: target,
    "JZ": lambda memory, target, following: lambda: following if memory[F] else target,
    "JNZ": lambda memory, target, following: lambda: target if memory[F] else following,
    "JM": lambda memory, target, following: lambda: target if memory[F] < 0 else following,
    "JP": lambda memory, target, following: lambda: target if memory[F] >= 0 else following,
    # pthScript has no case for it and then never advances: the script spins for ever.
    "NOP": lambda _, __, following: lambda: following - 1,
    "CMDR": lambda _, __, following: lambda: following - 1,
    "CMDW": lambda _, __, following: lambda: following - 1,
}


def _call(program: Program, _: list[int], instruction: Instruction, following: int) -> Step:
    stack, target = program.stack, instruction.operands[0].value

    def step() -> int:
        if len(stack) >= STACK_SIZE:
            return FAILED
        stack.append(following)
        return target

    return step


def _return(program: Program, _: list[int], __: Instruction, ___: int) -> Step:
    stack = program.stack

    def step() -> int:
        # What PUSH left may be negative; pigpiod then reads memory before its instructions.
        position = stack.pop() if stack else FAILED
        return position if position >= 0 else FAILED

    return step


def _push(program: Program, operands: list[int], _: Instruction, following: int) -> Step:
    memory, stack, source = program.memory, program.stack, (operands or [A])[0]

    def step() -> int:
        if len(stack) >= STACK_SIZE:
            return FAILED
        stack.append(memory[source])
        return following

    return step


def _pop(program: Program, operands: list[int], _: Instruction, following: int) -> Step:
    memory, stack, target = program.memory, program.stack, (operands or [A])[0]

    def step() -> int:
        if not stack:
            memory[target] = 0
            return FAILED
        memory[target] = stack.pop()
        return following

    return step


def _load_byte(program: Program, operands: list[int], _: Instruction, following: int) -> Step:
    memory, text, where = program.memory, program.text, operands[0]

    def step() -> int:
        if 0 <= memory[where] < BYTES:
            memory[A] = text[memory[where]] if memory[where] < len(text) else 0
        return following

    return step


def _store_byte(program: Program, operands: list[int], _: Instruction, following: int) -> Step:
    memory, text, where = program.memory, program.text, operands[0]

    def step() -> int:
        at = memory[where]
        if 0 <= at < BYTES:
            text.extend(bytes(max(0, at + 1 - len(text))))
            text[at] = memory[A] & 0xFF
        return following

    return step


_StackMaker = Callable[[Program, list[int], Instruction, int], Step]
_STACK: dict[str, _StackMaker] = {
    "CALL": _call,
    "RET": _return,
    "PUSH": _push,
    "PUSHA": _push,
    "POP": _pop,
    "POPA": _pop,
    "LDAB": _load_byte,
    "STAB": _store_byte,
}
