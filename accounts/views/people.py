"""The people of one body, for its administrator: list, invite, place, end, secure."""

import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.mail import EmailMessage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import security
from accounts.actions.invitation import invite, renew_invitation, withdraw_invitation
from accounts.actions.membership import add_department, add_post, cancel_post, end_post
from accounts.forms import DepartmentForm, EndPostForm, InviteForm, PostForm, ReasonForm
from accounts.letters import invitation_letter, post_letter
from accounts.models import Membership, Organization, User
from accounts.queries import PersonRow, departments_of, events_of, people_of, person_of
from core import clock
from core.access import access, actor_of, allowed
from core.exceptions import DomainError
from core.form_fields import DomainForm

logger = logging.getLogger(__name__)
form_page = require_http_methods(["GET", "HEAD", "POST"])
manages = access(action="accounts.manage_people")


def _body_id(request: HttpRequest) -> int:
    organization_id = actor_of(request).organization_id
    if organization_id is None:
        raise Http404
    return organization_id


def _body(request: HttpRequest) -> Organization:
    """The body the administrator acts for."""
    return Organization.objects.get(pk=_body_id(request))


def _person(request: HttpRequest, person_id: int) -> PersonRow:
    """A person of that body; anybody else is unknown."""
    found = person_of(_body_id(request), person_id, clock.today())
    if found is None:
        raise Http404
    return found


def _post(row: PersonRow, post_id: int) -> Membership:
    """A post of that person in that body."""
    found = next((post for post in [*row.posts, *row.past] if post.pk == post_id), None)
    if found is None:
        raise Http404
    return found


def _done(form: DomainForm, act: Callable[[], Any]) -> bool:
    """Whether a valid form's act went through; what it refused is shown in the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except DomainError as error:
        form.refuse(error)
        return False
    return True


def stay_signed_in(request: HttpRequest) -> None:
    """Keep this one session of an administrator who changed their own post; their other ones end."""
    user = request.user
    if isinstance(user, User):
        user.refresh_from_db()
        update_session_auth_hash(request, user)


def _form_page(request: HttpRequest, template: str, form: DomainForm, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, f"account/{template}.html", {"form": form, **context}, status=status)


def _send(request: HttpRequest, letter: EmailMessage, done: str) -> None:
    """Send now and say so; a relay that does not answer is said too, with the cure."""
    try:
        letter.send()
    except (SMTPException, OSError):
        logger.exception("a letter of the people pages was not sent")
        messages.warning(
            request,
            f"{done}ただし、メールを送れませんでした。時間をおいて「招待を送り直す」を押してください。",
        )
    else:
        messages.success(request, f"{done}{letter.to[0]} にメールを送りました。")


@manages
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the body, with posts, state and factors; and what happened lately."""
    body, today = _body(request), clock.today()
    rows = people_of(body.pk, today)
    context = {
        "body": body,
        "rows": [row for row in rows if row.posts],
        "gone": [row for row in rows if not row.posts],
        "today": today,
        "now": clock.now(),
        "events": events_of(body),
    }
    return render(request, "account/people.html", context)


@manages
@form_page
def invite_person(request: HttpRequest) -> HttpResponse:
    """Invite a person with the first post."""
    body, by = _body(request), actor_of(request)
    form = InviteForm(request.POST or None, organization=body)
    result: list[Any] = []

    def act() -> None:
        data = form.cleaned_data
        result.append(
            invite(email=data["email"], name=data["name"], kana=data["kana"], by=by, **form.post_values())
        )

    if _done(form, act):
        tell(request, result[0].post, result[0].secret)
        return redirect("account:people")
    return _form_page(request, "invite", form, body=body)


def tell(request: HttpRequest, post: Membership, secret: str) -> None:
    if secret:
        url = request.build_absolute_uri(reverse("account:invitation", args=[secret]))
        _send(request, invitation_letter(post, url), "招待しました。")
    else:
        url = request.build_absolute_uri(reverse("account_login"))
        _send(request, post_letter(post, url), "配属を加えました。")


@manages
@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: posts in this body, invitation, factors, and what can be done."""
    row, today = _person(request, person_id), clock.today()
    context = {
        "row": row,
        "today": today,
        "now": clock.now(),
        "secure": allowed(actor_of(request), "accounts.secure_person", row.user),
        "is_self": row.user.pk == actor_of(request).user_id,
    }
    return render(request, "account/person.html", context)


@manages
@form_page
def post_add(request: HttpRequest, person_id: int) -> HttpResponse:
    """Another post for somebody who is here already."""
    row, body, by = _person(request, person_id), _body(request), actor_of(request)
    form = PostForm(request.POST or None, organization=body)
    if _done(form, lambda: add_post(person=row.user, by=by, **form.post_values())):
        stay_signed_in(request)
        messages.success(request, "配属を加えました。")
        return redirect("account:person", person_id)
    return _form_page(request, "post_add", form, row=row, body=body)


@manages
@form_page
def post_end(request: HttpRequest, person_id: int, post_id: int) -> HttpResponse:
    """The last day of a post."""
    row = _person(request, person_id)
    post, by = _post(row, post_id), actor_of(request)
    form = EndPostForm(request.POST or None, initial={"ends_on": f"{post.ends_on or clock.today():%Y/%m/%d}"})
    if _done(form, lambda: end_post(post=post, by=by, **form.cleaned_data)):
        stay_signed_in(request)
        messages.success(request, "終了日を登録しました。")
        return redirect("account:person", person_id)
    return _form_page(request, "post_end", form, row=row, post=post)


@manages
@require_POST
def post_cancel(request: HttpRequest, person_id: int, post_id: int) -> HttpResponse:
    """Take back a post that has not started."""
    post = _post(_person(request, person_id), post_id)
    by = actor_of(request)
    _at_once(request, lambda: cancel_post(post=post, by=by), "始まる前の配属を取り消しました。")
    return redirect("account:people")


@manages
@require_POST
def invitation_renew(request: HttpRequest, person_id: int) -> HttpResponse:
    """A new link for somebody who lost theirs."""
    row, body, by = _person(request, person_id), _body(request), actor_of(request)
    try:
        secret = renew_invitation(person=row.user, organization=body, by=by)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        post = Membership.objects.select_related("user", "department__organization").get(
            pk=(row.posts or row.past)[0].pk
        )
        tell(request, post, secret)
    return redirect("account:person", person_id)


@manages
@require_POST
def invitation_withdraw(request: HttpRequest, person_id: int) -> HttpResponse:
    """Make the link stop working."""
    row, by = _person(request, person_id), actor_of(request)
    if row.invitation is None:
        messages.error(request, "取り消せる招待はありません。")
    else:
        invitation = row.invitation
        _at_once(request, lambda: withdraw_invitation(invitation=invitation, by=by), "招待を取り消しました。")
    return redirect("account:person", person_id)


def _at_once(request: HttpRequest, act: Callable[[], Any], done: str) -> None:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


_ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "reset_factors": (
        security.reset_factors,
        "認証手段をすべて外しました。次のサインインでは、業務メールに確認コードが届きます。",
    ),
    "deactivate": (security.deactivate, "利用を止めました。"),
    "reactivate": (security.reactivate, "利用を再開しました。"),
}


@manages
@form_page
def secure(request: HttpRequest, person_id: int, act: str) -> HttpResponse:
    """Reset factors, close or reopen an account: each with a reason that goes on record."""
    if act not in _ACTS:
        raise Http404
    row, body, by = _person(request, person_id), _body(request), actor_of(request)
    if not allowed(by, "accounts.secure_person", row.user):
        raise Http404
    action, done = _ACTS[act]
    form = ReasonForm(request.POST or None)
    if _done(form, lambda: action(person=row.user, organization=body, by=by, **form.cleaned_data)):
        stay_signed_in(request)
        messages.success(request, done)
        return redirect("account:person", person_id)
    return _form_page(request, "secure", form, row=row, act=act)


@manages
@form_page
def departments(request: HttpRequest) -> HttpResponse:
    """The body's departments, and one more."""
    body, by = _body(request), actor_of(request)
    form = DepartmentForm(request.POST or None)
    if _done(form, lambda: add_department(organization=body, by=by, **form.cleaned_data)):
        messages.success(request, "部署を加えました。")
        return redirect("account:departments")
    units = departments_of(body.pk, clock.today())
    return _form_page(request, "departments", form, body=body, units=units)
