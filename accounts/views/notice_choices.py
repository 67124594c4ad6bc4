"""How I want to be told, who stands in for me, and whether mail reaches me at all."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.choosing import choose_notices, end_deputy, name_deputy
from accounts.forms.notices import DeputyForm, NoticeChoiceForm
from accounts.queries import colleagues_of, deputies_of, failed_mails, notice_modes
from accounts.rules import NOTICE_GROUPS
from core import clock
from core.access import access, actor_of
from core.exceptions import DomainError


@access(signed_in=True)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choices(request: HttpRequest) -> HttpResponse:
    """Two forms, told apart by the button pressed: `choose` and `deputy`."""
    actor, today = actor_of(request), clock.today()
    asked = request.POST.get("act", "") if request.method == "POST" else ""
    chosen = NoticeChoiceForm(request.POST if asked == "choose" else None, chosen=notice_modes(actor))
    deputy = DeputyForm(request.POST if asked == "deputy" else None, colleagues=colleagues_of(actor, today))
    try:
        if chosen.is_valid():
            choose_notices(modes=chosen.modes(), by=actor)
            messages.success(request, "通知の受け取り方を保存しました。")
            return redirect("account:notice_choices")
        if deputy.is_valid():
            name_deputy(by=actor, **deputy.arguments())
            messages.success(request, "代理を登録しました。期間中は、代理の方にも通知します。")
            return redirect("account:notice_choices")
    except DomainError as error:
        (chosen if chosen.is_bound else deputy).refuse(error)
    context = {
        "chosen": chosen,
        "deputy": deputy,
        "required": next(group for group in NOTICE_GROUPS if group.is_required),
        "deputies": deputies_of(actor, today),
        "failed": failed_mails(actor),
    }
    return render(request, "account/notice_choices.html", context, status=422 if asked else 200)


@access(signed_in=True)
@require_POST
@never_cache
def deputy_end(request: HttpRequest, number: int) -> HttpResponse:
    """Take back one's own deputy."""
    end_deputy(number=number, by=actor_of(request))
    messages.success(request, "代理を取り消しました。")
    return redirect("account:notice_choices")
