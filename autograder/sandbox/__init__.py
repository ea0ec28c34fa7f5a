"""Starting processes, and what keeps them apart from the machine and from each other."""
