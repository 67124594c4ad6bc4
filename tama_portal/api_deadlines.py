"""What waits on the acting department's desk, gathered from every app: the same rule as the page 課の机."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.enums import Scope
from core import deadlines
from core.access import access, actor_of, arrival_of


class DeadlineSerializer(serializers.Serializer[Any]):
    """A task with its deadline."""

    kind = serializers.CharField(help_text="種類（アプリ.仕事）")
    what = serializers.CharField(help_text="仕事")
    title = serializers.CharField(help_text="何をするか")
    case = serializers.CharField(help_text="案件の識別子")
    due_at = serializers.DateTimeField(help_text="期限（この時刻までが有効）")
    is_overdue = serializers.BooleanField(help_text="期限を過ぎたか")
    page = serializers.CharField(help_text="行う画面")


class DeadlinesSerializer(serializers.Serializer[Any]):
    """The tasks of the department."""

    results = DeadlineSerializer(many=True)


@access(signed_in=True)
class DeadlineListView(APIView):
    """The department's tasks by due date."""

    token_scopes: ClassVar[dict[str, str]] = {"GET": Scope.READ_DEADLINES.value}

    @extend_schema(
        operation_id="deadlines", tags=["期限"], summary="課の期限（近い順）", responses=DeadlinesSerializer,
        description="「課の机」と同じ規則で、いまの配属の役割が行うことを返します。",
        examples=[
            OpenApiExample(
                "提出", response_only=True,
                value={"results": [
                    {"kind": "grants.submit", "what": "申請の提出", "title": "作成中です。締切までに提出してください：広域観光",
                     "case": "k3m9p2wxq7ab", "due_at": "2026-12-18T17:00:00+09:00", "is_overdue": False,
                     "page": "/applications/k3m9p2wxq7ab/"}
                ]},
            )
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """All of them: a department's desk is short."""
        at = arrival_of(request)
        rows = [
            {
                "kind": each.kind, "what": each.what, "title": each.title, "case": each.case_key, "due_at": each.at,
                "is_overdue": not each.is_open(at), "page": each.url,
            }
            for each in deadlines.collect(actor_of(request), at)
        ]  # fmt: skip
        return Response(DeadlinesSerializer({"results": rows}).data)
