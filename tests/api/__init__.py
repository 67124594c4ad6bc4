"""The API as its schema promises it."""
