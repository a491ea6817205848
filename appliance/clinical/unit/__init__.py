"""The unit itself: its daily look, its care, and whether it is out of use."""
