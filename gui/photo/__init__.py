"""Pages of the Photo workspace."""
