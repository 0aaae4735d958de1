"""The pages and panels of the Images workspace."""
