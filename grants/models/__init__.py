"""Applications: the form, the case, its parts, its review, its decisions, and the record."""

from grants.models.answer import Answer, Revision
from grants.models.application import Application, ApplicationQuerySet, ApplicationSlot, ReceiptSeries
from grants.models.backing import BudgetBacking
from grants.models.budget import BudgetLine, IncomeLine
from grants.models.certification import Certification
from grants.models.consent import Consent
from grants.models.decision import Decision, Petition, Recommendation
from grants.models.deliberation import InternalNote, OpinionRequest
from grants.models.document import Document
from grants.models.event import ApplicationEvent
from grants.models.export_layout import ExportLayout
from grants.models.form import FormTemplate, Question
from grants.models.indicator import ProjectIndicator, ProjectTarget
from grants.models.inquiry import Inquiry, InquiryAnswer, QuestionDesk
from grants.models.issuing import IssuedLetter
from grants.models.line import LineRequest
from grants.models.member import Member, MemberQuerySet
from grants.models.panel import CommitteeSeat, PanelScenario
from grants.models.precheck import Precheck, PrecheckComment, ReturnRequest
from grants.models.redaction import Redaction
from grants.models.report import YearFigure, YearReport
from grants.models.review import InterestDeclaration, ReviewAssignment, ReviewMeeting, Score
from grants.models.routing import Distribution, Routing, RoutingQuerySet
from grants.models.saved_view import SavedView
from grants.models.sharing import SharePlan
from grants.models.shortening import Shortening
from grants.models.snapshot import Snapshot, SubmissionKey
from grants.models.support import SupportEvent, SupportRequest, Visit, VisitLink, VisitVoice
from grants.models.waiver import Waiver

__all__ = [
    "Answer",
    "Application",
    "ApplicationEvent",
    "ApplicationQuerySet",
    "ApplicationSlot",
    "BudgetBacking",
    "BudgetLine",
    "Certification",
    "CommitteeSeat",
    "Consent",
    "Decision",
    "Distribution",
    "Document",
    "ExportLayout",
    "FormTemplate",
    "IncomeLine",
    "Inquiry",
    "InquiryAnswer",
    "InterestDeclaration",
    "InternalNote",
    "IssuedLetter",
    "LineRequest",
    "Member",
    "MemberQuerySet",
    "OpinionRequest",
    "PanelScenario",
    "Petition",
    "Precheck",
    "PrecheckComment",
    "ProjectIndicator",
    "ProjectTarget",
    "Question",
    "QuestionDesk",
    "ReceiptSeries",
    "Recommendation",
    "Redaction",
    "ReturnRequest",
    "ReviewAssignment",
    "ReviewMeeting",
    "Revision",
    "Routing",
    "RoutingQuerySet",
    "SavedView",
    "Score",
    "SharePlan",
    "Shortening",
    "Snapshot",
    "SubmissionKey",
    "SupportEvent",
    "SupportRequest",
    "Visit",
    "VisitLink",
    "VisitVoice",
    "Waiver",
    "YearFigure",
    "YearReport",
]
