"""The read API of the national subsidy portal (Jグランツ), served over this catalogue.

A client written for it works here when only its base URL changes. What is mapped how: docs/adr/0011.
Only what everybody sees is served, whoever asks: the same search and visibility as the pages.
"""
