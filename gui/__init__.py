"""The Brightwire app: widgets, threads, settings and dialogs; no arithmetic of learning."""
