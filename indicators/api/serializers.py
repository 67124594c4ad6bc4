"""Shapes of plans, measures and indicators in the API."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Organization
from indicators.models import Indicator, IndicatorDefinition, Measure, Observation, Plan, SheetYear, Theme
from indicators.queries import standing
from programs.models import Program


class PlanSerializer(serializers.ModelSerializer[Plan]):
    """A plan without its tree; `measures` and `indicators` have their own lists."""

    organization = serializers.SlugRelatedField[Organization](slug_field="code", read_only=True)
    organization_name = serializers.CharField(source="organization.name", read_only=True)

    class Meta:
        model = Plan
        fields = ["slug", "title", "goal", "organization", "organization_name", "starts", "ends", "citations"]


class SheetYearSerializer(serializers.ModelSerializer[SheetYear]):
    """One year of a sheet: the cells' own text where it was taken in, and the portal's own summaries."""

    refers_to = serializers.SlugRelatedField[Measure](slug_field="number", read_only=True, allow_null=True)

    class Meta:
        model = SheetYear
        fields = [
            "fiscal_year", "content", "goal", "result", "issues", "content_summary", "goal_summary", "goal_status", "result_summary", "issues_summary",
            "refers_to", "refers_reason",
        ]  # fmt: skip


class MeasureSerializer(serializers.ModelSerializer[Measure]):
    """A measure with its place in the plan and its years."""

    plan = serializers.SlugRelatedField[Plan](slug_field="slug", read_only=True)
    direction = serializers.IntegerField(source="policy.direction.number", read_only=True)
    direction_title = serializers.CharField(source="policy.direction.title", read_only=True)
    policy = serializers.IntegerField(source="policy.number", read_only=True)
    policy_title = serializers.CharField(source="policy.title", read_only=True)
    outlook_label = serializers.CharField(source="get_outlook_display", read_only=True)
    themes = serializers.SlugRelatedField[Theme](slug_field="code", many=True, read_only=True)
    programs = serializers.SlugRelatedField[Program](slug_field="slug", many=True, read_only=True)
    years = SheetYearSerializer(many=True, read_only=True)

    class Meta:
        model = Measure
        fields = [
            "plan", "number", "printed_number", "branch", "title", "direction", "direction_title", "policy",
            "policy_title", "outlook", "outlook_label", "themes", "lead_department", "related_departments",
            "departments_text", "and_others", "series_mark", "overview", "summary", "programs", "years", "citations",
        ]  # fmt: skip


class ObservationSerializer(serializers.ModelSerializer[Observation]):
    """A value of a period, or the reason why there is none."""

    class Meta:
        model = Observation
        fields = [
            "period_start", "period_end", "value", "not_measurable_reason", "source_text", "missed_text",
        ]  # fmt: skip


class DefinitionSerializer(serializers.ModelSerializer[IndicatorDefinition]):
    """A version of an indicator's definition after the first, from the figures of a year on."""

    class Meta:
        model = IndicatorDefinition
        fields = ["number", "starts", "text", "statistic", "reason", "is_comparable"]


class IndicatorSerializer(serializers.ModelSerializer[Indicator]):
    """An indicator with baseline, target, observations and where it stands."""

    plan = serializers.SlugRelatedField[Plan](slug_field="slug", read_only=True)
    direction = serializers.IntegerField(source="direction.number", read_only=True)
    target_other = serializers.SlugRelatedField[Indicator](slug_field="slug", read_only=True, allow_null=True)
    observations = ObservationSerializer(many=True, read_only=True)
    definitions = DefinitionSerializer(many=True, read_only=True)
    movement = serializers.SerializerMethodField()
    grade = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    progress_sentence = serializers.SerializerMethodField()

    class Meta:
        model = Indicator
        fields = [
            "plan", "slug", "number", "name", "printed_name", "direction", "unit", "sign_note", "statistic",
            "next_update_text", "baseline_text", "baseline_value", "baseline_start", "baseline_end", "baseline_extra",
            "target_text", "target_kind", "target_operator", "target_value", "target_other", "target_reference",
            "target_start", "target_end", "notes", "observations", "definitions", "progress", "progress_sentence",
            "movement", "grade", "citations",
        ]  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=["met", "not_met", "unknown"]))
    def get_progress(self, indicator: Indicator) -> str:
        """met, not_met or unknown; the scale is the portal's own."""
        return standing(indicator).judgement.progress.value

    def get_progress_sentence(self, indicator: Indicator) -> str:
        """The sentence that explains the judgement."""
        return standing(indicator).judgement.sentence

    @extend_schema_field(serializers.ChoiceField(choices=["nearer", "same", "farther", "unknown"]))
    def get_movement(self, indicator: Indicator) -> str:
        """Which way the newest figure has gone from the baseline, seen from the target."""
        return standing(indicator).stand.movement.value

    def get_grade(self, indicator: Indicator) -> str | None:
        """The grade of the plan's declared scale, null where there is none."""
        graded = standing(indicator).stand.graded
        return graded.label if graded else None
