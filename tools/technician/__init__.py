"""The technician's side of the `anbu` command. Knows nothing by itself: each module is one job."""
