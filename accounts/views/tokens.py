"""APIのトークン: one's own, and for administrators those of the body. The secret is on the answer only, once."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.tokens import make_token, revoke_token
from accounts.forms.tokens import TokenForm
from accounts.models import ApiToken, Membership
from accounts.queries import tokens_of, tokens_of_body
from accounts.rules import TOKEN_ROLES, TOKENS_PER_PERSON
from core import clock
from core.access import access, actor_of, allowed
from core.exceptions import Conflict, DomainError


@access(action="accounts.keep_tokens")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens and the form; a new one's secret stands on the answer that made it.

    Making one asks for the password again unless it was given just now: nobody mints a key at a desk left open.
    """
    posts = _posts(request)
    form = TokenForm(request.POST if request.method == "POST" else None, posts=posts)
    if request.method != "POST":
        return _page(request, form, posts)
    if not form.is_valid():
        return _page(request, form, posts, status=422)
    try:
        token, secret = make_token(**form.cleaned_data, by=actor_of(request))
    except DomainError as error:
        form.refuse(error)
        return _page(request, form, posts, status=422)
    return _page(request, TokenForm(posts=posts), posts, made=token, secret=secret)


@access(action="accounts.keep_tokens")
@require_POST
@never_cache
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one's own token, or as an administrator one of the body's."""
    try:
        token = revoke_token(token_id=token_id, by=actor_of(request))
    except Conflict as error:
        messages.info(request, str(error))
    else:
        messages.success(
            request, f"トークン「{token.name}」を取り消しました。このトークンは、もう使えません。"
        )
    return redirect("account:tokens")


def _posts(request: HttpRequest) -> list[Membership]:
    """The acting person's posts in the acting department whose role a machine may act in."""
    actor = actor_of(request)
    held = Membership.objects.in_force(clock.today()).filter(
        user=actor.user_id or 0, department=actor.department_id or 0
    )
    return list(held.filter(role__in=TOKEN_ROLES).select_related("department__organization").order_by("pk"))


def _page(
    request: HttpRequest,
    form: TokenForm,
    posts: list[Membership],
    *,
    made: ApiToken | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    administers = bool(allowed(actor, "accounts.manage_people"))
    context = {
        "form": form, "may_make": bool(posts), "made": made, "secret": secret, "most": TOKENS_PER_PERSON,
        "own": [(token, token.state(at)) for token in tokens_of(actor)],
        "others": [(token, token.state(at)) for token in tokens_of_body(actor)] if administers else None,
    }  # fmt: skip
    return render(request, "account/tokens.html", context, status=status)
