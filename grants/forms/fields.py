"""What the forms of a case share; the fields themselves are the portal's (core.form_fields)."""

from core.form_fields import CLOSING_HOUR, DomainForm, JapaneseDateField, MomentField, VerbatimField

__all__ = ["CLOSING_HOUR", "DomainForm", "JapaneseDateField", "MomentField", "VerbatimField"]
