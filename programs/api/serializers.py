"""Shapes of programs, calls and projects in the API."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from core.access import arrival_of
from programs.api.fields import (
    CitationShape,
    ExactNumber,
    FactShape,
    MoneyShape,
    PhoneShape,
    SeriesShape,
    TextOrNull,
)
from programs.enums import Facet
from programs.models import (
    AdoptedProject,
    BudgetLine,
    Call,
    ExternalSystem,
    Program,
    ProgramYear,
    ProjectActor,
    ProjectResult,
)


def instant_of(serializer: serializers.BaseSerializer[Any]) -> datetime:
    """The instant the request is answered for."""
    return arrival_of(serializer.context.get("request"))


class OwnerSerializer(serializers.Serializer[Any]):
    """A body: its six-digit code (or slug) and name."""

    code = serializers.CharField(help_text="団体コード。コードのない団体は識別名")
    name = serializers.CharField(help_text="名称")


class AvailabilitySerializer(serializers.Serializer[Any]):
    """Whether something can be used or applied for at the instant of the answer."""

    state = serializers.CharField(
        help_text="open 受付中、opens_soon まもなく受付、year_round 通年、ask 受付時期は窓口へ、closed 受付終了、planned 検討中、ended 終了"
    )
    text = serializers.CharField(help_text="画面と同じ言葉")
    opens_at = serializers.DateTimeField(allow_null=True, help_text="受付開始")
    closes_at = serializers.DateTimeField(allow_null=True, help_text="締切")


class ProgramSerializer(serializers.ModelSerializer[Program]):
    """A program as lists give it; texts in quotation of a source are exact."""

    plain_title = TextOrNull(help_text="わかりやすい名前")
    level = serializers.CharField(help_text="national 国、metropolitan 都、municipal 市町村")
    level_label = serializers.CharField(
        source="level_word", read_only=True, help_text="国、都、または市・町・村・区"
    )
    kind = serializers.CharField(help_text="支援の種類の区分")
    kind_name = serializers.CharField(source="get_kind_display", read_only=True, help_text="区分の名前")
    kind_label = TextOrNull(help_text="資料での種類")
    audiences = serializers.SerializerMethodField(help_text="使える人")
    audience_scope = TextOrNull(help_text="対象の自治体の範囲")
    themes = serializers.SerializerMethodField(help_text="テーマ")
    owner = OwnerSerializer(read_only=True)
    department = TextOrNull(help_text="所管部署（資料の表記のまま）")
    phone = TextOrNull(help_text="電話番号（資料の表記のまま）")
    phones = PhoneShape(many=True, read_only=True)
    hours = TextOrNull(help_text="受付時間")
    url = TextOrNull(help_text="公式ページ（資料の表記のまま）")
    parent = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text="上位の制度の slug（公開中のとき）"
    )
    status = serializers.CharField(source="offering", help_text="active 実施中、planned 検討中、ended 終了")
    status_label = serializers.CharField(source="get_offering_display", read_only=True)
    availability = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="このポータルのページ")

    class Meta:
        model = Program
        fields: list[str] = [
            "slug", "title", "title_kana", "aliases", "plain_title", "summary", "audience_text", "benefit_text",
            "reach_text", "level", "level_label", "kind", "kind_name", "kind_label", "audiences",
            "audience_scope", "themes", "owner", "department", "department_inferred", "phone", "phones", "hours",
            "url", "urls", "url_note", "parent", "status", "status_label", "first_year", "last_year", "remarks",
            "name_only", "availability", "page",
        ]  # fmt: skip

    def get_audiences(self, program: Program) -> list[str]:
        """Codes in the order of the enum."""
        return program.tag_codes(Facet.AUDIENCE)

    def get_themes(self, program: Program) -> list[str]:
        """Codes in the order of the enum."""
        return program.tag_codes(Facet.THEME)

    def get_parent(self, program: Program) -> str | None:
        """The slug of the program it is a part of; a draft's is nobody's to read."""
        parent = program.parent
        return parent.slug if parent is not None and parent.is_public(instant_of(self)) else None

    def get_availability(self, program: Program) -> AvailabilitySerializer:
        """Derived from its calls at the instant of the answer."""
        return AvailabilitySerializer(program.availability(instant_of(self))).data  # type: ignore[return-value]

    def get_page(self, program: Program) -> str:
        """Path of its page."""
        return reverse("programs:detail", args=[program.slug])


class ProgramYearSerializer(serializers.ModelSerializer[ProgramYear]):
    """A fiscal year's version."""

    change = TextOrNull(help_text="new 新規、expanded 拡充、continued 継続、reduced 縮小、ended 終了")

    class Meta:
        model = ProgramYear
        fields = ["fiscal_year", "change", "note"]


class BudgetLineSerializer(serializers.ModelSerializer[BudgetLine]):
    """A budget in yen and as printed."""

    citations = CitationShape(many=True, read_only=True)

    class Meta:
        model = BudgetLine
        fields = ["fiscal_year", "label", "amount", "as_printed", "citations"]


class RecordSerializer(serializers.Serializer[Any]):
    """A figure, or an event when `value` is null."""

    text = serializers.CharField(help_text="項目または出来事")
    fiscal_year = serializers.IntegerField(allow_null=True, help_text="年度")
    period_text = TextOrNull(help_text="時期の表記")
    value = ExactNumber(allow_null=True, help_text="値")
    unit = TextOrNull(help_text="単位")
    approximate = serializers.BooleanField(help_text="おおよその値か")
    as_written = TextOrNull(help_text="資料の表記")
    note = TextOrNull(help_text="注記")
    citations = CitationShape(many=True)


class SystemSerializer(serializers.ModelSerializer[ExternalSystem]):
    """A system named in the sources."""

    state = serializers.CharField(help_text="active 運用中、planned 準備中、ended 終了、unknown 記載なし")
    relation = serializers.CharField(
        help_text="link リンク、cover このポータルで扱う、cover_partly 一部を扱う"
    )
    url = TextOrNull(help_text="所在")

    class Meta:
        model = ExternalSystem
        fields = ["slug", "name", "state", "role", "relation", "url"]


class ProgramDetailSerializer(ProgramSerializer):
    """A program with everything that is public about it."""

    money = MoneyShape(many=True, read_only=True)
    facts = FactShape(many=True, read_only=True)
    series = SeriesShape(many=True, read_only=True)
    citations = CitationShape(many=True, read_only=True)
    years = ProgramYearSerializer(many=True, read_only=True)
    budget_lines = BudgetLineSerializer(many=True, read_only=True)
    records = serializers.SerializerMethodField(help_text="実績と出来事")
    components = serializers.SerializerMethodField(help_text="内訳の制度の slug")
    projects = serializers.SlugRelatedField[AdoptedProject](slug_field="slug", many=True, read_only=True)
    systems = SystemSerializer(many=True, read_only=True)

    class Meta(ProgramSerializer.Meta):
        fields = [
            *ProgramSerializer.Meta.fields,
            *("money", "facts", "series", "eligible_expenses", "excluded_expenses", "measure_numbers"),
            *("named", "category", "rule_ids", "years", "budget_lines", "records", "components"),
            *("projects", "systems", "citations"),
        ]

    def get_records(self, program: Program) -> RecordSerializer(many=True):  # type: ignore[valid-type]
        """Figures first, then events."""
        return RecordSerializer(self.context["records"], many=True).data

    def get_components(self, program: Program) -> list[str]:
        """Visible components in order."""
        return [component.slug for component in self.context["components"]]


class CallSerializer(serializers.ModelSerializer[Call]):
    """A round of application."""

    id = serializers.CharField(source="public_id", read_only=True, help_text="募集番号")
    program = serializers.SlugRelatedField[Program](slug_field="slug", read_only=True)
    program_title = serializers.CharField(source="program.title", read_only=True)
    name = serializers.CharField(read_only=True, help_text="対象年度と募集回")
    applicant_scope = TextOrNull(help_text="対象の自治体の範囲")
    input_unit = serializers.CharField(help_text="yen 円、thousand_yen 千円")
    funding_route = serializers.CharField(
        help_text="lead 代表に一括、each_member 各市町村へ、joint_body 共同体へ"
    )
    ends_in = serializers.CharField(help_text="money 補助金、service 派遣・視察など")
    capacity_unit = TextOrNull(help_text="採択の単位")
    availability = serializers.SerializerMethodField()
    is_open = serializers.SerializerMethodField(help_text="いま申請を受け付けているか")
    page = serializers.SerializerMethodField(help_text="このポータルのページ")

    class Meta:
        model = Call
        fields = [
            "id", "program", "program_title", "name", "fiscal_year", "round_name", "outline", "applicants",
            "applicant_scope", "opens_at", "closes_at", "precheck_due_at", "announce_at", "budget", "capacity",
            "capacity_unit", "uses_per_member", "max_per_lead", "cap_per_member", "input_unit",
            "funding_route", "ends_in", "is_fictional", "is_open", "availability", "page",
        ]  # fmt: skip

    def get_availability(self, call: Call) -> AvailabilitySerializer:
        """Its state at the instant of the answer."""
        return AvailabilitySerializer(call.availability(instant_of(self))).data  # type: ignore[return-value]

    def get_is_open(self, call: Call) -> bool:
        """The same predicate as everywhere."""
        return call.is_open(instant_of(self))

    def get_page(self, call: Call) -> str:
        """Path of its page."""
        return reverse("calls:detail", args=[call.public_id])


class ProjectActorSerializer(serializers.ModelSerializer[ProjectActor]):
    """A diverse actor."""

    class Meta:
        model = ProjectActor
        fields = ["name", "is_group"]


class ProjectResultSerializer(serializers.ModelSerializer[ProjectResult]):
    """What a project brought; the figure beside the words where there is one."""

    value = ExactNumber(allow_null=True, read_only=True)
    unit = TextOrNull(help_text="単位")
    as_written = TextOrNull(help_text="資料の表記")
    period_text = TextOrNull(help_text="時期の表記")

    class Meta:
        model = ProjectResult
        fields = ["text", "value", "unit", "approximate", "as_written", "period_text", "fiscal_year"]


class ProjectSerializer(serializers.ModelSerializer[AdoptedProject]):
    """An adopted project: lead, then partners in code order."""

    program = serializers.SlugRelatedField[Program](slug_field="slug", read_only=True)
    lead = OwnerSerializer(read_only=True)
    partners = serializers.SerializerMethodField(help_text="連携する市町村")
    actors = ProjectActorSerializer(many=True, read_only=True)
    outline = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="概要")
    results = ProjectResultSerializer(many=True, read_only=True)
    citations = CitationShape(many=True, read_only=True)
    page = serializers.SerializerMethodField(help_text="このポータルのページ")

    class Meta:
        model = AdoptedProject
        fields = [
            "slug", "title", "program", "adopted_fiscal_year", "max_years", "lead", "partners", "actors", "purpose",
            "outline", "results", "is_fictional", "citations", "page",
        ]  # fmt: skip

    def get_partners(self, project: AdoptedProject) -> OwnerSerializer(many=True):  # type: ignore[valid-type]
        """Partners in code order."""
        members = [membership.organization for membership in project.memberships.all()]
        return OwnerSerializer(members, many=True).data

    def get_page(self, project: AdoptedProject) -> str:
        """Path of its page."""
        return reverse("projects:detail", args=[project.slug])
