"""Pages for screens: what is known, as rows. Pure but for the records they read."""
