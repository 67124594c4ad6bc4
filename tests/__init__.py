"""The tests, one folder per package (docs/architecture.md). `tests/conftest.py` names the shared fixtures."""
