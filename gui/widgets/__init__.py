"""Widgets: each paints one thing and knows no other widget."""
