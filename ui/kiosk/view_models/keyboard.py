"""The keyboard, the digit pad, and a line that is typed with the key that takes it."""

from dataclasses import replace

from ui.kiosk.journey.typed import ACCENTS
from ui.kiosk.locale.words import language
from ui.kiosk.view_models.blocks import Beside, Block, Entry, FormView, Keys
from ui.kiosk.view_models.parts import KeyLook, KeyView

COLUMNS, COLUMNS_TALL = 10, 5
"""Ten in a row are too narrow for a glove on a tall display: each row is two there."""
LETTERS = ("1234567890", "QWERTYUIOP", "ASDFGHJKL-", "ZXCVBNM ")
"""Rows of the keyboard; the key for accents and the one that deletes are its last two."""
ACCENTED = ("ÀÁÂÃÄĄÇĆÈÉ", "ÊËĘĞÌÍÎÏİŁ", "ÑŃÒÓÔÕÖŒŚŞ", "ẞÙÚÛÜŹŻ.")
"""Letters of the languages of the screen that are not on the keyboard, as an alias keeps them."""
ARABIC = tuple(row[::-1] for row in ("ابتثجحخدذر", "زسشصضطظعغف", "قكلمنهويىة", "أإآءؤئ ."))
"""Arabic letters, row by row from the right."""
SIGN = "-"
"""A keyboard without it has no signs at all."""


def letter_keys() -> tuple[KeyView, ...]:
    """Return the keys of the keyboard, ten in a row; the space bar is the key with the line."""
    return _rows(LETTERS, "أب" if _is_arabic() else "ÄÉ")


def accented(view: FormView) -> FormView:
    """Return a form whose keyboard shows the letters with accents, in Arabic those of Arabic."""
    columns = tuple(
        replace(column, blocks=tuple(map(_accented, column.blocks))) for column in view.columns
    )
    return replace(view, columns=columns, turn=f"{view.turn} {ACCENTS}")


def _accented(block: Block) -> Block:
    if not isinstance(block, Keys) or block.how != "letter":
        return block
    keys = _rows(ARABIC if _is_arabic() else ACCENTED, "AB")
    if all(key.action != f"letter:{SIGN}" for key in block.keys):
        keys = without_signs(keys)
    return replace(block, keys=keys)


def without_signs(keys: tuple[KeyView, ...]) -> tuple[KeyView, ...]:
    """Return keys of letters and digits; where a sign was, nothing is."""
    return tuple(
        KeyView(action="") if _is_sign(key.action.removeprefix("letter:")) else key for key in keys
    )


def _is_sign(typed: str) -> bool:
    return len(typed) == 1 and not typed.isalnum()


def _rows(rows: tuple[str, ...], other: str) -> tuple[KeyView, ...]:
    keys = [
        KeyView(action=f"letter:{letter}", text=letter if letter != " " else "_")
        for row in rows
        for letter in row
    ]
    more = KeyView(action=ACCENTS, text=other, look=KeyLook.OUTLINED)
    return (*keys, more, KeyView(action="letter:delete", icon="back"))


def _is_arabic() -> bool:
    return language().right_to_left


DIGITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "delete")


def digit_keys(*, on: bool = True, left: KeyView | None = None) -> tuple[KeyView, ...]:
    """Return the keys of a digit pad, three in a row; `left` stands beside the zero."""
    look = KeyLook.PLAIN if on else KeyLook.OFF
    keys = []
    for digit in DIGITS:
        if digit == "delete":
            keys.append(KeyView(action="digit:delete", icon="back", look=look))
        elif digit:
            keys.append(KeyView(action=f"digit:{digit}", text=digit, look=look))
        else:
            keys.append(left or KeyView(action=""))
    return tuple(keys)


def pin_pad(*, on: bool = True, left: KeyView | None = None) -> tuple[Keys, ...]:
    """Return the digits of a PIN: three in a row, on a tall display five and the others below."""
    keys = digit_keys(on=on, left=left)
    digits = tuple(key for key in keys if key.text.isdigit())
    others = tuple(key for key in keys if not key.text.isdigit())
    return (
        Keys(columns=3, how="digit", keys=keys, only_wide=True),
        Keys(columns=5, how="digit", keys=digits, only_tall=True),
        Keys(columns=2, how="digit", keys=others, only_tall=True),
    )


def keyboard(*, signs: bool = True) -> Keys:
    """Return the keyboard."""
    keys = letter_keys() if signs else without_signs(letter_keys())
    return Keys(columns=COLUMNS, columns_tall=COLUMNS_TALL, how="letter", gap=4, keys=keys)


def done_key(action: str, text: str, *, on: bool) -> KeyView:
    """Return the key that takes what was typed; it is off while nothing was."""
    return KeyView(action=action if on else "", text=text, look=KeyLook.LEAD if on else KeyLook.OFF)


def field_beside(field: Entry, key: KeyView, height: int = 56) -> Beside:
    """Return a field with its key at its end."""
    return Beside(height=height, shares=(500, 148), parts=(field, Keys(keys=(key,))))
