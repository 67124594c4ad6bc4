"""The outbox holds: every delivery was sent once, or the row says why not, or why perhaps twice."""

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q

from accounts.models.audience import NoticeAudience
from accounts.models.choice import DigestEntry
from accounts.models.delivery import UNSENT_STATES, Delivery, DeliveryState
from accounts.models.notice import Notice
from core.invariants import invariant


@invariant("accounts.outbox")
def check_outbox() -> Iterable[str]:
    """No notice without an audience, none addressed to nobody in silence, no mail sent twice unflagged.

    Waiting for the worker is no fault: how long mails wait is told by accounts.actions.delivery.health.
    """
    told = NoticeAudience.objects.filter(addressees=OuterRef("addressees_id"))
    for notice in Notice.objects.filter(~Exists(told)):
        yield f"通知 {notice.notice_code}：宛先がありません。"
    waiting = DigestEntry.objects.filter(notice=OuterRef("pk"))
    addressed = Notice.objects.filter(addressed_at__isnull=False).annotate(mails=Count("deliveries"))
    addressed = addressed.exclude(Exists(waiting), mails=0, unreached="")  # told in a digest
    for notice in addressed.filter(Q(mails=0, unreached="") | (Q(mails__gt=0) & ~Q(unreached=""))):
        yield f"通知 {notice.notice_code}：送信の記録と、届かなかった理由とが合いません。"
    for notice in Notice.objects.filter(addressed_at__isnull=True, deliveries__isnull=False).distinct():
        yield f"通知 {notice.notice_code}：宛先を決める前の送信があります。"
    sent = Delivery.objects.filter(state=DeliveryState.SENT)
    for delivery in sent.filter(attempts__lte=F("deferrals")):
        yield f"送信 {delivery.message_id}：送信済ですが、送信を始めた記録がありません。"
    for entry in DigestEntry.objects.filter(settled_at__lt=F("due_at")):
        yield f"まとめ {entry.pk}：まとめる日時より前に済んでいます。"
    for delivery in Delivery.objects.filter(state__in=UNSENT_STATES, last_error=""):
        yield f"送信 {delivery.message_id}：送らなかった理由がありません。"
