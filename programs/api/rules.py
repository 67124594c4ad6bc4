"""Open, stateless API of the rules: what they are, and what they come to for given inputs."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.queries import organization_by_code
from core.access import access, actor_of, arrival_of
from core.actor import ANONYMOUS
from programs.api.fields import CitationShape, Figure, Shape, TextOrNull
from programs.api.parsing import ExactJSONParser, FaultyBody, faulty
from programs.funding.faults import InputError, InputFault
from programs.models import EligibilityRule, FundingRule, Program
from programs.models.rule import RuleQuerySet
from programs.queries.fitting import fitting
from programs.queries.rules import sources_in_words

_ID = OpenApiParameter("id", str, OpenApiParameter.PATH, description="規則の識別名")


class ChoiceShape(Shape):
    """One answer of a choice."""

    value = serializers.CharField(help_text="APIで送る値")
    label = serializers.CharField(help_text="画面の言葉")  # type: ignore[assignment]


class InputShape(Shape):
    """One input of a rule."""

    name = serializers.CharField(help_text="項目名")
    label = serializers.CharField(help_text="画面の言葉")  # type: ignore[assignment]
    kind = serializers.CharField(
        help_text='integer 整数、ratio 数か "4/5" のような分数、boolean 真偽、choice 選択、list 整数の一覧'
    )
    unit = serializers.CharField(allow_null=True, help_text="単位")
    hint = serializers.CharField(allow_null=True, help_text="書き方")
    minimum = Figure(help_text="下限（省略時は0）")
    maximum = Figure(help_text="上限（省略時は10の15乗）")
    not_over = serializers.CharField(allow_null=True, help_text="この項目の値を超えられない")
    choices = ChoiceShape(many=True, allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Choices without their other spellings."""
        row = super().to_representation(instance)
        row["choices"] = [ChoiceShape(each).data for each in instance["choices"]] if row["choices"] else None
        return row


class _RuleFields(serializers.ModelSerializer[Any]):
    """What both kinds of rules have in common."""

    id = serializers.CharField(source="slug", read_only=True, help_text="識別名")
    program = serializers.SlugRelatedField[Program](slug_field="slug", read_only=True, allow_null=True)
    program_name = TextOrNull(help_text="掲載していない制度（他の自治体の事例）の名称")
    inputs = InputShape(many=True, read_only=True)
    citations = CitationShape(many=True, read_only=True)
    examples = serializers.JSONField(read_only=True, help_text="計算例・判定例（inputs と expected）")
    evaluate = serializers.SerializerMethodField(help_text="計算・判定のアドレス（POST）")

    def get_evaluate(self, rule: FundingRule | EligibilityRule) -> str:
        """Path of its evaluation."""
        kind = "api-funding-rule" if isinstance(rule, FundingRule) else "api-eligibility-rule"
        return reverse(f"{kind}-evaluate", args=[rule.slug])


class FundingRuleSerializer(_RuleFields):
    """A funding rule with its tree; texts are the source's."""

    rate = TextOrNull(help_text="率")
    note = TextOrNull(help_text="注記")
    years = TextOrNull(help_text="年度の注記")
    reason = TextOrNull(help_text="資料が読み方を決めていないとき、この読み方の理由")
    reading = serializers.CharField(
        read_only=True, help_text="explicit 資料の文言だけで決まる、inferred 補って読んだ"
    )
    fiscal_strength_adjustment = TextOrNull(source="fiscal_strength", help_text="財政力補正")
    versions = serializers.JSONField(
        read_only=True, help_text="年度ごとの式（first_year と last_year は西暦の年度、null は定めなし）"
    )

    class Meta:
        model = FundingRule
        fields = [
            "id", "program", "program_name", "name", "kind", "applicant", "condition", "formula", "rate", "cap",
            "unit", "reading", "reason", "fiscal_strength_adjustment", "years", "note", "inputs", "versions",
            "citations", "examples", "evaluate",
        ]  # fmt: skip


class EligibilityRuleSerializer(_RuleFields):
    """An eligibility rule with its conditions."""

    conditions = serializers.JSONField(read_only=True, help_text="条件の言葉と式。すべてを満たすことが要件")

    class Meta:
        model = EligibilityRule
        fields = [
            "id", "program", "program_name", "name", "text", "first_year", "last_year", "inputs", "conditions",
            "citations", "examples", "evaluate",
        ]  # fmt: skip


class EvaluationSerializer(serializers.Serializer[Any]):
    """What is sent: a value for every input of the rule."""

    inputs = serializers.DictField(
        child=serializers.JSONField(),
        help_text='項目名と値。整数・小数は正確に読む。分数は "4/5" のような文字でもよい',
    )


def _sent(**inputs: int) -> OpenApiExample:
    """A body that is sent."""
    return OpenApiExample("一つの事業", value={"inputs": inputs}, request_only=True)


class ReadingSerializer(serializers.Serializer[Any]):
    """The amount under one reading of the source."""

    amount = serializers.IntegerField(allow_null=True, help_text="円。資料から計算できないときは null")
    reason = serializers.CharField(help_text="なぜそう読めるか")


class AmountSerializer(serializers.Serializer[Any]):
    """The result of a funding rule."""

    amount = serializers.IntegerField(help_text="円の整数（1円未満切捨て）")
    trail = serializers.ListField(child=serializers.CharField(), help_text="計算の一歩ずつ")
    readings = ReadingSerializer(
        many=True,
        help_text="資料の読み方が分かれるときの、それぞれの額（最初は amount の読み方）。分かれなければ空",
    )


class ConditionSerializer(serializers.Serializer[Any]):
    """One condition of an eligibility rule, judged."""

    text = serializers.CharField(help_text="条件")
    holds = serializers.BooleanField(allow_null=True, help_text="満たすか。分からないときは null")
    fact = serializers.CharField(help_text="判定に使った事実")
    source = serializers.CharField(help_text="出典")  # type: ignore[assignment]


class DatedConditionSerializer(ConditionSerializer):
    """One condition on a municipality."""

    as_of = serializers.CharField(
        allow_null=True, help_text="事実の基準日（ISO 8601）。出典にないときは null"
    )


class VerdictSerializer(serializers.Serializer[Any]):
    """The result of an eligibility rule."""

    eligible = serializers.BooleanField(
        allow_null=True, help_text="満たすか。分からない値で決まるときは null"
    )
    conditions = ConditionSerializer(many=True)


class FitSerializer(serializers.Serializer[Any]):
    """Whether a municipality can use a program."""

    answer = serializers.ChoiceField(["yes", "no", "check"], help_text="使える、使えない、確認が必要")
    conditions = DatedConditionSerializer(many=True)


@method_decorator(csrf_exempt, name="dispatch")
class _RuleViewSet(ReadOnlyModelViewSet[Any]):
    """Lists, details and evaluations; nobody is signed in here, so nothing can be forged."""

    authentication_classes = ()
    parser_classes = (ExactJSONParser,)
    lookup_field = "slug"
    lookup_url_kwarg = "id"
    filter_backends = ()
    rules: RuleQuerySet

    def get_queryset(self) -> RuleQuerySet:
        """Rules of programs everybody sees."""
        return self.rules.visible_to(ANONYMOUS, arrival_of(self.request)).select_related("program")

    def given(self, request: Request) -> Any:
        """The inputs that were sent. Raises InputError."""
        body = request.data
        unknown = (
            sorted(str(name)[:40] for name in body if name != "inputs") if isinstance(body, dict) else []
        )
        if not isinstance(body, dict) or unknown:
            what = f"「{unknown[0]}」" if unknown else "この形の本文"
            raise InputError(
                [InputFault("", f"{what}は使えません。", '{"inputs": {…}} の形にしてください。')]
            )
        return body.get("inputs")

    def refused(self, faults: tuple[InputFault, ...]) -> Response:
        """The 400 that names the fields."""
        named = tuple(
            InputFault(f"inputs.{each.field}" if each.field and "inputs" not in each.field else each.field or "inputs",
                       each.message, each.cure)
            for each in faults
        )  # fmt: skip
        body, media_type = faulty(named, self.request.path)
        return Response(body, status=400, content_type=media_type)

    def handle_exception(self, exc: Exception) -> Response:
        """Faults of the inputs and of the body are 400."""
        if isinstance(exc, InputError | FaultyBody):
            return self.finalized(self.refused(tuple(exc.faults)))
        return super().handle_exception(exc)

    def finalized(self, response: Response) -> Response:
        """Marked as an error, as DRF's own are."""
        response.exception = True
        return response


@extend_schema_view(
    list=extend_schema(tags=["算定規則"], summary="算定規則の一覧"),
    retrieve=extend_schema(tags=["算定規則"], summary="算定規則", parameters=[_ID]),
)
@access(public=True)
class FundingRuleViewSet(_RuleViewSet):
    """How amounts are computed, as data."""

    queryset = FundingRule.objects.none()
    rules = FundingRule.objects.all()
    serializer_class = FundingRuleSerializer

    @extend_schema(
        tags=["算定規則"],
        summary="算定規則で計算する（何も保存しない）",
        parameters=[_ID],
        request=EvaluationSerializer,
        responses=AmountSerializer,
        examples=[_sent(eligible_cost=9_000_000, support_year=1, tama_municipalities=2, diverse_actors=1)],
    )
    @action(detail=True, methods=["post"])
    def evaluate(self, request: Request, **kwargs: Any) -> Response:
        """The amount for the inputs given, exactly, with every step and all readings."""
        rule: FundingRule = self.get_object()
        found = rule.parsed().calculate(self.given(request))
        return Response(
            AmountSerializer(
                {
                    "amount": found.amount,
                    "trail": found.trail,
                    "readings": [{"amount": each.amount, "reason": each.reason} for each in found.readings],
                }
            ).data
        )


@extend_schema_view(
    list=extend_schema(tags=["要件"], summary="要件の一覧"),
    retrieve=extend_schema(tags=["要件"], summary="要件", parameters=[_ID]),
)
@access(public=True)
class EligibilityRuleViewSet(_RuleViewSet):
    """Conditions of projects and applicants, as data."""

    queryset = EligibilityRule.objects.none()
    rules = EligibilityRule.objects.all()
    serializer_class = EligibilityRuleSerializer

    @extend_schema(
        tags=["要件"],
        summary="要件を満たすかを判定する（何も保存しない）",
        description="値が分からない項目には null を送れます。その値で決まる条件は holds が null になります。",
        parameters=[_ID],
        request=EvaluationSerializer,
        responses=VerdictSerializer,
        examples=[_sent(tama_municipalities=2, diverse_actors=1, support_year=1)],
    )
    @action(detail=True, methods=["post"])
    def evaluate(self, request: Request, **kwargs: Any) -> Response:
        """Every condition for the inputs given."""
        rule: EligibilityRule = self.get_object()
        verdict = rule.parsed().judge(self.given(request))
        source = sources_in_words(rule.citations)
        conditions = [
            {"text": each.text, "holds": each.holds, "fact": each.fact, "source": source}
            for each in verdict.conditions
        ]
        return Response(VerdictSerializer({"eligible": verdict.eligible, "conditions": conditions}).data)


@access(public=True)
class ProgramEligibilityView(APIView):
    """「うちの自治体で使えるか」."""

    authentication_classes = ()

    @extend_schema(
        tags=["支援制度"],
        summary="自治体がその制度を使えるか",
        parameters=[
            OpenApiParameter("slug", str, OpenApiParameter.PATH, description="制度の識別名"),
            OpenApiParameter(
                "municipality", OpenApiTypes.STR, required=True, description="6桁の全国地方公共団体コード"
            ),
        ],
        responses=FitSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Every condition on the municipality, with fact, source and date; "check" where no source speaks."""
        programs = Program.objects.visible_to(actor_of(request), arrival_of(request)).select_related("owner")
        program = programs.filter(slug=slug).first()
        if program is None:
            raise Http404
        code = request.query_params.get("municipality", "")
        municipality = organization_by_code(code) if code.isascii() and code.isdigit() else None
        if municipality is None or not municipality.is_municipality:
            fault = InputFault(
                "municipality",
                f"「自治体」に「{code[:20]}」という団体コードはありません。"
                if code
                else "「自治体」がありません。",
                "都内の区市町村の6桁のコード（多摩市は132241）にしてください。",
            )
            body, media_type = faulty((fault,), request.path)
            return Response(body, status=400, content_type=media_type)
        found = fitting(program, municipality)
        conditions = [
            {"text": each.text, "holds": each.holds, "fact": each.fact, "source": each.source, "as_of": each.as_of or None}
            for each in found.conditions
        ]  # fmt: skip
        return Response(FitSerializer({"answer": found.answer, "conditions": conditions}).data)
