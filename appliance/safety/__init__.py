"""The safety chain in software: states, levels, interlocks, gate."""
