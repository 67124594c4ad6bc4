"""Runs the portal's processes side by side: the demo, and the services that the checks need.

Nothing in here is used in production, where systemd or containers do this work (deploy/).
"""
