"""What keeps a unit fit for use: drills, how they are judged, when they are due."""
