"""The catalogue: programs, their years and figures, calls, adopted projects, systems, and the record."""

from programs.models.call import Call
from programs.models.edition import BudgetLine, LegalBasis, ProgramYear
from programs.models.event import ProgramEvent
from programs.models.outcome import Milestone, Outcome
from programs.models.program import METROPOLITAN_CODE, Program, ProgramTag, curated_by
from programs.models.project import AdoptedProject, ProjectActor, ProjectMember, ProjectResult
from programs.models.rule import AreaRule, EligibilityRule, FundingRule
from programs.models.system import ExternalSystem

__all__ = [
    "METROPOLITAN_CODE",
    "AdoptedProject",
    "AreaRule",
    "BudgetLine",
    "Call",
    "EligibilityRule",
    "ExternalSystem",
    "FundingRule",
    "LegalBasis",
    "Milestone",
    "Outcome",
    "Program",
    "ProgramEvent",
    "ProgramTag",
    "ProgramYear",
    "ProjectActor",
    "ProjectMember",
    "ProjectResult",
    "curated_by",
]
