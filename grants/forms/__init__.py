"""Forms of the pages of cases: they parse what people type into the arguments of the actions."""

from core.form_fields import DomainForm, JapaneseDateField
from grants.forms.acts import (
    CertifyForm,
    ConsentForm,
    InviteActorForm,
    InviteTownForm,
    LetterForm,
    PrecheckForm,
    ReasonForm,
    SubmitForm,
    UploadForm,
    VersionForm,
)
from grants.forms.answers import SectionForm, TypedAnswer, shown_digest, stored_data
from grants.forms.backing import BackingForm
from grants.forms.budget import BudgetForm, BudgetRow
from grants.forms.indicators import FigureField, IndicatorBlock, IndicatorsForm
from grants.forms.review import (
    DecisionForm,
    PetitionForm,
    PrecheckAnswerForm,
    RecommendForm,
    ReturnForm,
    ReviewReasonForm,
)
from grants.forms.review_scoring import AssignForm, InterestForm, ScoreForm
from grants.forms.sharing import ShareForm

__all__ = [
    "AssignForm",
    "BackingForm",
    "BudgetForm",
    "BudgetRow",
    "CertifyForm",
    "ConsentForm",
    "DecisionForm",
    "DomainForm",
    "FigureField",
    "IndicatorBlock",
    "IndicatorsForm",
    "InterestForm",
    "InviteActorForm",
    "InviteTownForm",
    "JapaneseDateField",
    "LetterForm",
    "PetitionForm",
    "PrecheckAnswerForm",
    "PrecheckForm",
    "ReasonForm",
    "RecommendForm",
    "ReturnForm",
    "ReviewReasonForm",
    "ScoreForm",
    "SectionForm",
    "ShareForm",
    "SubmitForm",
    "TypedAnswer",
    "UploadForm",
    "VersionForm",
    "shown_digest",
    "stored_data",
]
