"""The engine's state machine: an event gives the next state and its effects. Pure."""
