"""Journeys: the portal as people meet it, page by page and from door to door."""
