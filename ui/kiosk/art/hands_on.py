"""What a person presses, squeezes or plugs in a drill, as it looks; drawn on a grid of 160.

Colours are those of the parts, the same in both themes: `[part]` of the tokens.
"""

from collections.abc import Mapping

GRID = 160
_ROUND = 'stroke-linecap="round" stroke-linejoin="round" fill="none"'


def part_svg(name: str, colours: Mapping[str, str]) -> str:
    """Return the body of a drawing; raises `KeyError` for an unknown one."""
    return _PARTS[name].format(**colours)


_COLLAR = (
    '<rect x="2" y="2" width="156" height="156" rx="14" fill="{collar}" stroke="{ink}" '
    'stroke-width="3"/><circle cx="80" cy="80" r="60" fill="{button_rim}"/>'
    '<circle cx="80" cy="80" r="55" fill="{button}"/><circle cx="80" cy="80" r="40" '
    'fill="{button_top}"/>'
)
_ARROW = f'<path d="M80 54v50M58 84l22 22 22-22" stroke="{{sign}}" stroke-width="9" {_ROUND}/>'
_TWIST = (
    f'<path d="M54 74a28 28 0 0 1 50-10M106 86a28 28 0 0 1-50 10" stroke="{{sign}}" '
    f'stroke-width="9" {_ROUND}/>'
    '<path d="M112 46v22h-22zM48 114v-22h22z" fill="{sign}" stroke="{sign}" stroke-width="3" '
    'stroke-linejoin="round"/>'
)
_HANDLE = (
    '<rect x="56" y="34" width="48" height="86" rx="20" fill="{body}" stroke="{ink}" '
    'stroke-width="3"/><rect x="66" y="18" width="28" height="26" rx="10" fill="{button}" '
    'stroke="{ink}" stroke-width="3"/><path d="M64 66h32M64 80h32M64 94h32" stroke="{grip}" '
    'stroke-width="5" stroke-linecap="round"/>'
)
_CABLE = f'<path d="M80 120v16q0 16 16 16h50" stroke="{{cable}}" stroke-width="8" {_ROUND}/>'
_SQUEEZE = (
    f'<path d="M12 76h30M30 62l14 14-14 14M148 76h-30M130 62l-14 14 14 14" stroke="{{arrow}}" '
    f'stroke-width="8" {_ROUND}/>'
)
_SOCKET = (
    '<rect x="92" y="34" width="62" height="92" rx="12" fill="{body}" stroke="{ink}" '
    'stroke-width="3"/><rect x="92" y="66" width="34" height="28" rx="4" fill="{ink}"/>'
)
_PLUG_OUT = (
    f'<path d="M4 80h22" stroke="{{cable}}" stroke-width="10" {_ROUND}/>'
    '<rect x="22" y="58" width="40" height="44" rx="9" fill="{grip}" stroke="{ink}" '
    'stroke-width="3"/><rect x="62" y="70" width="22" height="20" rx="3" fill="{metal}" '
    'stroke="{ink}" stroke-width="3"/>'
)
_PLUG_IN = (
    f'<path d="M4 80h40" stroke="{{cable}}" stroke-width="10" {_ROUND}/>'
    '<rect x="50" y="58" width="44" height="44" rx="9" fill="{grip}" stroke="{ink}" '
    'stroke-width="3"/>'
)
_OUT = f'<path d="M70 140H18M38 124l-20 16 20 16" stroke="{{arrow}}" stroke-width="8" {_ROUND}/>'
_IN = f'<path d="M18 140h52M50 124l20 16-20 16" stroke="{{arrow}}" stroke-width="8" {_ROUND}/>'
_LOAD = (
    f'<path d="M4 56h34M4 104h34" stroke="{{cable}}" stroke-width="9" {_ROUND}/>'
    '<rect x="32" y="44" width="26" height="24" rx="5" fill="{grip}" stroke="{ink}" '
    'stroke-width="3"/><rect x="32" y="92" width="26" height="24" rx="5" fill="{grip}" '
    'stroke="{ink}" stroke-width="3"/><rect x="58" y="26" width="96" height="108" rx="10" '
    'fill="{body}" stroke="{ink}" stroke-width="3"/>'
    f'<path d="M72 56h18v12M90 92v12H72" stroke="{{ink}}" stroke-width="5" {_ROUND}/>'
    '<rect x="78" y="66" width="24" height="30" rx="4" fill="{metal}" stroke="{ink}" '
    'stroke-width="4"/>'
)
_ENGINE = (
    '<rect x="34" y="34" width="92" height="92" rx="10" fill="{body}" stroke="{ink}" '
    'stroke-width="3"/>'
    f'<path d="M52 18v14M80 18v14M108 18v14M52 128v14M80 128v14M108 128v14M18 52h14M18 80h14'
    f'M18 108h14M128 52h14M128 80h14M128 108h14" stroke="{{metal}}" stroke-width="7" {_ROUND}/>'
    f'<path d="M46 80h14l8-20 12 40 8-20h26" stroke="{{arrow}}" stroke-width="6" {_ROUND}/>'
)
_PARTS: Mapping[str, str] = {
    "button": _COLLAR,
    "button_press": _COLLAR + _ARROW,
    "button_twist": _COLLAR + _TWIST,
    "switch": _CABLE + _HANDLE,
    "switch_squeeze": _CABLE + _HANDLE + _SQUEEZE,
    "switch_out": _SOCKET + _PLUG_OUT + _OUT,
    "switch_in": _SOCKET + _PLUG_IN + _IN,
    "lead_out": _SOCKET + _PLUG_OUT + _OUT,
    "lead_in": _SOCKET + _PLUG_IN + _IN,
    "load": _LOAD,
    "engine": _ENGINE,
}
