"""Where pads lie: positions in words, the reference figure, forbidden paths, pad sets."""
