"""One submission: its notebook, its processes, its marks."""
