"""The device: what it may do, what it does, and what it writes down. Knows no Kivy."""
