"""The tables of errors say what there is: every class with its code, bases and no other."""

import inspect
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

import appliance.errors
import drivers.errors

ROW = re.compile(r"^\s+(\w+)(?: \((\w+)\))?\s+([AD]\d{3}) ", re.MULTILINE)


def table(module: ModuleType) -> dict[str, tuple[str, str]]:
    """Return code and further base of each error, as the docstring of the module has them."""
    rows = ROW.findall(re.sub(r"\)\n\s+(?=[AD]\d)", ") ", str(module.__doc__)))
    return {name: (code, base) for name, base, code in rows}


def errors(module: ModuleType) -> Iterator[type[Exception]]:
    """Yield the errors that a module defines, without its root."""
    for found in vars(module).values():
        if not inspect.isclass(found) or not issubclass(found, Exception):
            continue
        if found.__module__ == module.__name__ and found.__base__ is not Exception:
            yield found


@pytest.mark.parametrize("module", [appliance.errors, drivers.errors])
def test_the_table_names_every_error_with_its_code(module: ModuleType) -> None:
    listed, defined = table(module), {each.__name__: each for each in errors(module)}
    assert len(listed) > 5
    assert listed.keys() == defined.keys()
    for name, (code, base) in listed.items():
        error = defined[name]
        assert vars(error).get("code") == code, name
        assert not base or base in {each.__name__ for each in error.__mro__}, name
    assert len({code for code, _ in listed.values()}) == len(listed)
