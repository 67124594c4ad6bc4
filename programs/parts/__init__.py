"""Calls and rules as publishers edit them: plain data with one description, from which forms, differences and checks come."""
