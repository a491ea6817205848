"""A simulated Pi kernel: lines and spidev, and the Unix sockets that serve them."""
