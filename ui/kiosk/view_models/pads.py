"""Placement, sensation and skin: the figure with pads to scale, and the sites as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ui.kiosk.journey.motor_point import searches
from ui.kiosk.journey.pads import (
    DEPTHS,
    STEPS_ON_PAGE,
    AtSites,
    CheckSkin,
    ChoosePlacement,
    PlacePads,
    Sensation,
    key_of,
    site_of,
)
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, listed, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Block,
    Column,
    Figure,
    FormView,
    Heading,
    Keys,
    PadMark,
    PointMark,
    Say,
    SiteAnswer,
    SiteHead,
    SiteRow,
    SiteTable,
)
from ui.kiosk.view_models.channels import milliamps
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.steps import before_pads, problem_card, step_title

NAME_MM, SHORT = 12, 14
"""From the edge of a pad to the name of its level; letters of a site in large type."""


def placement_figure(row: Row | None, region: str, look: str = "plain") -> Figure:
    """Return the figure with the pads of a placement."""
    if row is None:
        return Figure(region=region)
    pads = tuple(pad_mark(pad, look) for pad in row["pads"])
    return Figure(
        region=region,
        muscles=tuple(key_of(name).removeprefix("muscle.") for name in row["muscles"]),
        sides=("left", "right") if row["side"] == "both" else (str(row["side"]),),
        pads=pads,
        points=_levels(row["pads"], pads),
    )


def pad_mark(pad: Row, look: str = "plain") -> PadMark:
    """Return a pad as it is drawn."""
    return PadMark(
        label=pad["pad"],
        channel=pad["channel"],
        x=pad["drawn"]["x"],
        y=pad["drawn"]["y"],
        turn=pad["drawn"]["turn"],
        width_mm=pad["width_mm"],
        height_mm=pad["height_mm"],
        plus=pad["positive_first"],
        look=look,
    )


def _levels(pads: Sequence[Row], marks: Sequence[PadMark]) -> tuple[PointMark, ...]:
    """Return the name of each spot once, beside its pad furthest to the right."""
    found: dict[str, PointMark] = {}
    for pad, mark in sorted(zip(pads, marks, strict=True), key=lambda each: each[1].x):
        x = mark.x + mark.width_mm / 2 + NAME_MM
        text = sentence(say_row(pad["name"]))
        found[pad["spot"]] = PointMark(text=text, x=x, y=mark.y)
    return tuple(found.values())


def choose_placement_view(place: ChoosePlacement, kiosk: Kiosk) -> FormView:
    """Return the placements as keys, and the one looked at on the figure."""
    row, rows = place.row(kiosk), place.offered(kiosk)
    titles = {each["placement"]: sentence(say_row(each["title"])) for each in rows}
    shown = "" if row is None else row["placement"]
    keys = tuple(
        _pick(f"placement:{name}", title, chosen=name == shown) for name, title in titles.items()
    )
    depths = [each["depth"] for each in rows if each["placement"] == shown]
    words = {"shallow": _("Shallow"), "usual": _("Usual"), "deep": _("Deep")}
    depth_keys = tuple(
        _pick(
            f"depth:{name}", words[name], chosen=row is not None and name == row["depth"], icon=""
        )
        for name in DEPTHS
        if name in depths
    )
    blocks: list[Block] = [
        Heading(text=_("Where do the pads go?")),
        Keys(height=(58 if len(depth_keys) > 1 else 66) * len(keys) - 8, keys=keys),
    ]
    if len(depth_keys) > 1:
        blocks.append(Keys(height=50, columns=len(depth_keys), keys=depth_keys))
    if row is not None:
        reason = say_row(row["reason"])
        blocks.append(Say(height=62, text=reason, style="caption", role="text_soft"))
    take = KeyView(
        action="take", text=_("Take this placement"), note=_pads_text(row), look=KeyLook.LEAD
    )
    blocks += [*problem_card(kiosk), Keys(height=68, keys=(take,) if row is not None else ())]
    return _beside_figure(place, placement_figure(row, place.treatment.region), blocks)


def place_pads_view(place: PlacePads, kiosk: Kiosk) -> FormView:
    """Return the figure, where each pad lies, or how it is done."""
    row, steps = place.planned(kiosk), place.steps(kiosk)
    blocks: list[Block] = []
    if place.page == 0:
        blocks.append(Heading(text=_pads_text(row, placing=True), note=_set(place, kiosk)))
        pads = () if row is None else row["pads"]
        blocks.append(SiteTable(rows=tuple(_where(pad) for pad in pads)))
        blocks += _of_search(place, kiosk)
        turn = KeyView(action="turn", text=_("How it is done"), icon="list", look=KeyLook.OUTLINED)
    else:
        first = (place.page - 1) * STEPS_ON_PAGE
        shown = steps[first : first + STEPS_ON_PAGE]
        lines = tuple(
            SiteRow(number=str(first + number), text=say_row(step), style="caption")
            for number, step in enumerate(shown, 1)
        )
        last = first + STEPS_ON_PAGE >= len(steps)
        text = _("Where each pad lies") if last else _("Next steps")
        note = _("{first} to {last} of {all}").format(
            first=first + 1, last=first + len(shown), all=len(steps)
        )
        blocks += [Heading(text=_("How it is done"), note=note), SiteTable(rows=lines)]
        icon = "pad" if last else "next"
        turn = KeyView(action="turn", text=text, icon=icon, look=KeyLook.OUTLINED)
    placed = KeyView(
        action="placed",
        text=_("The pads lie like this"),
        note=_("leads in, output off"),
        icon="pad",
        look=KeyLook.LEAD,
    )
    blocks += [
        *(problem_card(kiosk) or (Keys(height=52, keys=(turn,)),)),
        Keys(height=68, how="tile", keys=(placed,) if row is not None else ()),
    ]
    figure = placement_figure(row, place.treatment.region)
    figure = replace(figure, points=(*figure.points, *found_marks(place.found(kiosk))))
    return _beside_figure(place, figure, blocks)


def _of_search(place: PlacePads, kiosk: Kiosk) -> tuple[Block, ...]:
    """Return that one pad is held in a search, or where a point was found before."""
    if searches(kiosk, place.treatment.programme):
        text = _("One pad is stuck on; the other one is held, with gel, and moved.")
        return (Say(height=40, text=text, style="caption", role="text_soft"),)
    found = place.found(kiosk)
    if len(found) != 1:  # two sides have no room for words; both points stand on the figure
        return ()
    return (Say(height=84, text=found_words(found[0]), style="caption", role="text_soft"),)


def found_marks(rows: Iterable[Row]) -> tuple[PointMark, ...]:
    """Return motor points that were found as they stand on the figure, with their level."""
    return tuple(
        PointMark(
            text=_("{current} mA").format(current=milliamps(row["level_ua"])),
            x=row["drawn"]["x"],
            y=row["drawn"]["y"],
            dot=True,
        )
        for row in rows
        if row["drawn"] is not None
    )


def found_words(row: Row) -> str:
    """Return where a motor point was found, and at which level."""
    where, level = say_row(row["where"]), milliamps(row["level_ua"])
    return _("Motor point at {level} mA: {where}").format(level=level, where=where)


def _where(pad: Row) -> SiteRow:
    return SiteRow(
        label=pad["pad"],
        channel=pad["channel"],
        text=f"{sentence(choice('side', pad['side']))}: {say_row(pad['where'])}",
        style="caption",
    )


def _pads_text(row: Row | None, *, placing: bool = False) -> str:
    if row is None:
        return _("Where the pads go")
    sizes = dict.fromkeys((pad["width_mm"], pad["height_mm"]) for pad in row["pads"])
    size = listed(*(f"{width} × {height}" for width, height in sizes))
    words = _("Place {count} pads, {size} mm") if placing else _("{count} pads, {size} mm")
    return words.format(count=len(row["pads"]), size=size)


def _set(place: PlacePads, kiosk: Kiosk) -> str:
    label = place.pad_set(kiosk)
    return _("set {label}").format(label=label) if label else ""


def sensation_view(place: Sensation, kiosk: Kiosk) -> FormView:
    """Return the sites on the figure and what is felt at each."""
    row = place.planned(kiosk)
    answers = (
        SiteAnswer("normal", _("Tells")),
        SiteAnswer("altered", _("Differs")),
        SiteAnswer("absent", _("Cannot")),
    )
    blocks: list[Block] = [
        Heading(height=26, text=_("Sharp or blunt?"), note=_("eyes closed")),
        Say(
            height=40,
            text=_("Touch three times at each site, in random order. Right three times: tells."),
            style="caption",
            role="text_soft",
        ),
        SiteTable(rows=_site_rows(place, kiosk, answers, row), key_width=92),
        *problem_card(kiosk),
        _foot(place, kiosk, _("All sites tell"), _sensation_note(place)),
    ]
    if place.skin_sites(kiosk) and not place.answers:
        both = KeyView(
            action="all_clear",
            text=_("All sites tell, skin clear"),
            note=_("skin normal or pink, no mark, no blister"),
            icon="check",
            look=KeyLook.LEAD,
        )
        blocks.append(Keys(height=52, keys=(both,)))
    figure = placement_figure(row, place.treatment.region, "off")
    return _beside_figure(place, figure, blocks, shares=(176, 464))


def skin_view(place: CheckSkin, kiosk: Kiosk) -> FormView:
    """Return a grade for each site, with samples of pale and dark skin."""
    answers = (SiteAnswer("0", "0"), SiteAnswer("1", "1"), SiteAnswer("2", "2"))
    heads = (
        SiteHead(_("Normal, pink"), _("fades in 30 min"), "flush"),
        SiteHead(_("Marked"), _("or lasting"), "mark"),
        SiteHead(_("Blister, burn"), _("or broken"), "broken"),
    )
    rows = _site_rows(place, kiosk, answers, place.planned(kiosk))
    table = SiteTable(
        rows=rows,
        room=4,
        key_width=152,
        title=_("Skin, before"),
        lead=_("One answer a site. On dark skin feel for warmth, look for shine."),
        heads=heads,
    )
    foot = _foot(place, kiosk, _("All sites 0"), _skin_note(place))
    return FormView(
        title=step_title(place.treatment),
        line=_("before the pads"),
        rail=before_pads(),
        columns=(Column(blocks=(table, *problem_card(kiosk), foot)),),
    )


def _site_rows(
    place: AtSites, kiosk: Kiosk, answers: Sequence[SiteAnswer], row: Row | None
) -> tuple[SiteRow, ...]:
    pads = {} if row is None else {site_of(place.treatment.region, pad): pad for pad in row["pads"]}
    return tuple(_site_row(place, site, answers, pads.get(site)) for site in place.sites(kiosk))


def _site_row(place: AtSites, site: str, answers: Iterable[SiteAnswer], pad: Row | None) -> SiteRow:
    side, spot = site.split("/")[1:]
    name = spot.replace("_", " ") if pad is None else say_row(pad["name"])
    given = place.answers.get(site, "")
    keys = []
    for answer in answers:
        chosen = given == answer.name
        harmless = answer.name == place.harmless
        look = KeyLook.OUTLINED
        if chosen:
            look = KeyLook.CHOSEN if harmless else KeyLook.CONSEQUENCE
        icon = ("check" if harmless else "warn") if chosen and answer.text.isdecimal() else ""
        action = f"site:{site}:{answer.name}"
        keys.append(KeyView(action=action, text=answer.text, icon=icon, look=look))
    text = listed(choice("side", side), name)
    return SiteRow(
        label="" if pad is None else pad["pad"],
        channel=1 if pad is None else pad["channel"],
        text=text,
        style="body" if len(text) <= SHORT else "caption",
        keys=tuple(keys),
    )


def _foot(place: AtSites, kiosk: Kiosk, all_text: str, note: str) -> Keys:
    sites = place.sites(kiosk)
    left = sum(site not in place.answers for site in sites)
    every = KeyView(action="all", text=all_text, icon="check", look=KeyLook.OUTLINED)
    if left or not sites:
        text = _("{left} open").format(left=left)
        done = KeyView(action="", text=_("Go on"), note=text, look=KeyLook.OFF)
    else:
        done = KeyView(action="done", text=_("Go on"), note=note, look=KeyLook.LEAD)
    return Keys(height=52, columns=2, keys=(every, done))


def _sensation_note(place: AtSites) -> str:
    if "absent" in place.answers.values():
        return _("no pads where nothing is felt")
    return _("a reason is asked for") if "altered" in place.answers.values() else ""


def _skin_note(place: AtSites) -> str:
    if "2" in place.answers.values():
        return _("2: no pads there today")
    return _("1: a lower level there") if "1" in place.answers.values() else ""


def _beside_figure(
    place: ChoosePlacement | PlacePads | Sensation,
    figure: Figure,
    blocks: Sequence[Block],
    shares: tuple[float, float] = (296, 344),
) -> FormView:
    return FormView(
        title=step_title(place.treatment),
        rail=before_pads()[: 1 if isinstance(place, ChoosePlacement) else None],
        columns=(
            Column(share=shares[0], blocks=(figure,)),
            Column(share=shares[1], blocks=tuple(blocks)),
        ),
    )


def _pick(action: str, text: str, *, chosen: bool, icon: str = "check") -> KeyView:
    look = KeyLook.CHOSEN if chosen else KeyLook.OUTLINED
    return KeyView(action=action, text=text, icon=icon if chosen else "", look=look)
