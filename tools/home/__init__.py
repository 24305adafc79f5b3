"""The virtual home: simulated chips, air and mobile network around the real programs."""
