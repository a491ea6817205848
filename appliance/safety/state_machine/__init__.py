"""The engine's states: events in, next state and effects out. Pure."""
