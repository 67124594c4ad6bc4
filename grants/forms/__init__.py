"""Forms of the applicants' pages: they parse what people type into the arguments of the actions."""

from grants.forms.acts import (
    CertifyForm,
    InviteActorForm,
    InviteTownForm,
    LetterForm,
    PrecheckForm,
    ReasonForm,
    SubmitForm,
    UploadForm,
)
from grants.forms.answers import SectionForm, TypedAnswer, shown_digest, stored_data
from grants.forms.budget import BudgetForm, BudgetRow
from grants.forms.fields import DomainForm, JapaneseDateField

__all__ = [
    "BudgetForm",
    "BudgetRow",
    "CertifyForm",
    "DomainForm",
    "InviteActorForm",
    "InviteTownForm",
    "JapaneseDateField",
    "LetterForm",
    "PrecheckForm",
    "ReasonForm",
    "SectionForm",
    "SubmitForm",
    "TypedAnswer",
    "UploadForm",
    "shown_digest",
    "stored_data",
]
