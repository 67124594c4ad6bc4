"""Proves everything that must hold: the parts of `manage.py verify`."""
