"""Rounds of progress sheets for those who fill and gather them: the same sight and the same judgement as the pages."""

from typing import Any, ClassVar, Final

from django.http import Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.enums import Scope
from core.access import access, actor_of, arrival_of
from core.actor import Actor
from core.exceptions import PersonRequired, Refused
from indicators.lifecycle import SHEET
from indicators.models import ProgressRound, SheetTask
from indicators.permissions import available
from indicators.queries.cells import activities_of, cells_by_key, open_return, returned_reasons
from indicators.queries.rounds import SheetLine, round_lines, rounds_for, sheet_lines, task_by_number
from indicators.rules import sheets

_READ: Final = {"GET": Scope.READ_ROUNDS.value}
_ID: Final = OpenApiParameter("id", int, OpenApiParameter.PATH, description="照会の番号")
_NUMBER: Final = OpenApiParameter("number", str, OpenApiParameter.PATH, description="施策の番号（例：11-1）")
_LABELS: Final = {row.action: row.label for row in SHEET.transitions}


class CountSerializer(serializers.Serializer[Any]):
    """How many sheets stand in a state."""

    status_label = serializers.CharField(help_text="状態")
    sheets = serializers.IntegerField(help_text="個票の枚数")


class RoundSerializer(serializers.Serializer[Any]):
    """A round."""

    id = serializers.IntegerField(help_text="照会の番号")
    name = serializers.CharField(help_text="照会の名前")
    plan = serializers.CharField(help_text="計画の識別名")
    plan_title = serializers.CharField(help_text="計画の名前")
    fiscal_year = serializers.IntegerField(help_text="年度（西暦）")
    kind = serializers.CharField(help_text="区分")
    kind_label = serializers.CharField(help_text="区分の名前")
    status = serializers.CharField(help_text="状態")
    status_label = serializers.CharField(help_text="状態の名前")
    due_at = serializers.DateTimeField(help_text="回答の期限（この時刻までが有効）")
    opened_at = serializers.DateTimeField(allow_null=True, help_text="始めた日時")
    published_at = serializers.DateTimeField(allow_null=True, help_text="公表した日時")
    open_cells = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="年度ごとの、記入する欄"
    )
    is_fictional = serializers.BooleanField(help_text="架空の照会か")
    total = serializers.IntegerField(help_text="見られる個票の枚数")
    counts = CountSerializer(many=True, help_text="状態ごとの枚数")
    page = serializers.CharField(help_text="画面")


class RoundsSerializer(serializers.Serializer[Any]):
    """The rounds of the caller."""

    results = RoundSerializer(many=True)


class SheetSerializer(serializers.Serializer[Any]):
    """A sheet in a round."""

    number = serializers.CharField(help_text="施策の番号")
    title = serializers.CharField(help_text="施策の名前")
    department = serializers.CharField(help_text="担当課（決まっていないときは空）")
    status = serializers.CharField(help_text="状態")
    status_label = serializers.CharField(help_text="状態の名前")
    version = serializers.IntegerField(help_text="版")
    due_at = serializers.DateTimeField(help_text="課の期限")
    filled = serializers.IntegerField(help_text="書いた欄")
    asked = serializers.IntegerField(help_text="書く欄")
    page = serializers.CharField(help_text="画面")


class RoundDetailSerializer(RoundSerializer):
    """A round with its sheets."""

    note = serializers.CharField(help_text="担当課への説明")
    sheets = SheetSerializer(many=True)


class CellSerializer(serializers.Serializer[Any]):
    """One cell of a sheet."""

    fiscal_year = serializers.IntegerField(help_text="年度（西暦）")
    name = serializers.CharField(help_text="欄")
    label = serializers.CharField(help_text="欄の名前")  # type: ignore[assignment]  # the name of a field, not its label
    value = serializers.CharField(help_text="内容（空は未記入）")
    version = serializers.IntegerField(help_text="欄の版（0 は未記入）")
    is_proxy = serializers.BooleanField(help_text="代理の記入か")
    edited_by_secretariat = serializers.BooleanField(help_text="事務局の手直しか")
    returned_reason = serializers.CharField(help_text="差し戻された理由")


class SheetActionSerializer(serializers.Serializer[Any]):
    """An act of the sheet's lifecycle that the caller's role can do now."""

    action = serializers.CharField(help_text="手続")
    label = serializers.CharField(help_text="手続の名前")  # type: ignore[assignment]  # the name of a field, not its label
    needs_person = serializers.BooleanField(help_text="職員が画面で行うか（つねに真）")
    page = serializers.CharField(help_text="行う画面")


class SheetDetailSerializer(serializers.Serializer[Any]):
    """One sheet with its cells."""

    round = serializers.IntegerField(help_text="照会の番号")
    number = serializers.CharField(help_text="施策の番号")
    title = serializers.CharField(help_text="施策の名前")
    department = serializers.CharField(help_text="担当課（決まっていないときは空）")
    status = serializers.CharField(help_text="状態")
    status_label = serializers.CharField(help_text="状態の名前")
    reason = serializers.CharField(help_text="いまの状態の理由")
    version = serializers.IntegerField(help_text="版")
    moved_at = serializers.DateTimeField(help_text="いまの状態になった日時")
    cells = CellSerializer(many=True)
    available_actions = SheetActionSerializer(many=True, help_text="いま行える手続。状態の表から求める")
    page = serializers.CharField(help_text="画面")


_ROUND: Final = {
    "id": 1, "name": "令和8年度 期首照会", "plan": "tama-sangyo-shinko", "plan_title": "多摩市産業振興マスタープラン",
    "fiscal_year": 2026, "kind": "start", "kind_label": "期首", "status": "open", "status_label": "照会中",
    "due_at": "2026-12-11T17:00:00+09:00", "opened_at": "2026-11-09T09:00:00+09:00", "published_at": None,
    "open_cells": {"2025": ["result", "issues"], "2026": ["content", "goal"]}, "is_fictional": True, "total": 38,
    "counts": [{"status_label": "記入中", "sheets": 30}, {"status_label": "確認済", "sheets": 8}], "page": "/rounds/1/",
}  # fmt: skip
_SHEET: Final = {
    "number": "7", "title": "商店街の活性化", "department": "経済観光課", "status": "open", "status_label": "記入中",
    "version": 3, "page": "/rounds/1/sheets/7/",
}  # fmt: skip


@access(signed_in=True)
class RoundsView(APIView):
    """What the views of rounds share; what the caller has nothing to do with is unknown (404)."""

    token_scopes: ClassVar[dict[str, str]] = _READ


class RoundListView(RoundsView):
    """The caller's rounds."""

    @extend_schema(
        operation_id="rounds", tags=["照会"], summary="照会の一覧（新しい順）", responses=RoundsSerializer,
        description="計画の取りまとめ課には市の照会をすべて、担当課には個票のある照会を返します。",
        examples=[OpenApiExample("照会", response_only=True, value={"results": [_ROUND]})],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """All of them: a plan has a few a year."""
        lines = round_lines(actor_of(request))
        rows = [_facts(line.round) | _counted(line.total, line.by_state) for line in lines]
        return Response(RoundsSerializer({"results": rows}).data)


class RoundView(RoundsView):
    """One round."""

    @extend_schema(
        operation_id="round", tags=["照会"], summary="照会と、その個票", responses=RoundDetailSerializer,
        parameters=[_ID], description="計画の取りまとめ課には個票をすべて、担当課には自分の課の個票を返します。",
        examples=[
            OpenApiExample(
                "照会", response_only=True,
                value=_ROUND | {
                    "note": "前年度の結果も記入してください。",
                    "sheets": [_SHEET | {"due_at": "2026-12-11T17:00:00+09:00", "filled": 2, "asked": 4}],
                },
            )
        ],
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The round with its sheets, in a fixed number of queries."""
        actor = actor_of(request)
        row = _round(actor, self.kwargs["id"])
        lines = sheet_lines(actor, row)
        body = _facts(row) | _counted(len(lines), _states(lines))
        body |= {"note": row.note, "sheets": [_line(line) for line in lines]}
        return Response(RoundDetailSerializer(body).data)


class RoundSheetView(RoundsView):
    """One sheet."""

    @extend_schema(
        operation_id="round_sheet", tags=["照会"], summary="個票の欄と、いま行える手続",
        responses=SheetDetailSerializer, parameters=[_ID, _NUMBER],
        description="照会が開く欄をすべて、未記入のものも返します。記入と手続は職員が画面で行います。人の名前は含みません。",
        examples=[
            OpenApiExample(
                "個票", response_only=True,
                value=_SHEET | {
                    "round": 1, "reason": "", "moved_at": "2026-11-09T09:00:00+09:00",
                    "cells": [
                        {"fiscal_year": 2026, "name": "content", "label": "事業内容", "value": "個店の催しを支援する。",
                         "version": 2, "is_proxy": False, "edited_by_secretariat": False, "returned_reason": ""}
                    ],
                    "available_actions": [
                        {"action": "propose", "label": "課長に承認を依頼", "needs_person": True, "page": "/rounds/1/sheets/7/"}
                    ],
                },
            )
        ],
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The sheet."""
        actor = actor_of(request)
        task = _sheet(actor, self.kwargs["id"], self.kwargs["number"])
        body = _task(task) | {
            "round": task.round_id,
            "reason": task.reason,
            "moved_at": task.moved_at,
            "cells": _cells(task),
            "available_actions": [
                {"action": name, "label": _LABELS[name], "needs_person": True, "page": _page(task)}
                for name in available(actor, task, arrival_of(request))
            ],
        }
        return Response(SheetDetailSerializer(body).data)


class RoundSheetActView(RoundsView):
    """Every act on a sheet is somebody's own: the address exists to say so, and where."""

    token_scopes: ClassVar[dict[str, str]] = {"POST": ""}

    @extend_schema(
        operation_id="round_sheet_act", tags=["照会"], summary="個票の手続（職員が画面で行います）", request=None,
        parameters=[_ID, _NUMBER, OpenApiParameter("action", OpenApiTypes.STR, OpenApiParameter.PATH, description="手続の名前")],
        responses={}, description="記入・承認・確認・差戻しなどは、APIでは行えません。つねに 403 を返し、理由を示します。",
    )  # fmt: skip
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Never done here. Raises PersonRequired; Refused or Http404 for what there is not."""
        _sheet(actor_of(request), self.kwargs["id"], self.kwargs["number"])
        label = _LABELS.get(self.kwargs["action"])
        if label is None:
            raise Http404
        raise PersonRequired(f"「{label}」")


def _round(actor: Actor, pk: int) -> ProgressRound:
    found = rounds_for(actor).filter(pk=pk).first()
    if found is None:
        raise Refused
    return found


def _sheet(actor: Actor, round_id: int, number: str) -> SheetTask:
    task = task_by_number(actor, round_id, number)
    if task is None:
        raise Refused
    return task


def _facts(row: ProgressRound) -> dict[str, Any]:
    names = (
        "id",
        "fiscal_year",
        "kind",
        "status",
        "due_at",
        "opened_at",
        "published_at",
        "open_cells",
        "is_fictional",
    )
    return {name: getattr(row, name) for name in names} | {
        "name": str(row),
        "plan": row.plan.slug,
        "plan_title": row.plan.title,
        "kind_label": row.get_kind_display(),
        "status_label": row.get_status_display(),
        "page": reverse("rounds:detail", args=[row.pk]),
    }


def _counted(total: int, by_state: list[tuple[str, int]]) -> dict[str, Any]:
    return {
        "total": total,
        "counts": [{"status_label": label, "sheets": number} for label, number in by_state],
    }


def _states(lines: list[SheetLine]) -> list[tuple[str, int]]:
    """How many sheets stand in each state, in the order of the table."""
    labels = [line.task.get_status_display() for line in lines]
    return [
        (str(label), labels.count(str(label))) for _, label in SHEET.states.choices if str(label) in labels
    ]


def _page(task: SheetTask) -> str:
    return reverse("rounds:sheet", args=[task.round_id, task.measure.number])


def _task(task: SheetTask) -> dict[str, Any]:
    return {
        "number": task.measure.number,
        "title": task.measure.title,
        "department": task.department.name if task.department else "",
        "status": task.status,
        "status_label": task.get_status_display(),
        "version": task.version,
        "page": _page(task),
    }


def _line(line: SheetLine) -> dict[str, Any]:
    return _task(line.task) | {"due_at": line.due_at, "filled": line.filled, "asked": line.asked}


def _cells(task: SheetTask) -> list[dict[str, Any]]:
    """Every cell the round opens, in the order of the form; those nobody typed into are empty."""
    activities = activities_of(task.measure)
    held, reasons = cells_by_key(task.cells.all()), returned_reasons(open_return(task))
    told = []
    for key in sheets.opened(task.round.open_cells, activities):
        cell = held.get(key)
        told.append({
            "fiscal_year": key[0], "name": key[1], "label": sheets.label_of(key[1], activities),
            "value": cell.value if cell else "", "version": cell.version if cell else 0,
            "is_proxy": bool(cell and cell.is_proxy),
            "edited_by_secretariat": bool(cell and cell.edited_by_secretariat),
            "returned_reason": reasons.get(key, ""),
        })  # fmt: skip
    return told
