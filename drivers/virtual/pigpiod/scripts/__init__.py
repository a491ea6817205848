"""Scripts stored in pigpiod: text, instructions, and their threads."""
