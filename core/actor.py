"""Who acts: a person in one of their posts. Actions take `by: Actor`, never a user or a request."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Actor:
    """A user acting as one membership in force, with the names as they were at that moment.

    `roles` holds the codes of accounts.enums.Role. A person with several posts acts as one of them at a
    time; `second_factor` says whether this session was opened with one. `scopes` is None for a person at a
    browser; for a machine with a token, what that token may do (accounts.enums.Scope).
    """

    user_id: int | None
    name: str
    membership_id: int | None
    organization_id: int | None
    organization_code: str
    organization_name: str
    department_id: int | None
    department_name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    second_factor: bool = False
    scopes: frozenset[str] | None = None

    @property
    def is_machine(self) -> bool:
        """Acts by a token: what needs a person is not for it."""
        return self.scopes is not None

    @property
    def is_anonymous(self) -> bool:
        """Nobody is signed in (the system is not anonymous)."""
        return self.user_id is None and not self.is_system

    @property
    def is_system(self) -> bool:
        """The portal itself: the schedule, the loaders."""
        return "system" in self.roles

    def has_role(self, *roles: str) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def belongs_to(self, organization_id: int | None) -> bool:
        """Whether the actor acts for this body. Nobody belongs to "no body"."""
        return organization_id is not None and self.organization_id == organization_id


def _without_post(name: str, roles: frozenset[str]) -> Actor:
    return Actor(
        user_id=None,
        name=name,
        membership_id=None,
        organization_id=None,
        organization_code="",
        organization_name="",
        department_id=None,
        department_name="",
        roles=roles,
    )


ANONYMOUS = _without_post("", frozenset())
SYSTEM = _without_post("システム", frozenset({"system"}))
