"""What the chapters of the course import: data, plots, widgets; and the book's Sphinx extension."""
