"""Read-only API of programs, calls and adopted projects; the same search and visibility as the pages."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from core.access import access, actor_of, arrival_of
from programs.api.keeping import kept_answer, with_rows
from programs.api.parameters import criteria_parameters
from programs.api.rows import rows_of
from programs.api.serializers import (
    CallSerializer,
    ProgramDetailSerializer,
    ProgramSerializer,
    ProjectSerializer,
)
from programs.filters import CriteriaForm
from programs.models import AdoptedProject, Call, Program
from programs.models.call import CallQuerySet
from programs.models.program import ProgramQuerySet
from programs.models.project import ProjectQuerySet
from programs.queries.catalogue import visible_calls, visible_projects, with_list_parts
from programs.queries.current import Moment
from programs.queries.facets import in_order
from programs.queries.search import Criteria, search
from programs.queries.sheet import records

_SLUG = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="識別名")


@extend_schema_view(
    list=extend_schema(tags=["支援制度"], summary="支援制度の一覧と検索", parameters=criteria_parameters()),
    retrieve=extend_schema(
        tags=["支援制度"], summary="支援制度", parameters=[_SLUG], responses=ProgramDetailSerializer
    ),
)
@access(public=True)
class ProgramViewSet(ReadOnlyModelViewSet[Program]):
    """Programs in the order of the page; faulty parameters are answered with 400."""

    queryset = Program.objects.none()
    serializer_class = ProgramSerializer
    lookup_field = "slug"
    filter_backends = ()

    def get_queryset(self) -> ProgramQuerySet:
        """What the actor sees."""
        at = arrival_of(self.request)
        return with_list_parts(Program.objects.visible_to(actor_of(self.request), at), at)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The one search of the catalogue."""
        return kept_answer(
            request, lambda named: self._listed(_criteria(request), arrival_of(request), named)
        )

    def _listed(self, criteria: Criteria, at: datetime, named: Moment | None) -> Response | bytes:
        """One page of what is found; for the public counted and ordered in memory, so that only rows nobody asked for
        at this moment are read."""
        actor = actor_of(self.request)
        if named is None or not actor.is_anonymous:
            page = self.paginate_queryset(with_list_parts(search(criteria, at, actor), at))
            return self.get_paginated_response(self.get_serializer(page, many=True).data)
        pks = list(self.paginate_queryset(in_order(criteria, at, named)) or [])
        return with_rows(
            self.get_paginated_response([]).data, named, pks, lambda asked: rows_of(asked, at, named)
        )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One program with its years, figures, components, projects and systems."""
        at, actor = arrival_of(request), actor_of(request)
        projects = AdoptedProject.objects.visible_to(actor, at)
        detailed = self.get_queryset().prefetch_related("years", "systems", Prefetch("projects", projects))
        program = get_object_or_404(detailed, slug=self.kwargs["slug"])
        context = {
            **self.get_serializer_context(),
            "records": records(program),
            "components": Program.objects.visible_to(actor, at).filter(parent=program).only("slug"),
        }
        return Response(ProgramDetailSerializer(program, context=context).data)


@extend_schema_view(
    list=extend_schema(tags=["募集"], summary="募集の一覧（締切の近い順）"),
    retrieve=extend_schema(
        tags=["募集"],
        summary="募集",
        parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH, description="募集番号")],
    ),
)
@access(public=True)
class CallViewSet(ReadOnlyModelViewSet[Call]):
    """Published calls."""

    queryset = Call.objects.none()
    serializer_class = CallSerializer
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    filter_backends = ()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The list, kept for the public."""
        listed = super().list
        return kept_answer(request, lambda _: listed(request, *args, **kwargs))

    def get_queryset(self) -> CallQuerySet:
        """What the actor sees."""
        return visible_calls(actor_of(self.request), arrival_of(self.request))


@extend_schema_view(
    list=extend_schema(tags=["採択事業"], summary="採択事業の一覧（新しい順）"),
    retrieve=extend_schema(tags=["採択事業"], summary="採択事業", parameters=[_SLUG]),
)
@access(public=True)
class ProjectViewSet(ReadOnlyModelViewSet[AdoptedProject]):
    """Adopted projects."""

    queryset = AdoptedProject.objects.none()
    serializer_class = ProjectSerializer
    lookup_field = "slug"
    filter_backends = ()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The list, kept for the public."""
        listed = super().list
        return kept_answer(request, lambda _: listed(request, *args, **kwargs))

    def get_queryset(self) -> ProjectQuerySet:
        """What the actor sees."""
        return visible_projects(actor_of(self.request), arrival_of(self.request))


def _criteria(request: Request) -> Criteria:
    """What an address asks for. Raises ValidationError naming each faulty parameter; such an answer is never kept."""
    if not CriteriaForm.base_fields.keys() & request.query_params.keys():
        return Criteria()  # everything: what a form of no words would say
    form = CriteriaForm(request.query_params)
    criteria = form.criteria()
    if form.errors:
        raise ValidationError(
            {name: [str(message) for message in found] for name, found in form.errors.items()}
        )
    return criteria
