"""Texts that others wrote, made harmless for a terminal.

Control characters steer a terminal; bidirectional and other format characters show words in
another order than they are, or hide them. Each becomes a question mark, so columns keep their
width.
"""

KEPT = "\n\t"


def plain(text: str) -> str:
    """Return the text with a question mark for what is neither printable nor a line break."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in KEPT else "?" for each in text)


def one_line(text: str) -> str:
    """Return the text on one line, harmless for a terminal."""
    spaced = "".join(each if each.isprintable() or each.isspace() else "?" for each in text)
    return " ".join(spaced.split())


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` characters and a word of how long it was."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"
