"""The instructions for use: one source for docs/instructions-for-use.md and the "?" of a screen."""
