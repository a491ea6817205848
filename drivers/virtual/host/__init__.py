"""What a Pi's kernel offers, played by the board: lines, spidev, sockets."""
