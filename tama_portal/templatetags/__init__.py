"""Template tags of the house as a whole."""
