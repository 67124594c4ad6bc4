"""Funding and eligibility rules as data: one typed tree of nodes, exact numbers, a trail in Japanese.

Pure Python without a database: `inputs` (what a rule asks for), `tree` (the nodes and their strict JSON form),
`evaluation` (values and the trail), `rules` (a whole rule with its versions and readings), `exact` (JSON
without floats).
"""
