"""Many submissions: which must be run, where, and how far it is."""
