"""Where the pads of the treatment lie that is set up now. Pure."""

from ui.kiosk.journey.place import Kiosk, Row


def treated_pages(kiosk: Kiosk) -> tuple[str, ...]:
    """Return the pages that name patient and programme, none that was read before.

    A name does not change while current may flow: no page is read anew with each contraction.
    """
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.programme is None:
        return ()
    file = () if snapshot.patient is None else (f"patient:{snapshot.patient}",)
    return tuple(page for page in ("programmes", *file) if kiosk.rows(page) is None)


def lying_pages(kiosk: Kiosk) -> tuple[str, ...]:
    """Return the pages that say where the pads lie; none without a patient."""
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.patient is None or snapshot.plan is None:
        return ()
    return f"patient:{snapshot.patient}", _offered(kiosk), "programmes"


def lying_placement(kiosk: Kiosk) -> Row | None:
    """Return the placement whose pads lie on the patient, None while that is not known."""
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.patient is None or snapshot.plan is None:
        return None
    file = kiosk.rows(f"patient:{snapshot.patient}") or ()
    key = next((row["key"] for row in file if row["kind"] == "placed"), None)
    if key is None:
        return None
    wanted = (key["placement"], key["depth"], key["side"])
    return next(
        (
            row
            for row in kiosk.rows(_offered(kiosk)) or ()
            if (row["placement"], row["depth"], row["side"]) == wanted
        ),
        None,
    )


def _offered(kiosk: Kiosk) -> str:
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.plan is None:
        return ""
    plan = snapshot.plan
    return f"placements:{snapshot.programme}:{plan.region}:{plan.side}"
