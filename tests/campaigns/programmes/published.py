"""The section of published protocols: each given as published, or refused with the limit named.

The verdicts are those that tests/appliance/clinical/published proves, protocol by protocol.
"""

from appliance.texts.english import english
from appliance.texts.text import Text
from tests.support.published_protocols import FILES, Protocol, protocol_of


def published_section(title: str) -> list[str]:
    """Return the lines of the section."""
    protocols = [protocol_of(file) for file in FILES]
    given = sum(not protocol.refused_by for protocol in protocols)
    citations = len({protocol.citation for protocol in protocols})
    return [
        f"## {title}",
        "",
        f"{len(protocols)} protocols of {citations} sources, prescribed as own programmes:",
        f"{given} are given as published, {len(protocols) - given} are refused.",
        "`tests/appliance/clinical/published` has each as a file and judges it in every run.",
        "Marks: C read, Ca abstract read, Cp the page, S secondary text, M memory, D judged here.",
        "",
        "| source | published | chosen here, because not printed | here |",
        "|---|---|---|---|",
        *(
            f"| {each.citation} | {each.published} | {each.chosen} | {verdict_of(each)} |"
            for each in protocols
        ),
    ]


def verdict_of(protocol: Protocol) -> str:
    """Return what becomes of a protocol, with the limits that refuse it by name."""
    if not protocol.refused_by:
        return "given as published"
    limits = ", ".join(english(Text(rule)) for rule in protocol.refused_by)
    nearest = f"; accepted would be {', '.join(protocol.nearest)}" if protocol.nearest else ""
    return f"refused: {limits}{nearest}"
