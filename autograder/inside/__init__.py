"""What runs in the zygote, the student's and the checker's process."""
