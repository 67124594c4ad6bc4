"""Objects for tests, made by the actions people use."""
