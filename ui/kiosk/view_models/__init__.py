"""What each screen shows, as plain values: made from snapshots and pages, without Kivy."""
