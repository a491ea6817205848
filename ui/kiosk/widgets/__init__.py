"""Parts that screens are made of: boxes, words, icons, keys, and what shows the output."""
