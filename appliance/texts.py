"""Texts that others wrote, before they are recorded or sent on."""


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` characters and a word of how long it was."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"
