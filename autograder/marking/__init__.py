"""Written answers in front of a person: by question, in the browser, into nbgrader's gradebook."""
