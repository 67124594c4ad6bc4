"""Supports and their visits: dispatches, visits of students, technical support beside the money."""

from django.db.models import TextChoices


class SupportOrigin(TextChoices):
    """Why there is a support: an adopted call that ends in a service, or a wish beside the money."""

    CALL = "call", "採択された派遣・視察"
    WISH = "wish", "技術的支援の申込"


class SupportStatus(TextChoices):
    """Where a support stands."""

    WAITING = "waiting", "申込"
    ACTIVE = "active", "支援中"
    DECLINED = "declined", "見送り"
    CLOSED = "closed", "終了"


class VisitStatus(TextChoices):
    """Where one visit stands."""

    PLANNED = "planned", "予定"
    HELD = "held", "実施（記録待ち）"
    RECORDED = "recorded", "記録済"
    CONFIRMED = "confirmed", "市町村が確認"
    CANCELLED = "cancelled", "中止"


USED_VISITS = frozenset({VisitStatus.PLANNED, VisitStatus.HELD, VisitStatus.RECORDED, VisitStatus.CONFIRMED})
"""Visits that count against the number of uses; a cancelled one gives its use back."""
HELD_VISITS = USED_VISITS - {VisitStatus.PLANNED}
WRITTEN_VISITS = frozenset({VisitStatus.RECORDED, VisitStatus.CONFIRMED})


class VoiceSide(TextChoices):
    """Whose words they are."""

    TOWN = "town", "市町村の声"
    VISITOR = "visitor", "訪れた側の声"


class LinkKind(TextChoices):
    """What a link of a visit leads to."""

    ARTICLE = "article", "記事"
    POST = "post", "投稿"
