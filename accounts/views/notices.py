"""The inbox: what was sent to me and to my department; opening a case by its 通知番号."""

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.delivery import LATE_AFTER
from accounts.actions.notice import mark_all_read, mark_read
from accounts.models import Delivery, Notice
from core import clock
from core.access import access, actor_of, safe_next
from core.exceptions import Refused

PAGE_SIZE: Final = 30
_LONGEST_NUMBER: Final = 18


@access(signed_in=True)
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """The reader's notices, newest first; `?unread=1` shows the unread ones."""
    actor = actor_of(request)
    unread = Notice.objects.unread_by(actor)
    only_unread = request.GET.get("unread") == "1"
    chosen = unread if only_unread else Notice.objects.for_reader(actor)
    page = Paginator(chosen.order_by("-at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    late = Delivery.objects.delayed(clock.now() - LATE_AFTER).filter(user=actor.user_id)
    context = {
        "page_obj": page,
        "only_unread": only_unread,
        "unread_count": unread.count(),
        "unread_numbers": set(unread.filter(pk__in=[row.pk for row in page]).values_list("pk", flat=True)),
        "mail_is_late": late.exists(),
    }
    return render(request, "notices/list.html", context)


@access(signed_in=True)
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark `notice` (row numbers, repeatable), or with `all` everything, as read; back to where one was."""
    actor = actor_of(request)
    if request.POST.get("all"):
        count = mark_all_read(by=actor)
    else:
        count = mark_read(notices=_numbers(request.POST.getlist("notice")), by=actor)
    if count:
        messages.success(request, f"{count:,}件の通知を既読にしました")
    else:
        messages.info(request, "すでに既読です")
    return redirect(safe_next(request, request.POST.get("next", "")) or "notices:list")


@access(signed_in=True)
@require_safe
def open_by_code(request: HttpRequest) -> HttpResponse:
    """Go to the case of a 通知番号; mistyped, unknown and somebody else's numbers get the same answer."""
    code = request.GET.get("code", "")
    notice = Notice.objects.for_reader(actor_of(request)).with_code(code).first()
    if notice is None:
        return render(request, "notices/not_found.html", {"code": code[:20]}, status=404)
    return redirect(notice.path)


def _numbers(values: list[str]) -> list[int]:
    """Row numbers of a form. Raises Refused for what no form of ours sends."""
    if not values or any(not value.isdecimal() or len(value) > _LONGEST_NUMBER for value in values):
        raise Refused("通知の選び方が正しくありません。")
    return [int(value) for value in values]
