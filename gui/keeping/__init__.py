"""Session files: what is saved, what is kept in case of a crash, and the questions about it."""
