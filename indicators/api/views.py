"""Read side of plans, measures and indicators; the same permission code as the pages."""

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.access import access, actor_of
from core.text import unstorable
from indicators.api.serializers import IndicatorSerializer, MeasureSerializer, PlanSerializer
from indicators.models import Indicator, Measure, Plan, SheetYear
from indicators.queries import plans, with_figures

PLAN = OpenApiParameter("plan", str, description="計画の識別名（slug）で絞ります。")


def asked_plan(request: Request) -> str:
    """The plan an address asks for, "" for all. Raises ValidationError (400) for text no database holds."""
    plan = request.query_params.get("plan", "")
    if fault := unstorable(plan):
        raise ValidationError({"plan": [fault]})
    return plan


@access(public=True)
@extend_schema_view(
    list=extend_schema(tags=["計画"], summary="計画の一覧"),
    retrieve=extend_schema(tags=["計画"], summary="計画"),
)
class PlanViewSet(viewsets.ReadOnlyModelViewSet[Plan]):
    """計画の一覧と1件。"""

    serializer_class = PlanSerializer
    lookup_field = "slug"
    queryset = Plan.objects.none()

    def get_queryset(self) -> QuerySet[Plan]:
        """Plans the person may see."""
        return plans(actor_of(self.request))


@access(public=True)
@extend_schema_view(
    list=extend_schema(tags=["計画"], summary="施策（個票）の一覧", parameters=[PLAN]),
    retrieve=extend_schema(tags=["計画"], summary="施策（個票）"),
)
class MeasureViewSet(viewsets.ReadOnlyModelViewSet[Measure]):
    """施策（個票）の一覧と1件。"""

    serializer_class = MeasureSerializer
    lookup_field = "number"
    queryset = Measure.objects.none()

    def get_queryset(self) -> QuerySet[Measure]:
        """Sheets of plans the person may see."""
        years = SheetYear.objects.select_related("refers_to").order_by("fiscal_year")
        rows = (
            Measure.objects.filter(plan__in=plans(actor_of(self.request)))
            .select_related("plan", "policy__direction")
            .prefetch_related("themes", "programs", Prefetch("years", years))
        )
        plan = self.kwargs.get("plan") or asked_plan(self.request)
        return rows.filter(plan__slug=plan) if plan else rows


@access(public=True)
@extend_schema_view(
    list=extend_schema(tags=["計画"], summary="成果指標の一覧", parameters=[PLAN]),
    retrieve=extend_schema(tags=["計画"], summary="成果指標"),
)
class IndicatorViewSet(viewsets.ReadOnlyModelViewSet[Indicator]):
    """成果指標の一覧と1件。"""

    serializer_class = IndicatorSerializer
    lookup_field = "slug"
    queryset = Indicator.objects.none()

    def get_queryset(self) -> QuerySet[Indicator]:
        """Indicators of plans the person may see."""
        rows = with_figures(Indicator.objects.filter(plan__in=plans(actor_of(self.request))))
        plan = self.kwargs.get("plan") or asked_plan(self.request)
        return rows.filter(plan__slug=plan) if plan else rows
