"""The mark by which gettext finds the texts to translate; it changes nothing."""


def translatable(template: str) -> str:
    """Return the template as it is."""
    return template
