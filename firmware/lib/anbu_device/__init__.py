"""What the firmware of every Anbu device shares."""
