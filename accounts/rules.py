"""Who may hold which role, and for how long: data, no branches. Source: docs/glossary.md, roles."""

from typing import Final

from accounts.enums import OrganizationKind, Role

# A body's administrator gives only the roles of that kind of body, so that no town can name itself Tokyo's
# officer. 都 curates the programs of 国, so a ministry has nobody here.
ASSIGNABLE_ROLES: Final[dict[OrganizationKind, tuple[Role, ...]]] = {
    OrganizationKind.METROPOLITAN: (
        Role.OFFICER, Role.PUBLISHER, Role.REVIEWER, Role.EXTERNAL_REVIEWER, Role.DECIDER, Role.CONTRACTOR,
        Role.AUDITOR, Role.ADMINISTRATOR,
    ),
    OrganizationKind.MUNICIPALITY: (
        Role.EDITOR, Role.APPROVER, Role.LIAISON, Role.FINANCE, Role.COORDINATOR, Role.PUBLISHER,
        Role.ADMINISTRATOR,
    ),
    OrganizationKind.JOINT_BODY: (Role.EDITOR, Role.APPROVER, Role.FINANCE, Role.ADMINISTRATOR),
    OrganizationKind.PARTNER: (Role.ADVISER, Role.ADMINISTRATOR),
    OrganizationKind.MINISTRY: (),
}  # fmt: skip

# Outsiders with a task: their posts must say when they end.
DATED_ROLES: Final[frozenset[Role]] = frozenset({Role.CONTRACTOR, Role.AUDITOR, Role.EXTERNAL_REVIEWER})

# Wrong codes of one person within the span, after which no new code is mailed.
WRONG_CODES_ALLOWED: Final = 15
WRONG_CODES_SPAN_MINUTES: Final = 30


def assignable_roles(kind: str) -> tuple[Role, ...]:
    """The roles an administrator of such a body may give, in the order of the form."""
    return ASSIGNABLE_ROLES[OrganizationKind(kind)]
