"""`{% load ui %}`: every tag and filter of the portal's interface.

The tags live in sibling modules by kind: `formats` (filters), `parts` (states, notes, lists), `fields`
(forms), `charts` and `lines` (pictures with their table), `tilemap` (Tokyo's municipalities).
"""

from django import template

from core.templatetags import charts, fields, formats, lines, parts, tilemap

register = template.Library()
for _module in (formats, parts, fields, charts, lines, tilemap):
    register.tags.update(_module.register.tags)
    register.filters.update(_module.register.filters)
