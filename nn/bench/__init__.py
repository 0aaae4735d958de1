"""Measurements, each a command of `python -m nn`."""
