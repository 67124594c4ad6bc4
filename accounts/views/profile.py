"""A person's own pages: what is registered about me, and which post I act in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.queries import (
    ACTING_KEY,
    factors_of,
    memberships_in_force,
    recent_attempts,
    recent_events,
)
from core import clock
from core.access import access, actor_of, allowed, safe_next
from core.exceptions import Refused


def signed_in_user(request: HttpRequest) -> User:
    """The person behind the session. Raises Refused where there is none."""
    if not isinstance(request.user, User):
        raise Refused
    return request.user


@access(signed_in=True)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My name and address, my posts with their dates, my second factors, what happened lately."""
    user, today = signed_in_user(request), clock.today()
    posts = list(Membership.objects.filter(user=user).select_related("department__organization"))
    context = {
        "person": user,
        "posts": sorted(
            posts, key=lambda post: (post.ends_on is not None and post.ends_on < today, post.starts_on)
        ),
        "in_force": {post.pk for post in memberships_in_force(user, today)},
        "today": today,
        "factors": factors_of(user),
        "events": recent_events(user),
        "attempts": recent_attempts(user),
        "may_keep_tokens": bool(allowed(actor_of(request), "accounts.keep_tokens")),
        "may_manage": bool(allowed(actor_of(request), "accounts.manage_people")),
    }
    return render(request, "account/home.html", context)


@access(signed_in=True)
@require_http_methods(["GET", "HEAD", "POST"])
def acting(request: HttpRequest) -> HttpResponse:
    """Choose the post to act in; it stands in the header of every page and holds for this session."""
    choices = acting_choices(signed_in_user(request))
    if request.method != "POST":
        return render(request, "account/acting.html", {"choices": choices, "next": _next(request)})
    chosen = request.POST.get("department", "")
    found = next((choice for choice in choices if str(choice["department"].pk) == chosen), None)
    if found is None:
        context = {"choices": choices, "next": _next(request), "missing": True}
        return render(request, "account/acting.html", context, status=422)
    request.session[ACTING_KEY] = found["department"].pk
    messages.success(request, f"{found['department']}として操作します。")
    return redirect(_next(request) or "account:home")


def acting_choices(user: User) -> list[dict[str, Any]]:
    """The departments a person may act for today, each with the roles held there."""
    grouped: dict[int, dict[str, Any]] = {}
    for post in memberships_in_force(user, clock.today()):
        choice = grouped.setdefault(
            post.department_id, {"department": post.department, "posts": [], "roles": []}
        )
        choice["posts"].append(post)
        choice["roles"].append(Role(post.role).label)
    return list(grouped.values())


def _next(request: HttpRequest) -> str:
    candidate = request.POST.get("next") or request.GET.get("next") or ""
    return safe_next(request, candidate) if candidate.startswith("/") else ""
