"""What learning platforms hand over, brought to where nbgrader looks for it."""
