"""The commands of `python -m nn` that work with networks and data sets."""
