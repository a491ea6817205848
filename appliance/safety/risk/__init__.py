"""Hazards and risk controls after ISO 14971: the source of docs/hazards.md."""
