"""The invited person's page: a first password, then the ordinary sign-in."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.invitation import accept_invitation, link_digest
from accounts.forms import FirstPasswordForm
from accounts.queries import invitation_by_digest
from core import clock
from core.access import access
from core.exceptions import DomainError

SECRET_KEY = "invitation_secret"  # noqa: S105 - the name of a session entry


@access(public=True)
@require_safe
@never_cache
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: keeps the secret in the session, so that it is in no address any more."""
    request.session[SECRET_KEY] = secret
    return redirect("account:register")


@access(public=True)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password1", "password2")
def register(request: HttpRequest) -> HttpResponse:
    """Set the first password. Nothing changes until the button is pressed."""
    secret = str(request.session.get(SECRET_KEY, ""))
    invitation = invitation_by_digest(link_digest(secret), clock.now())
    if invitation is None:
        return render(request, "account/invitation_gone.html", status=410)
    form = FirstPasswordForm(request.POST or None, user=invitation.user)
    if request.method == "POST" and form.is_valid():
        try:
            accept_invitation(secret=secret, password=form.cleaned_data["password1"])
        except DomainError:
            return render(request, "account/invitation_gone.html", status=410)
        logout(request)
        messages.success(request, "登録しました。いま決めたパスワードでサインインしてください。")
        return redirect("account_login")
    status = 422 if form.is_bound else 200
    return render(request, "account/register.html", {"form": form, "invitation": invitation}, status=status)
