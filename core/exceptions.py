"""Errors of the domain, with messages for people. None of them knows about HTTP but `Refused`."""

from dataclasses import dataclass

from django.http import Http404


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input: the field's name, what is wrong, and how to cure it (Japanese)."""

    field: str
    message: str
    cure: str = ""

    def __str__(self) -> str:
        return f"{self.message}{self.cure}"


class DomainError(Exception):
    """A rule of the domain says no; `faults` name field, fault and cure. API: 422."""

    def __init__(self, *faults: Fault | str) -> None:
        self.faults = tuple(fault if isinstance(fault, Fault) else Fault("", fault) for fault in faults)
        super().__init__(" ".join(map(str, self.faults)))


class Conflict(DomainError):  # noqa: N818 - named by what happened, as the rest of the domain
    """Somebody else changed it first, or it was done already. API: 409."""


class PersonRequired(DomainError):  # noqa: N818 - as above
    """Only a person who is signed in may do this, no machine with a token. API: 403."""

    def __init__(self, what: str = "この操作") -> None:
        super().__init__(
            f"{what}は、職員がサインインして画面で行う操作です。APIでは行えません。ポータルの画面を開いて行ってください。"
        )


class UnknownState(DomainError):  # noqa: N818 - as above
    """A lifecycle table does not have this state."""


class UnknownTransition(DomainError):  # noqa: N818 - as above
    """A lifecycle table does not have this action, or not from this state. API: 409."""


class AppendOnlyError(DomainError):
    """Somebody tried to change or remove a row of an append-only table."""


class Refused(Http404):
    """An actor may not do this. A view that lets it pass answers 404, exactly as for an unknown address.

    `reason` is Japanese and only for a view that knows the actor may see the object anyway. It is not in
    `args`, so that no 404 page can show it by accident.
    """

    def __init__(self, reason: str = "") -> None:
        super().__init__()
        self.reason = reason


class SignInRequired(Exception):  # noqa: N818 - as above
    """The API's twin of the redirect to the sign-in page: 401."""


class ScopeMissing(Exception):  # noqa: N818 - as above
    """A token is used for something it was not made for. API: 403, naming the scope."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class TokenRefused(Exception):  # noqa: N818 - as above
    """A token that opens nothing: unknown, expired, revoked, or its post has ended. API: 401."""
