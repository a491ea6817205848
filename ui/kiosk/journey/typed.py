"""What a line holds after one more key of the keyboard or of the digit pad. Pure."""

DELETE = "delete"
ACCENTS = "accents"
"""The key that shows the letters with accents, and what is kept as the sheet of the kiosk until one
more key was touched."""


def typed(text: str, key: str, most: int) -> str:
    """Return a text after one more letter or digit, or without its last.

    It has at most `most` characters and never begins with a space.
    """
    return text[:-1] if key == DELETE else (text + key).lstrip()[:most]
