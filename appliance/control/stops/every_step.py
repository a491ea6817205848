"""Run steps that must not keep each other from happening."""

from collections.abc import Callable


def first_failure(*steps: Callable[[], object]) -> Exception | None:
    """Run every step in turn, whatever one of them raises; return the first exception.

    For what follows a cut: a note that fails must not keep the state, the records or the levels
    from following. `KeyboardInterrupt` and `SystemExit` pass through.
    """
    failed: Exception | None = None
    for step in steps:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - raised by the caller once every step was tried
            failed = failed or error
    return failed
