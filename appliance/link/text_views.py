"""Texts as they cross the link, and back: the one place where the two are converted."""

from appliance.messages.wire import QuantityView, TextValueView, TextView
from appliance.texts.text import Quantity, Text, TextValue, Unit


def view_of(text: Text) -> TextView:
    """Return a text as the link carries it."""
    return TextView(key=text.key, values={name: view_value(value) for name, value in text.values})


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
