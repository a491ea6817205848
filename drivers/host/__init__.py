"""What the operating system is asked: open connections, file kinds, signals."""
