"""A kiosk for tests: in a process of its own, touched at pixels."""
