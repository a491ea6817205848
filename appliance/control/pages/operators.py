"""The pages `operators` and `set_up`, for the lock screen: readable before anybody signs in."""

from collections.abc import Iterator

from appliance.control.pages.page import KnownPeople, PageSources, Row, plain_text
from appliance.texts.text import Text


def operator_rows(_: str, sources: PageSources) -> Iterator[Row]:
    """Return a row for each operator who can sign in, and one for a reset that is still open."""
    people = sources.people
    reset = people.accounts.reset
    if reset is not None:
        yield {"kind": "reset", "by": reset.by}
    yield from _operators(people)


def _operators(people: KnownPeople) -> Iterator[Row]:
    for account in people.accounts.active():
        yield {
            "kind": "operator",
            "operator": account.operator,
            "role": account.role,
            "has_pin": account.has_pin,
            "one_time": account.must_change_pin,
            "pins_set": account.pins_set,
            "locked_out_us": account.attempts.wait_us(people.now, people.since_start_us),
        }


def set_up_rows(_: str, sources: PageSources) -> Iterator[Row]:
    """Return each step of the first set-up in its order, whether it is done, and what it set."""
    people = sources.people
    values = {
        "language": {"language": people.language},
        "clinic": {"clinic": people.clinic, "telephone": people.telephone},
    }
    for step in people.set_up:
        yield {
            "step": step.step,
            "done": step.done,
            "name": plain_text(Text(f"set_up.{step.step}")),
            **values.get(step.step, {}),
        }
