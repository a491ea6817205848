"""The demonstration: a virtual board, an engine, the kiosk and the panel, started together."""
