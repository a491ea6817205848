"""A refusal: the answer "no, because", as a value a person can act on. Never an exception."""

from dataclasses import dataclass

from appliance.texts.text import Text, TextValue, text


@dataclass(frozen=True, slots=True)
class Refusal:
    """One broken limit.

    `rule` is the key of the limit's name, `asked` what was wanted, `allowed` the bound, `nearest`
    the closest thing that would be accepted with everything else left as it is.
    """

    rule: str
    asked: TextValue
    allowed: TextValue
    nearest: TextValue

    def text(self) -> Text:
        """Return one line for a screen, the journal or a terminal."""
        return text(
            "refusal",
            limit=Text(self.rule),
            asked=self.asked,
            allowed=self.allowed,
            nearest=self.nearest,
        )
