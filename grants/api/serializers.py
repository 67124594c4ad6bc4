"""Shapes of cases. Amounts in whole yen, instants with their offset. No names of persons, no mail addresses."""

from typing import Any

from rest_framework import serializers

from core.access import actor_of
from grants.models import ApplicationEvent
from grants.queries import unit_of


class BodySerializer(serializers.Serializer[Any]):
    """A body."""

    code = serializers.CharField(help_text="団体コード")
    name = serializers.CharField(help_text="名称")


class CallFactsSerializer(serializers.Serializer[Any]):
    """The call of a case."""

    id = serializers.CharField(help_text="募集番号")
    name = serializers.CharField(help_text="対象年度と募集回")
    program = serializers.CharField(help_text="制度の識別名")
    program_title = serializers.CharField(help_text="制度名")
    closes_at = serializers.DateTimeField(help_text="締切（この時刻までの到着が有効）")


class ApplicationSerializer(serializers.Serializer[Any]):
    """A case in a list."""

    id = serializers.CharField(help_text="申請の識別子")
    receipt_number = serializers.CharField(allow_null=True, help_text="受付番号（提出の前は null）")
    title = serializers.CharField(help_text="事業名")
    call = CallFactsSerializer()
    fiscal_year = serializers.IntegerField(help_text="対象年度")
    lead = BodySerializer(help_text="代表市町村")
    status = serializers.CharField(
        help_text="状態。市町村には drafting, received, in_review, returned, result の5つ、所管局には審査の状態"
    )
    status_label = serializers.CharField(help_text="状態の言葉")
    version = serializers.IntegerField(help_text="状態の版")
    started_at = serializers.DateTimeField(help_text="始めた日時")
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="提出日時")
    requested_amount = serializers.IntegerField(allow_null=True, help_text="申請額（初年度・円）")
    requested_total = serializers.IntegerField(allow_null=True, help_text="申請額（全期間・円）")
    decided_amount = serializers.IntegerField(allow_null=True, help_text="決定額（円）。公表の前は null")
    page = serializers.CharField(help_text="このポータルのページ")


class MemberSerializer(serializers.Serializer[Any]):
    """A body of a case."""

    id = serializers.CharField(help_text="構成団体の識別子")
    role = serializers.CharField(help_text="lead 代表、partner 連携する市町村、diverse_actor 多様な主体")
    name = serializers.CharField(help_text="名称")
    organization_code = serializers.CharField(
        allow_null=True, help_text="団体コード（アカウントのない団体は null）"
    )
    state = serializers.CharField(help_text="参加の状態")
    consented = serializers.BooleanField(help_text="いまの内容への同意があるか（代表は false）")


class ActionSerializer(serializers.Serializer[Any]):
    """An act this caller's role could do now."""

    action = serializers.CharField(help_text="手続の名前")
    label = serializers.CharField(help_text="手続の言葉")  # type: ignore[assignment]
    permitted = serializers.BooleanField(help_text="いま行えるか")
    reason = serializers.CharField(help_text="行えない理由（行えるときは空）")
    needs_person = serializers.BooleanField(help_text="職員が画面で行うか。いまはすべて true")
    page = serializers.CharField(help_text="行う画面")


class SectionSerializer(serializers.Serializer[Any]):
    """A part of the form."""

    code = serializers.CharField(help_text="部分の記号")
    label = serializers.CharField(help_text="部分の名前")  # type: ignore[assignment]
    scope = serializers.CharField(help_text="common 共通、member 団体ごと")


class ApplicationDetailSerializer(ApplicationSerializer):
    """A case."""

    members = MemberSerializer(many=True, help_text="構成団体")
    sections = SectionSerializer(many=True, help_text="様式の部分")
    available_actions = ActionSerializer(many=True, help_text="この役割の手続。状態の表から求める")


class AnswerSerializer(serializers.Serializer[Any]):
    """A question of the form with the answer of the working copy."""

    question = serializers.CharField(help_text="設問の記号")
    section = serializers.CharField(help_text="部分の記号")
    label = serializers.CharField(help_text="設問")  # type: ignore[assignment]
    kind = serializers.CharField(help_text="答えの種類")
    required = serializers.BooleanField(help_text="必須か")  # type: ignore[assignment]
    max_length = serializers.IntegerField(allow_null=True, help_text="最大文字数（提出の前に点検する）")
    choices = serializers.ListField(child=serializers.CharField(), help_text="選択肢")
    member = serializers.CharField(allow_null=True, help_text="構成団体の識別子（共通の設問は null）")
    value = serializers.CharField(help_text="答え（入力したまま）")
    version = serializers.IntegerField(help_text="版（0 はまだない）。書き込みの If-Match に使う")
    updated_at = serializers.DateTimeField(allow_null=True, help_text="更新日時")
    prefilled_from = serializers.CharField(help_text="あらかじめ入っていた値の出所（人が書いた答えは空）")
    checked = serializers.BooleanField(
        help_text="あらかじめ入っていた値を、担当が確かめたか（人が書いた答えは true）"
    )


class AnswersSerializer(serializers.Serializer[Any]):
    """Every question of the form."""

    results = AnswerSerializer(many=True)


class AnswerWriteSerializer(serializers.Serializer[Any]):
    """What is typed."""

    value = serializers.CharField(
        allow_blank=True,
        trim_whitespace=False,
        help_text="答え。そのまま保存し、足りない所は提出前の点検で示す",
    )


class ProjectIndicatorSerializer(serializers.Serializer[Any]):
    """An indicator of the project; what is left out is empty. Values are text, so that they stay exact."""

    name = serializers.CharField(allow_blank=True, default="", help_text="指標")
    definition = serializers.CharField(
        allow_blank=True, default="", trim_whitespace=False, help_text="定義と測り方"
    )
    unit = serializers.CharField(allow_blank=True, default="", help_text="単位")
    aim = serializers.CharField(
        allow_blank=True, default="", help_text="目指す向き：up 増やす、down 減らす、keep 保つ、空 まだ"
    )
    baseline = serializers.CharField(allow_blank=True, default="", help_text="現状値（文字列。ないときは空）")
    period = serializers.CharField(allow_blank=True, default="", help_text="現状値の時点")
    reason = serializers.CharField(allow_blank=True, default="", help_text="現状値を測れない理由")
    targets = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        default=dict,
        help_text="年度ごとの目標（年度→文字列の値）",
    )


class IndicatorsWriteSerializer(serializers.Serializer[Any]):
    """The whole list, which replaces what there was."""

    results = ProjectIndicatorSerializer(many=True, max_length=50, help_text="成果指標")  # type: ignore[call-arg]  # of the list


class IndicatorsSerializer(serializers.Serializer[Any]):
    """The project's indicators."""

    version = serializers.IntegerField(help_text="成果指標の版")
    results = ProjectIndicatorSerializer(many=True)


class YearFigureSerializer(serializers.Serializer[Any]):
    """An indicator in a yearly report. Values are text, so that they stay exact."""

    name = serializers.CharField(help_text="指標")
    definition = serializers.CharField(help_text="定義と測り方")
    unit = serializers.CharField(help_text="単位")
    planned = serializers.CharField(allow_null=True, help_text="目標値（文字列。ない年度は null）")
    value = serializers.CharField(
        allow_null=True, help_text="実績値（文字列）。null は、未記入か測定不能（not_measurable に理由）"
    )
    not_measurable = serializers.CharField(help_text="測れない理由（測れたときは空）")
    remark = serializers.CharField(help_text="備考")


class YearReportSerializer(serializers.Serializer[Any]):
    """What an adopted project reports of a fiscal year."""

    fiscal_year = serializers.IntegerField(help_text="年度")
    number = serializers.IntegerField(help_text="回。2以上は訂正で、前の回も残る")
    status = serializers.CharField(
        help_text="draft 作成中、submitted 提出済、returned 修正依頼中、taken 受理"
    )
    status_label = serializers.CharField(help_text="状態の言葉")
    done = serializers.CharField(help_text="この年度に行ったこと")
    reason = serializers.CharField(help_text="訂正の理由")
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="提出日時")
    taken_at = serializers.DateTimeField(allow_null=True, help_text="受理日時")
    figures = YearFigureSerializer(many=True, help_text="成果指標")


class YearReportsSerializer(serializers.Serializer[Any]):
    """The yearly reports the caller reads."""

    results = YearReportSerializer(many=True)


class CostSerializer(serializers.Serializer[Any]):
    """A cell of the expenditure."""

    item = serializers.CharField(max_length=10, help_text="費目（節）の記号")
    fiscal_year = serializers.IntegerField(min_value=1, max_value=9998, help_text="年度")
    amount = serializers.IntegerField(min_value=0, max_value=10**15, help_text="金額（円）")
    paid_to = serializers.CharField(
        allow_null=True,
        required=False,
        max_length=12,
        help_text="支払先の構成団体（ほかの構成団体が使う負担金のとき）",
    )
    note = serializers.CharField(
        allow_blank=True, required=False, default="", trim_whitespace=False, help_text="内訳"
    )


class IncomeSerializer(serializers.Serializer[Any]):
    """A cell of the money."""

    kind = serializers.CharField(max_length=20, help_text="財源の種類")
    fiscal_year = serializers.IntegerField(min_value=1, max_value=9998, help_text="年度")
    amount = serializers.IntegerField(min_value=0, max_value=10**15, help_text="金額（円）")
    note = serializers.CharField(
        allow_blank=True, required=False, default="", trim_whitespace=False, help_text="内訳"
    )


class ShareWriteSerializer(serializers.Serializer[Any]):
    """One member's whole budget, which replaces what there was."""

    costs = CostSerializer(many=True, max_length=500, help_text="支出")  # type: ignore[call-arg]  # of the list
    incomes = IncomeSerializer(many=True, max_length=500, help_text="財源")  # type: ignore[call-arg]  # of the list


class ShareSerializer(ShareWriteSerializer):
    """One member's budget."""

    member = serializers.CharField(help_text="構成団体の識別子")
    name = serializers.CharField(help_text="名称")
    version = serializers.IntegerField(help_text="版。書き込みの If-Match に使う")


class ItemSerializer(serializers.Serializer[Any]):
    """A cost item of the form."""

    code = serializers.CharField(help_text="記号")
    label = serializers.CharField(help_text="名前")  # type: ignore[assignment]
    eligible = serializers.BooleanField(help_text="補助の対象か")


class BudgetSerializer(serializers.Serializer[Any]):
    """The budget of the working copy."""

    unit = serializers.CharField(help_text="単位。つねに yen（円）")
    fiscal_years = serializers.ListField(child=serializers.IntegerField(), help_text="入力できる年度")
    items = ItemSerializer(many=True, help_text="費目")
    members = ShareSerializer(many=True, help_text="団体ごとの収支（連携する市町村には自団体だけ）")


class DocumentSerializer(serializers.Serializer[Any]):
    """A file of a case."""

    id = serializers.CharField(source="public_id", help_text="書類の識別子")
    name = serializers.CharField(help_text="ファイル名")
    purpose = serializers.CharField(help_text="用途")
    requirement = serializers.CharField(help_text="求められた書類の記号（任意の書類は空）")
    member = serializers.CharField(
        source="member.public_id", allow_null=True, default=None, help_text="構成団体の識別子"
    )
    size = serializers.IntegerField(help_text="大きさ（バイト）")
    sha256 = serializers.CharField(help_text="SHA-256")
    media_type = serializers.CharField(help_text="種類")
    uploaded_at = serializers.DateTimeField(help_text="受け取った日時")


class DocumentsSerializer(serializers.Serializer[Any]):
    """The files the caller may open."""

    results = DocumentSerializer(many=True)


class EventSerializer(serializers.Serializer[Any]):
    """One thing that happened."""

    sequence = serializers.IntegerField(help_text="順番")
    at = serializers.DateTimeField(help_text="記録日時")
    action = serializers.CharField(help_text="手続の名前")
    organization = serializers.CharField(source="organization_name", help_text="団体")
    department = serializers.SerializerMethodField(help_text="部署（ほかの団体の記入では空）")
    effective_on = serializers.DateField(allow_null=True, help_text="効力の生じる日")
    comment = serializers.CharField(help_text="理由・コメント")
    hash = serializers.CharField(help_text="記録のハッシュ")

    def get_department(self, event: ApplicationEvent) -> str:
        """Empty where it is the other body's own business."""
        return unit_of(actor_of(self.context["request"]), event)


class VersionSerializer(serializers.Serializer[Any]):
    """A submitted version."""

    branch = serializers.IntegerField(help_text="枝番（0 が最初の提出）")
    kind = serializers.CharField(help_text="受付の種類")
    receipt_number = serializers.CharField(help_text="受付番号")
    taken_at = serializers.DateTimeField(help_text="受付日時")
    requested_amount = serializers.IntegerField(help_text="申請額（初年度・円）")
    requested_total = serializers.IntegerField(help_text="申請額（全期間・円）")
    sha256 = serializers.CharField(help_text="内容とファイルのSHA-256")


class VersionDetailSerializer(VersionSerializer):
    """A submitted version with its content."""

    content = serializers.JSONField(help_text="提出された内容（連絡先を除く）")
    files = serializers.JSONField(help_text="ファイルの名前・大きさ・SHA-256")
