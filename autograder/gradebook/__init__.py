"""nbgrader's own `Autograde` and gradebook, fed with results."""
