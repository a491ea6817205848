"""Safety drills: what each proves, its script, how it is judged, when it is due. Pure."""
