"""Data that ships with Brightwire: icons, style sheet, trained weights."""
