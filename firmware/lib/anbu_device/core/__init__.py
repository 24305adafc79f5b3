"""The pure rooms of a device: they decide, and touch nothing."""
