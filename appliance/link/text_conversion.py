"""Texts as they cross the link, and back: the one place where the two are converted."""

from appliance.messages.replies import Refused
from appliance.messages.wire import QuantityView, TextValueView, TextView
from appliance.texts.text import Quantity, Text, TextValue, Unit, text


def view_of(shown: Text) -> TextView:
    """Return a text as the link carries it."""
    return TextView(key=shown.key, values={name: view_value(value) for name, value in shown.values})


def view_value(value: TextValue) -> TextValueView:
    """Return a value of a text as the link carries it."""
    if isinstance(value, Text):
        return view_of(value)
    if isinstance(value, Quantity):
        return QuantityView(value=value.value, unit=value.unit.value)
    return value


def text_of(view: TextView) -> Text:
    """Return the text that the link carried."""
    return Text(view.key, tuple((name, value_of(value)) for name, value in view.values.items()))


def value_of(view: TextValueView) -> TextValue:
    """Return the value that the link carried; a unit this build does not know stays as written."""
    if isinstance(view, TextView):
        return text_of(view)
    if isinstance(view, QuantityView):
        known = view.unit in set(Unit)
        return Quantity(view.value, Unit(view.unit)) if known else f"{view.value} {view.unit}"
    return view


def refused(
    request: int, rule: str, asked: TextValue, allowed: TextValue, nearest: TextValue
) -> Refused:
    """Return the answer "no, because" to a request."""
    return Refused(
        request=request,
        rule=rule,
        asked=view_value(asked),
        allowed=view_value(allowed),
        nearest=view_value(nearest),
    )


def text_of_refused(refused: Refused) -> Text:
    """Return a refusal as one line: the limit, asked, allowed, the nearest that is accepted."""
    return _line(refused, "refusal")


def text_of_counted(refused: Refused) -> Text:
    """Return a refusal that is counted for the records: the limit, asked, allowed."""
    return _line(refused, "refusal.counted")


def text_of_turned_away(refused: Refused) -> Text:
    """Return the refusal of a client that is not let in, as the client says it."""
    return _line(refused, "refusal.turned_away")


def _line(refused: Refused, key: str) -> Text:
    return text(
        key,
        limit=Text(refused.rule),
        asked=value_of(refused.asked),
        allowed=value_of(refused.allowed),
        nearest=value_of(refused.nearest),
    )
