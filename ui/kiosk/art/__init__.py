"""Our drawings: the figure seen from behind and the icons, as SVG, and how they become pictures."""
