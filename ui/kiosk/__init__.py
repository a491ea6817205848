"""The bedside kiosk: a Kivy screen in its own process, with the link of the engine only."""
