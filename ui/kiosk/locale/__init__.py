"""Languages: the screen's own words, and the engine's texts, in the language of the screen."""
