"""The working copy: answers, budgets and files; machines may save drafts, and never over somebody else's change."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.replaying import Answer as Outcome
from accounts.enums import Scope
from core.access import access, actor_of, arrival_of, require
from core.downloads import attachment
from core.drf import DownloadRenderer
from core.exceptions import Conflict, DomainError, Fault, Refused
from core.writing import VersionPassed, etag, expected_version
from grants import queries
from grants.actions import budgeting, drafting
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.api.frame import CASE, ETAG, IDEMPOTENCY_KEY, IF_MATCH, MEMBER, READ_AND_WRITE, CaseView, plain
from grants.api.serializers import (
    AnswerSerializer,
    AnswersSerializer,
    AnswerWriteSerializer,
    BudgetSerializer,
    DocumentSerializer,
    DocumentsSerializer,
    ShareSerializer,
    ShareWriteSerializer,
)
from grants.enums import SectionScope
from grants.models import Answer, Application, Document, Member, Question

_QUESTION = OpenApiParameter("question", str, OpenApiParameter.PATH, description="設問の記号")
_DOCUMENT = OpenApiParameter("document", str, OpenApiParameter.PATH, description="書類の識別子")
_FILES: dict[str, str] = {"GET": Scope.READ_DOCUMENTS.value}


# --- Answers -------------------------------------------------------------------------------------------------


def answer_facts(question: Question, member: Member | None, answer: Answer | None) -> dict[str, Any]:
    """A question with its answer, or with nothing yet."""
    return {
        "question": question.code, "section": question.section, "label": question.label, "kind": question.kind,
        "required": question.required, "max_length": question.max_length,
        "choices": [str(choice) for choice in question.choices], "member": member.public_id if member else None,
        "value": answer.value if answer else "", "version": answer.version if answer else 0,
        "updated_at": answer.updated_at if answer else None,
        "prefilled_from": answer.origin_words if answer else "",
        "checked": answer is None or not answer.is_unchecked,
    }  # fmt: skip


class AnswerListView(CaseView):
    """Every question, in the order of the form; each municipality's own ones for each."""

    @extend_schema(
        operation_id="application_answers", tags=["申請の下書き"], summary="設問と答え", parameters=[CASE],
        responses=AnswersSerializer,
        description="代表市町村にはすべて、連携する市町村には共通の設問と自団体の設問です。所管局は提出された版を読みます（404）。",
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """All of them."""
        application, own = self.own_case(request)
        rows = queries.answers_for(actor_of(request), application)
        found = {(row.question_id, row.member_id): row for row in rows}
        bodies = (
            [own]
            if not own.is_lead
            else list(application.members.present().municipalities().order_by("position"))
        )
        template, results = application.template, []
        for question in template.questions.order_by("position"):
            per_member = template.section_scope(question.section) is SectionScope.MEMBER
            for member in [body for body in bodies if body.is_municipality] if per_member else [None]:
                answer = found.get((question.pk, member.pk if member else None))
                results.append(answer_facts(question, member, answer))
        return Response(AnswersSerializer({"results": results}).data)


class AnswerView(CaseView):
    """One answer of the working copy, read and saved."""

    token_scopes: ClassVar[dict[str, str]] = READ_AND_WRITE

    @extend_schema(
        tags=["申請の下書き"], summary="一つの答え", parameters=[CASE, _QUESTION, ETAG], responses=AnswerSerializer,
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The answer with its ETag. Raises Refused."""
        application, question, member = self._asked(request)
        return self._shown(application, question, member)

    @extend_schema(
        tags=["申請の下書き"], summary="答えの下書きを保存する", request=AnswerWriteSerializer, responses=AnswerSerializer,
        parameters=[CASE, _QUESTION, IF_MATCH, IDEMPOTENCY_KEY, ETAG],
        description="入力したまま保存します。長すぎる答えや足りない答えは、提出前の点検で示します。ほかの人の変更が先に入っていれば 412 です。",
        examples=[OpenApiExample("答え", value={"value": "3市の駅を結ぶ周遊ルートをつくる。"}, request_only=True)],
    )  # fmt: skip
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Save it. Raises VersionNeeded, VersionPassed, DomainError, Refused."""
        application, question, member = self._asked(request)
        version = expected_version(request)
        typed = AnswerWriteSerializer(data=request.data)
        typed.is_valid(raise_exception=True)

        def run() -> Outcome:
            try:
                saved = drafting.save_answer(
                    application_id=application.pk, question=question.code, value=typed.validated_data["value"],
                    member_id=member.pk if member else None, expected_version=version, by=actor_of(request),
                    at=arrival_of(request),
                )  # fmt: skip
            except Conflict as error:
                raise VersionPassed from error
            except DomainError as error:
                raise _of_value(error) from error
            body = plain(AnswerSerializer(answer_facts(question, member, saved)))
            return Outcome(200, body, {"ETag": etag(saved.version)})

        return self.written(request, run)

    def _asked(self, request: Request) -> tuple[Application, Question, Member | None]:
        application, own = self.own_case(request)
        member = self.member_in(application, own) if "member" in self.kwargs else None
        question = application.template.questions.filter(code=self.kwargs["question"]).first()
        if question is None:
            raise Refused
        per_member = application.template.section_scope(question.section) is SectionScope.MEMBER
        if per_member != (member is not None):
            raise Refused
        return application, question, member

    def _shown(self, application: Application, question: Question, member: Member | None) -> Response:
        answer = application.answers.filter(question=question, member=member).first()
        body = answer_facts(question, member, answer)
        return Response(AnswerSerializer(body).data, headers={"ETag": etag(body["version"])})


def _of_value(error: DomainError) -> DomainError:
    """Faults that name the question, named by what was sent."""
    if type(error) is not DomainError:
        return error
    return DomainError(*(Fault("value", fault.message, fault.cure) for fault in error.faults))


class CommonAnswerView(AnswerView):
    """A question all members answer together."""


@extend_schema(parameters=[MEMBER])
class MemberAnswerView(AnswerView):
    """A question each municipality answers for itself."""


# --- Budgets -------------------------------------------------------------------------------------------------


def share_facts(member: Member) -> dict[str, Any]:
    """One member's budget; its lines and their payees at hand."""
    costs = [
        {
            "item": line.item, "fiscal_year": line.fiscal_year, "amount": line.amount,
            "paid_to": line.paid_to.public_id if line.paid_to else None, "note": line.note,
        }
        for line in member.budget_lines.all()
    ]  # fmt: skip
    incomes = [
        {"kind": line.kind, "fiscal_year": line.fiscal_year, "amount": line.amount, "note": line.note}
        for line in member.income_lines.all()
    ]
    return {
        "member": member.public_id, "name": member.name, "version": member.budget_version,
        "costs": sorted(costs, key=lambda row: (row["fiscal_year"], str(row["item"]), str(row["paid_to"] or ""))),
        "incomes": sorted(incomes, key=lambda row: (row["fiscal_year"], str(row["kind"]))),
    }  # fmt: skip


class BudgetView(CaseView):
    """The budget of the working copy."""

    @extend_schema(
        operation_id="application_budget", tags=["申請の下書き"], summary="収支計画", parameters=[CASE],
        responses=BudgetSerializer,
        description="代表市町村には全団体、連携する市町村には自団体の収支です。金額は円です。所管局は提出された版を読みます（404）。",
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """All shares the caller may read."""
        application, own = self.own_case(request)
        rows = application.members.present().municipalities().order_by("position")
        rows = rows.prefetch_related("budget_lines__paid_to", "income_lines")
        template = application.template
        body = {
            "unit": "yen",
            "fiscal_years": list(template.fiscal_years(application.call)),
            "items": [
                {"code": code, "label": template.item_label(code), "eligible": bool(item["eligible"])}
                for item in template.cost_items
                for code in [str(item["code"])]
            ],
            "members": [share_facts(each) for each in (rows if own.is_lead else rows.filter(pk=own.pk))],
        }
        return Response(BudgetSerializer(body).data)


class ShareView(CaseView):
    """One member's budget, read and replaced as a whole."""

    token_scopes: ClassVar[dict[str, str]] = READ_AND_WRITE

    @extend_schema(
        operation_id="application_share", tags=["申請の下書き"], summary="一団体の収支計画",
        parameters=[CASE, MEMBER, ETAG], responses=ShareSerializer,
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The share with its ETag. Raises Refused."""
        application, own = self.own_case(request)
        body = share_facts(self.member_in(application, own))
        return Response(ShareSerializer(body).data, headers={"ETag": etag(body["version"])})

    @extend_schema(
        operation_id="application_share_save", tags=["申請の下書き"], summary="一団体の収支計画を保存する",
        request=ShareWriteSerializer, responses=ShareSerializer,
        parameters=[CASE, MEMBER, IF_MATCH, IDEMPOTENCY_KEY, ETAG],
        description="その団体の収支を、送った行で置き換えます。収支が合わなくても保存し、提出前の点検で示します。金額は円の整数です。",
        examples=[
            OpenApiExample(
                "1年度分", request_only=True,
                value={
                    "costs": [{"item": "12", "fiscal_year": 2027, "amount": 15000000, "note": "調査委託"}],
                    "incomes": [{"kind": "member_share", "fiscal_year": 2027, "amount": 5000000}],
                },
            )
        ],
    )  # fmt: skip
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Replace it. Raises VersionNeeded, VersionPassed, DomainError naming each cell, Refused."""
        application, own = self.own_case(request)
        member = self.member_in(application, own)
        version = expected_version(request)
        typed = ShareWriteSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        costs, incomes = _entries(application, typed.validated_data)

        def run() -> Outcome:
            try:
                budgeting.save_budget(
                    application_id=application.pk, member_id=member.pk, costs=costs, incomes=incomes,
                    expected_version=version, by=actor_of(request), at=arrival_of(request),
                )  # fmt: skip
            except Conflict as error:
                raise VersionPassed from error
            except DomainError as error:
                raise _with_paths(error, costs, incomes, member) from error
            rows = application.members.prefetch_related("budget_lines__paid_to", "income_lines")
            body = plain(ShareSerializer(share_facts(rows.get(pk=member.pk))))
            return Outcome(200, body, {"ETag": etag(body["version"])})

        return self.written(request, run)


def _entries(application: Application, typed: dict[str, Any]) -> tuple[list[CostEntry], list[IncomeEntry]]:
    """What was sent as the action takes it. Raises DomainError for a payee that is not a member."""
    payees = {member.public_id: member.pk for member in application.members.present().municipalities()}
    costs, faults = [], []
    for place, row in enumerate(typed["costs"]):
        payee = row.get("paid_to")
        if payee and payee not in payees:
            text = "支払先が構成する市町村にありません。"
            faults.append(Fault(f"costs.{place}.paid_to", text, "構成団体の識別子にしてください。"))
        entry = CostEntry(
            row["item"], row["fiscal_year"], row["amount"], payees.get(payee or ""), row["note"]
        )
        costs.append(entry)
    if faults:
        raise DomainError(*faults)
    incomes = [
        IncomeEntry(row["kind"], row["fiscal_year"], row["amount"], row["note"]) for row in typed["incomes"]
    ]
    return costs, incomes


def _with_paths(
    error: DomainError, costs: list[CostEntry], incomes: list[IncomeEntry], member: Member
) -> DomainError:
    """Faults that name a cell of the grid, named by the row that was sent (costs.3)."""
    places: dict[str, str] = {}
    for place, cost in enumerate(costs):
        places.setdefault(f"budget/{member.public_id}/{cost.item}/{cost.fiscal_year}", f"costs.{place}")
    for place, income in enumerate(incomes):
        places.setdefault(f"budget/{member.public_id}/{income.kind}/{income.fiscal_year}", f"incomes.{place}")
    faults = [
        Fault(places.get(fault.field, fault.field), fault.message, fault.cure) for fault in error.faults
    ]
    return type(error)(*faults) if type(error) is DomainError else error


# --- Files ---------------------------------------------------------------------------------------------------


class DocumentListView(CaseView):
    """The files of a case."""

    token_scopes: ClassVar[dict[str, str]] = _FILES

    @extend_schema(
        operation_id="application_documents", tags=["申請の書類"], summary="書類の一覧", parameters=[CASE],
        responses=DocumentsSerializer, description="開ける書類だけです。決定通知は公表の後に載ります。",
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Those the caller may open."""
        rows = list(queries.documents_for(actor_of(request), self.case(request)))
        return Response(DocumentsSerializer({"results": rows}).data)


@access(action="grants.view_documents")
class DocumentView(CaseView):
    """One file: what it is."""

    token_scopes: ClassVar[dict[str, str]] = _FILES

    def document(self, request: Request) -> Document:
        """The file. Raises Refused for one the caller may not open."""
        rows = queries.documents_for(actor_of(request), self.case(request))
        found = rows.filter(public_id=self.kwargs["document"]).first()
        if found is None:
            raise Refused
        require(actor_of(request), "grants.view_documents", found, arrival_of(request))
        return found

    @extend_schema(
        operation_id="application_document", tags=["申請の書類"], summary="書類", parameters=[CASE, _DOCUMENT],
        responses=DocumentSerializer,
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """Name, size, SHA-256."""
        return Response(DocumentSerializer(self.document(request)).data)


class DocumentContentView(DocumentView):
    """The bytes of one file."""

    renderer_classes = (DownloadRenderer,)

    @extend_schema(
        operation_id="application_document_content", tags=["申請の書類"], summary="書類の中身", parameters=[CASE, _DOCUMENT],
        responses={(200, "*/*"): OpenApiTypes.BINARY}, description="受け取ったときのバイト列です。つねにダウンロードとして返します。",
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """The bytes as an attachment. Raises Refused."""
        found = self.document(request)
        return attachment(found.file, name=found.name, media_type=found.media_type, size=found.size)
