"""The factory test of a pill box, its record, the check list of a release."""
