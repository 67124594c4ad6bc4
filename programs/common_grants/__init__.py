"""Opportunities by the CommonGrants protocol (0.1.0): list, detail and search over this catalogue.

Only what everybody sees is served, by the same search as the pages. Source: the protocol's OpenAPI document
(github.com/HHS/simpler-grants-protocol, CC0).
"""
