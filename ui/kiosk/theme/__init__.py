"""The look: tokens of colour, type and size, and the fonts; no screen has one of its own."""
