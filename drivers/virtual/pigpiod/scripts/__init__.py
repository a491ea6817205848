"""Scripts stored in pigpiod: their text, instructions and threads."""
