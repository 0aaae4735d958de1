"""Drawing a network: where its parts stand, what they look like, what they say; no widget here."""
