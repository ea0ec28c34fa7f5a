"""The student's objects in another process: values, references and requests between the two."""
