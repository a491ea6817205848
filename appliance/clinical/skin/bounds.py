"""Several limits of one patient as one: what all of them allow. Pure."""

from collections.abc import Iterable

from appliance.core.limits.patient_limits import NO_BOUNDS, PatientBounds


def tightest(bounds: Iterable[PatientBounds]) -> PatientBounds:
    """Return the lowest ceiling with the rule that set it, the shortest time, single taps if any.

    Of two equal ceilings the first names the rule.
    """
    each = tuple(bounds)
    ceilings = [one for one in each if one.ceiling_ua is not None]
    lowest = min(ceilings, key=lambda one: one.ceiling_ua or 0, default=NO_BOUNDS)
    given_us = [one.first_given_us for one in each if one.first_given_us is not None]
    durations_us = [one.duration_us for one in each if one.duration_us is not None]
    return PatientBounds(
        ceiling_ua=lowest.ceiling_ua,
        ceiling_by=lowest.ceiling_by,
        duration_us=min(durations_us, default=None),
        single_taps=any(one.single_taps for one in each),
        first_given_us=max(given_us, default=None),
        called=max((one.called for one in each), default=0),
    )
