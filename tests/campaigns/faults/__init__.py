"""The fault campaign: break everything on purpose, in every state, and say what was measured."""
