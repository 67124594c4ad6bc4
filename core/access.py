"""The one permission question, and the declaration every route must carry. Denies by default.

`allowed(actor, action, obj, at)` is the only place that says who may do what: it draws the buttons,
guards the views and fills the API. Each app's `permissions.py` registers its own actions:

    @register("programs.edit")
    def edit(actor: Actor, program: Program | None, at: datetime) -> Decision: ...

A rule is asked with `obj=None` when a route opens ("may this actor do it to anything at all?") and again
with the object once the view has it (`require`). Refused and unknown look the same: 404.
"""

import functools
import inspect
import logging
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from core import clock
from core.actor import ANONYMOUS, Actor
from core.exceptions import PersonRequired, Refused, ScopeMissing, SignInRequired
from core.problem import problem_response

logger = logging.getLogger(__name__)

NO_STORE: Final = "private, no-store"
_API_PREFIXES: Final = ("/api/", "/exp/")
_ACTION_NAME: Final = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


# --- The question -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """Yes or no, with a Japanese reason for a no. True in a condition exactly when allowed."""

    permitted: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.permitted


ALLOW: Final = Decision(permitted=True)


def deny(reason: str = "この操作を行う権限がありません。") -> Decision:
    """A no with its reason."""
    return Decision(permitted=False, reason=reason)


Rule = Callable[[Actor, Any, datetime], "Decision | bool"]
RuleT = TypeVar("RuleT", bound=Rule)
_rules: dict[str, Rule] = {}
_for_machines: set[str] = set()


def register(action: str, *, machine: bool = False) -> Callable[[RuleT], RuleT]:
    """Register the rule of an action named "<app>.<verb>". One rule per action.

    `machine`: whether a token may do it too, where the rule lets its post; without it a person is needed.
    Raises ValueError for a malformed name or a second rule for the same action.
    """
    if not _ACTION_NAME.fullmatch(action):
        raise ValueError(f"action {action!r} must be named <app>.<verb> in lower case")

    def keep(rule: RuleT) -> RuleT:
        if action in _rules:
            raise ValueError(f"action {action!r} has a rule already: {_rules[action]!r}")
        _rules[action] = rule
        if machine:
            _for_machines.add(action)
        return rule

    return keep


def registered_actions() -> frozenset[str]:
    """Every action that has a rule."""
    return frozenset(_rules)


def allowed(actor: Actor, action: str, obj: Any = None, at: datetime | None = None) -> Decision:
    """May this actor do this to this object at this instant (default: now)?

    An action without a rule is denied, and so is anything a rule answers other than True or a Decision:
    a rule that forgets to return denies.
    """
    rule = _rules.get(action)
    if rule is None:
        logger.error("permission asked for unregistered action %s", action)
        return deny()
    if actor.is_machine and action not in _for_machines:
        return deny("この操作は、職員がサインインして画面で行います。")
    answer = rule(actor, obj, at if at is not None else clock.now())
    if isinstance(answer, Decision):
        return answer
    return ALLOW if answer is True else deny()


def require(actor: Actor, action: str, obj: Any = None, at: datetime | None = None) -> None:
    """Raise Refused (a 404 unless a view catches it) when `allowed` says no."""
    decision = allowed(actor, action, obj, at)
    if not decision:
        raise Refused(decision.reason)


# --- The declaration ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class AccessRule:
    """Who reaches a route: everybody, anyone signed in, or whom an action's rule lets in."""

    public: bool = False
    signed_in: bool = False
    action: str = ""

    def __post_init__(self) -> None:
        if [self.public, self.signed_in, bool(self.action)].count(True) != 1:
            raise ValueError("declare exactly one of public=True, signed_in=True, action='<app>.<verb>'")
        if self.action and not _ACTION_NAME.fullmatch(self.action):
            raise ValueError(f"action {self.action!r} must be named <app>.<verb> in lower case")

    def judge(self, actor: Actor, at: datetime) -> Decision:
        """May this actor open the route at all?"""
        if self.public:
            return ALLOW
        if self.signed_in:
            return deny("ログインしてください。") if actor.is_anonymous else ALLOW
        return allowed(actor, self.action, None, at)


ViewT = TypeVar("ViewT", bound=Callable[..., Any])
_RULE_ATTRIBUTE: Final = "access"
_GUARD_ATTRIBUTE: Final = "access_guarded"
_modules: dict[str, AccessRule] = {}


def access(*, public: bool = False, signed_in: bool = False, action: str = "") -> Callable[[ViewT], ViewT]:
    """Declare who reaches a view. Outermost decorator; on function views, Django's and DRF's classes.

    Anonymous people are sent to the sign-in page (API: 401 problem), anyone else who may not gets 404.
    What is shown to a signed-in person (their name stands in the header of every page) is never stored by a
    browser or proxy, unless the view itself says how it may be.
    Raises TypeError for views it cannot guard.
    """
    rule = AccessRule(public=public, signed_in=signed_in, action=action)

    def declare(view: ViewT) -> ViewT:
        target: Any = view
        if isinstance(target, type):
            _guard_class(target, rule)
            return view
        if inspect.iscoroutinefunction(target):
            raise TypeError(f"{target.__qualname__}: asynchronous views are not guarded")
        if isinstance(getattr(target, "cls", None), type):  # made by DRF's @api_view
            _guard_class(target.cls, rule)
            _mark(target, rule)
            return view
        guarded: Any = _guard_function(target, lambda: rule)
        _mark(guarded, rule)
        return guarded  # type: ignore[no-any-return]  # same signature as the view

    return declare


def rule_of(view: Any) -> AccessRule | None:
    """The declaration of a view (function, class, instance, or what `as_view()` made), if there is one.

    Only `@access` declares: a rule somebody sets by hand guards nothing and does not count.
    """
    holders = (view, getattr(view, "cls", None), getattr(view, "view_class", None))
    for holder in holders:
        found = getattr(holder, _RULE_ATTRIBUTE, None)
        if isinstance(found, AccessRule) and getattr(holder, _GUARD_ATTRIBUTE, False):
            return found
    return None


def module_rule(view: Any) -> AccessRule | None:
    """The declaration of the package a view comes from, if `declare_module` named it."""
    module = getattr(view, "__module__", "") or ""
    return next((rule for prefix, rule in _modules.items() if f"{module}.".startswith(prefix)), None)


def declare_module(package: str, rule: AccessRule) -> None:
    """Declare all views of an installed package (sign-in pages, for one) that cannot carry a decorator.

    They are judged by core.middleware.DenyUndeclared.
    """
    _modules[f"{package}."] = rule


def actor_of(request: Any) -> Actor:
    """The actor of a request; ANONYMOUS where no middleware has set one."""
    found = getattr(request, "actor", None)
    return found if isinstance(found, Actor) else ANONYMOUS


def arrival_of(request: Any) -> datetime:
    """When a request arrived, if a middleware noted it; else now. Deadlines are judged by it."""
    found = getattr(request, "arrived_at", None)
    return found if isinstance(found, datetime) else clock.now()


# --- Guards -------------------------------------------------------------------------------------------


def _guard_function(view: Callable[..., Any], rule: Callable[[], AccessRule | None]) -> Callable[..., Any]:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        current = rule()
        refusal = enter(request, current)
        if refusal is not None:
            return refusal
        response: HttpResponseBase = view(request, *args, **kwargs)
        if not actor_of(request).is_anonymous and not response.has_header("Cache-Control"):
            response["Cache-Control"] = NO_STORE
        return response

    return guarded


def enter(request: HttpRequest, rule: AccessRule | None) -> HttpResponseBase | None:
    """None if the request may go on; the sign-in answer for an anonymous actor; raises Refused otherwise."""
    actor = actor_of(request)
    decision = rule.judge(actor, arrival_of(request)) if rule else deny()
    if decision:
        return None
    if actor.is_anonymous and rule is not None:
        return sign_in_response(request)
    raise Refused(decision.reason)


def _guard_class(cls: type, rule: AccessRule) -> None:
    """Guard a class-based view. Subclasses inherit guard and rule, and may declare their own rule."""
    if not hasattr(cls, "as_view"):
        raise TypeError(f"{cls.__qualname__} is not a view")
    guarded_by_parent = getattr(cls, _GUARD_ATTRIBUTE, False)
    _mark(cls, rule)
    if guarded_by_parent:
        return
    if hasattr(cls, "perform_authentication"):  # DRF: only after its own authentication is the actor known
        _guard_drf_class(cls)
    else:
        _guard_django_class(cls)


def _mark(holder: Any, rule: AccessRule | None) -> None:
    setattr(holder, _RULE_ATTRIBUTE, rule)
    setattr(holder, _GUARD_ATTRIBUTE, True)


def _guard_django_class(cls: Any) -> None:
    original = cls.as_view.__func__

    def as_view(owner: Any, /, **initkwargs: Any) -> Callable[..., Any]:
        guarded = _guard_function(original(owner, **initkwargs), lambda: rule_of(owner))
        _mark(guarded, rule_of(owner))
        return guarded

    as_view.__doc__ = original.__doc__
    cls.as_view = classmethod(as_view)


def _guard_drf_class(cls: Any) -> None:
    original = cls.initial

    @functools.wraps(original)
    def initial(self: Any, request: Any, *args: Any, **kwargs: Any) -> None:
        original(self, request, *args, **kwargs)
        enter_api(self, request)

    cls.initial = initial


def enter_api(view: Any, request: Any) -> None:
    """The guard of DRF views: SignInRequired (401) for an anonymous actor, Refused (404) for others.

    A machine also needs the scope that the view's `token_scopes` names for the method ("": any token will do):
    ScopeMissing or PersonRequired (403). What is public it reads as nobody in particular.
    """
    rule, actor = rule_of(view), actor_of(request)
    if actor.is_machine:
        actor = _machine_at(view, request, rule, actor)
    if not actor.is_anonymous:
        view.headers["Cache-Control"] = NO_STORE
    decision = rule.judge(actor, arrival_of(request)) if rule else deny()
    if decision:
        return
    if actor.is_anonymous and rule is not None:
        raise SignInRequired
    raise Refused(decision.reason)


def _machine_at(view: Any, request: Any, rule: AccessRule | None, actor: Actor) -> Actor:
    """Whom a machine's request stands for at this view. Raises ScopeMissing, PersonRequired."""
    method = "GET" if request.method in {"HEAD", "OPTIONS"} else request.method
    scope: str | None = getattr(view, "token_scopes", {}).get(method)
    if scope is None and rule is not None and rule.public:
        request._request.actor = ANONYMOUS  # noqa: SLF001 - DRF's documented way to Django's request
        return ANONYMOUS
    if scope is None and hasattr(view, str(request.method).lower()):  # else 405, for everybody
        raise PersonRequired
    if scope and scope not in (actor.scopes or ()):
        raise ScopeMissing(scope)
    return actor


# --- The way to the sign-in page ------------------------------------------------------------------------


def sign_in_response(request: HttpRequest) -> HttpResponseBase:
    """Where an anonymous request goes: sign-in page with a safe `next`, or a 401 problem for the API.

    An htmx request is told to load the sign-in page as a whole, not as a fragment.
    """
    if request.path.startswith(_API_PREFIXES):
        return problem_response(401, instance=request.path)
    if request.headers.get("HX-Request") == "true":
        back = safe_next(request, request.headers.get("HX-Current-URL", ""))
        response = HttpResponse(status=401)
        response["HX-Redirect"] = redirect_to_login(back or "/", _login_url()).url
    else:
        here = (
            request.get_full_path()
            if request.method in {"GET", "HEAD"}
            else request.headers.get("Referer", "")
        )
        back = safe_next(request, here)
        response = redirect_to_login(back or "/", _login_url())
    response["Cache-Control"] = NO_STORE
    return response


def safe_next(request: HttpRequest, candidate: str) -> str:
    """The path and query of an address on this portal, or "" for any other address.

    Never a host, a scheme, a backslash or a control character: it is safe to redirect to.
    """
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in candidate):
        return ""
    if not url_has_allowed_host_and_scheme(candidate, {request.get_host()}, require_https=False):
        return ""
    parts = urlsplit(candidate)
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


def _login_url() -> str:
    return resolve_url(settings.LOGIN_URL)
