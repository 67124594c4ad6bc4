"""Cases for those who see them on the pages: the list, one case, its acts, its record, its submitted versions."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import access, actor_of, arrival_of, require
from core.actor import Actor
from core.drf import GrowingPagination
from core.exceptions import PersonRequired
from core.text import unstorable
from grants.api.frame import CASE, READ, CaseView
from grants.api.serializers import (
    ApplicationDetailSerializer,
    ApplicationSerializer,
    EventSerializer,
    VersionDetailSerializer,
    VersionSerializer,
    YearReportsSerializer,
)
from grants.lifecycle import APPLICATION
from grants.models import Application, ApplicationEvent, ApplicationQuerySet, Member, Snapshot
from grants.permissions import available_actions
from grants.queries.records import (
    case_rows,
    event_rows,
    knows_result,
    member_rows,
    status_for,
    title_for,
    version_rows,
)
from grants.queries.reports import report_data, reports_for

_LONGEST: Final = 40
_EXAMPLE: Final = {
    "id": "k3m9p2wxq7ab", "receipt_number": "R9-1-0003", "title": "広域観光ルートの共同発信",
    "call": {
        "id": "diverse-partners-2027-1", "name": "令和9年度 第1次募集", "program": "diverse-partners-grant",
        "program_title": "多摩地域における多様な主体との連携活動促進支援事業", "closes_at": "2026-12-18T17:00:00+09:00",
    },
    "fiscal_year": 2027, "lead": {"code": "132225", "name": "東久留米市"}, "status": "received",
    "status_label": "受付済", "version": 2, "started_at": "2026-11-02T09:30:00+09:00",
    "submitted_at": "2026-12-10T15:04:00+09:00", "requested_amount": 10000000, "requested_total": 30000000,
    "decided_amount": None, "page": "/applications/k3m9p2wxq7ab/",
}  # fmt: skip


def facts(actor: Actor, row: Application) -> dict[str, Any]:
    """What a list says of a case, as this actor may know it."""
    call, program = row.call, row.call.program
    status, label = status_for(actor, row)
    money = row.template.has_money  # of a service there is no amount, not one of 0
    return {
        "id": row.public_id, "receipt_number": row.receipt_number, "title": title_for(row),
        "call": {
            "id": call.public_id, "name": call.name, "program": program.slug, "program_title": program.title,
            "closes_at": call.closes_at,
        },
        "fiscal_year": row.fiscal_year, "lead": {"code": row.lead.code, "name": row.lead.name},
        "status": status, "status_label": label, "version": row.version,
        "started_at": row.started_at, "submitted_at": row.submitted_at,
        "requested_amount": row.requested_amount if money else None,
        "requested_total": row.requested_total if money else None,
        "decided_amount": row.decided_amount if money and knows_result(actor, row) else None, "page": page_of(row),
    }  # fmt: skip


def page_of(row: Application) -> str:
    """Where a person sees the case."""
    root = "applications" if vars(row)["is_own"] else "review"
    return reverse(f"{root}:detail", args=[row.public_id])


class CasePages(GrowingPagination):
    """Newest first."""

    ordering = ("-started_at", "-pk")


@access(action="grants.view")
class ApplicationListView(ListAPIView[Application]):
    """What the caller sees, newest first."""

    queryset = Application.objects.none()
    serializer_class = ApplicationSerializer
    pagination_class = CasePages
    filter_backends = ()
    token_scopes: ClassVar[dict[str, str]] = READ

    def get_queryset(self) -> ApplicationQuerySet:
        """The caller's cases, of one call or fiscal year where asked."""
        rows = case_rows(actor_of(self.request), arrival_of(self.request))
        asked = self.request.query_params
        if call := asked.get("call", ""):
            rows = rows.filter(call__public_id=_storable("call", call))
        if year := asked.get("fiscal_year", ""):
            if not (year.isascii() and year.isdigit() and len(year) <= 4):  # noqa: PLR2004 - digits of a year
                raise ValidationError(
                    {"fiscal_year": ["fiscal_year は西暦の年度（例：2027）にしてください。"]}
                )
            rows = rows.filter(fiscal_year=int(year))
        return rows

    @extend_schema(
        operation_id="applications", tags=["申請"], summary="申請の一覧（新しい順）",
        description="画面で見られる申請だけを返します。所管局には、提出されたものと事前確認を頼まれた案だけです。",
        parameters=[
            OpenApiParameter("call", str, description="募集番号"),
            OpenApiParameter("fiscal_year", int, description="対象年度（西暦）"),
        ],
        examples=[OpenApiExample("一件", value=_EXAMPLE, response_only=True)],
    )  # fmt: skip
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        page = self.paginate_queryset(self.get_queryset()) or []
        rows = [facts(actor_of(request), row) for row in page]
        return self.get_paginated_response(ApplicationSerializer(rows, many=True).data)


def _storable(name: str, text: str) -> str:
    """Text a database can be asked for. Raises ValidationError (400)."""
    if unstorable(text) or len(text) > _LONGEST:
        raise ValidationError({name: ["募集番号を確かめてください。"]})
    return text


class ApplicationView(CaseView):
    """One case."""

    @extend_schema(
        operation_id="application", tags=["申請"], summary="申請", parameters=[CASE],
        responses=ApplicationDetailSerializer,
        description="構成団体、様式の部分、いま行える手続を含みます。手続は職員が画面で行います。",
        examples=[
            OpenApiExample(
                "提出した後", response_only=True,
                value=_EXAMPLE
                | {
                    "members": [
                        {"id": "m4k7p2wxq9cd", "role": "lead", "name": "東久留米市", "organization_code": "132225",
                         "state": "active", "consented": False}
                    ],
                    "sections": [{"code": "plan", "label": "事業計画", "scope": "common"}],
                    "available_actions": [
                        {"action": "withdraw", "label": "取下げ", "permitted": True, "reason": "", "needs_person": True,
                         "page": "/applications/k3m9p2wxq7ab/"}
                    ],
                },
            )
        ],
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The case."""
        actor, at, row = actor_of(request), arrival_of(request), self.case(request)
        template = row.template
        body = facts(actor, row) | {
            "members": [_member(each) for each in member_rows(actor, row)],
            "sections": [
                {"code": code, "label": template.section_label(code), "scope": template.section_scope(code).value}
                for code in template.section_codes()
            ],
            "available_actions": [
                {
                    "action": action.action, "label": action.label, "permitted": decision.permitted,
                    "reason": decision.reason, "needs_person": True, "page": page_of(row),
                }
                for action, decision in available_actions(actor, row, at)
            ],
        }  # fmt: skip
        return Response(ApplicationDetailSerializer(body).data)


def _member(member: Member) -> dict[str, Any]:
    body = member.organization
    return {
        "id": member.public_id, "role": member.role, "name": member.name,
        "organization_code": body.code if body else None, "state": member.state,
        "consented": bool(vars(member)["held"]),
    }  # fmt: skip


@access(action="grants.view_reports")
class ReportListView(CaseView):
    """What an adopted project reported, year by year."""

    @extend_schema(
        operation_id="application_reports", tags=["申請"], summary="年次報告（成果指標の実績）", parameters=[CASE],
        responses=YearReportsSerializer,
        description="構成団体にはすべて、所管局には提出されたものです。同じ年度は新しい回が先で、訂正の前の値も残ります。",
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """All the caller reads. Raises Refused."""
        row, actor = self.case(request), actor_of(request)
        require(actor, "grants.view_reports", row, arrival_of(request))
        found = [report_data(report) for report in reports_for(actor, row)]
        return Response(YearReportsSerializer({"results": found}).data)


class ActView(CaseView):
    """Every act of the lifecycle is somebody's own: the address exists to say so, and where."""

    token_scopes: ClassVar[dict[str, str]] = {"POST": ""}

    @extend_schema(
        operation_id="application_act", tags=["申請"], summary="手続（職員が画面で行います）", request=None,
        parameters=[CASE, OpenApiParameter("action", str, OpenApiParameter.PATH, description="手続の名前")],
        responses={},
        description="提出・同意・庁内決裁の記録・起案・決定などは、APIでは行えません。つねに 403 を返し、理由を示します。",
    )  # fmt: skip
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Never done here. Raises PersonRequired; Refused or Http404 for what there is not."""
        self.case(request)
        labels: Mapping[str, str] = {row.action: row.label for row in APPLICATION.transitions}
        label = labels.get(self.kwargs["action"])
        if label is None:
            raise Http404
        raise PersonRequired(f"「{label}」")


class EventPages(GrowingPagination):
    """Oldest first, as it happened."""

    ordering = ("sequence",)


class EventListView(CaseView, ListAPIView[ApplicationEvent]):
    """The record of a case."""

    queryset = ApplicationEvent.objects.none()
    serializer_class = EventSerializer
    pagination_class = EventPages
    filter_backends = ()

    def get_queryset(self) -> Any:
        """What the caller may know of it."""
        return event_rows(actor_of(self.request), self.case(self.request))

    @extend_schema(
        operation_id="application_events", tags=["申請"], summary="申請の記録（古い順）", parameters=[CASE],
        description="構成団体には審査の中の動きを、所管局には団体の下書きの動きを含みません。人の名前は含みません。",
    )  # fmt: skip
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        return self.list(request, *args, **kwargs)


class VersionPages(GrowingPagination):
    """Newest first."""

    ordering = ("-branch",)


class VersionListView(CaseView, ListAPIView[Snapshot]):
    """The submitted versions of a case."""

    queryset = Snapshot.objects.none()
    serializer_class = VersionSerializer
    pagination_class = VersionPages
    filter_backends = ()

    def get_queryset(self) -> Any:
        """Those the caller may read."""
        return version_rows(actor_of(self.request), self.case(self.request)).defer("content", "files")

    @extend_schema(
        operation_id="application_versions", tags=["申請"], summary="提出された版（新しい順）", parameters=[CASE],
        description="代表市町村と所管局が読めます。連携する市町村は自団体の部分を answers と budget で読みます。",
    )  # fmt: skip
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        return self.list(request, *args, **kwargs)


class VersionView(CaseView):
    """One submitted version."""

    @extend_schema(
        operation_id="application_version", tags=["申請"], summary="提出された版の内容", responses=VersionDetailSerializer,
        parameters=[CASE, OpenApiParameter("branch", int, OpenApiParameter.PATH, description="枝番")],
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The version. Raises Http404."""
        row = version_rows(actor_of(request), self.case(request)).filter(branch=self.kwargs["branch"]).first()
        if row is None:
            raise Http404
        return Response(VersionDetailSerializer(row).data)
