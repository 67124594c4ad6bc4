"""The caller's inbox: what was sent to the department and the person, and marking it as read."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actions.notice import mark_read
from accounts.api.serializers import NoticeReadSerializer, NoticeSerializer
from accounts.enums import Scope
from accounts.models import Notice
from core.access import access, actor_of, arrival_of
from core.drf import GrowingPagination
from core.exceptions import Refused

_LARGEST = 2**63 - 1
_ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="通知の識別子")
_UNREAD = OpenApiParameter("unread", str, enum=["1"], description="1 のとき未読だけ")
_EXAMPLE = OpenApiExample(
    "一件", response_only=True,
    value={
        "id": 41, "notice_code": "480213", "kind": "grants.return", "title": "修正の依頼があります",
        "lines": ["募集：令和9年度 第1次募集"], "at": "2026-12-21T10:00:00+09:00",
        "due_at": "2026-12-25T17:00:00+09:00", "is_read": False, "page": "/applications/k3m9p2wxq7ab/",
    },
)  # fmt: skip


class NoticePages(GrowingPagination):
    """Newest first."""

    ordering = ("-at", "-pk")


@access(signed_in=True)
class NoticeListView(ListAPIView[Notice]):
    """The inbox."""

    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    pagination_class = NoticePages
    filter_backends = ()
    token_scopes: ClassVar[dict[str, str]] = {"GET": Scope.READ_NOTICES.value}

    def get_queryset(self) -> Any:
        """The caller's notices with `is_read`. Raises ValidationError (400) for another word than 1."""
        actor = actor_of(self.request)
        unread = self.request.query_params.get("unread", "")
        if unread not in {"", "1"}:
            raise ValidationError(
                {"unread": ["1 を指定してください。すべての通知なら、付けないでください。"]}
            )
        rows = Notice.objects.unread_by(actor) if unread else Notice.objects.for_reader(actor)
        return rows.with_read_state(actor.user_id or 0)

    @extend_schema(
        operation_id="notices",
        tags=["通知"],
        summary="通知の一覧（新しい順）",
        parameters=[_UNREAD],
        examples=[_EXAMPLE],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        return self.list(request, *args, **kwargs)


@access(signed_in=True)
class NoticeReadView(APIView):
    """Marking one notice as read: safe to repeat."""

    token_scopes: ClassVar[dict[str, str]] = {"POST": Scope.MARK_NOTICES.value}

    @extend_schema(
        operation_id="notice_read", tags=["通知"], summary="通知を既読にする", parameters=[_ID], request=None,
        responses=NoticeReadSerializer, description="トークンを作った人の受信箱で既読になります。何度送っても同じです。",
    )  # fmt: skip
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Mark it. Raises Refused for anybody else's."""
        number = int(self.kwargs["id"])
        if number > _LARGEST:
            raise Refused
        mark_read(notices=[number], by=actor_of(request), at=arrival_of(request))
        return Response({"id": number, "is_read": True})
