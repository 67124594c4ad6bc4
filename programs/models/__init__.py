"""The catalogue: programs, their years and figures, calls, adopted projects, systems, and the record."""

from programs.models.alert import AlertItem, SavedSearch
from programs.models.call import Call
from programs.models.correction import Correction
from programs.models.duplicate import DistinctPair
from programs.models.edition import BudgetLine, LegalBasis, ProgramYear
from programs.models.event import ProgramEvent
from programs.models.outcome import Milestone, Outcome
from programs.models.part import PartRevision
from programs.models.program import METROPOLITAN_CODE, Program, ProgramTag, curated_by
from programs.models.project import AdoptedProject, ProjectActor, ProjectMember, ProjectResult
from programs.models.revision import ProgramRevision, ProgramSource
from programs.models.rule import AreaRule, EligibilityRule, FundingRule
from programs.models.searching import Holders, ProgramIndex
from programs.models.system import ExternalSystem
from programs.models.words import GlossaryTerm, Synonym

__all__ = [
    "METROPOLITAN_CODE",
    "AdoptedProject",
    "AlertItem",
    "AreaRule",
    "BudgetLine",
    "Call",
    "Correction",
    "DistinctPair",
    "EligibilityRule",
    "ExternalSystem",
    "FundingRule",
    "GlossaryTerm",
    "Holders",
    "LegalBasis",
    "Milestone",
    "Outcome",
    "PartRevision",
    "Program",
    "ProgramEvent",
    "ProgramIndex",
    "ProgramRevision",
    "ProgramSource",
    "ProgramTag",
    "ProgramYear",
    "ProjectActor",
    "ProjectMember",
    "ProjectResult",
    "SavedSearch",
    "Synonym",
    "curated_by",
]
