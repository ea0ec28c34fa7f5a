"""What an instructor wrote and a student handed in: sources, options, submissions, results."""
