"""The limits, each number once with its source. Code, never configuration."""
