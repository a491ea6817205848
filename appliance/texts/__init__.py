"""Texts for people: a key and typed values in the engine, English at the edge. A leaf."""
