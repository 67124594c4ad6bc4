"""Routes of the tests of access, API conventions and fragments; mounted by `@pytest.mark.urls`."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views import View
from rest_framework import exceptions, serializers
from rest_framework.decorators import api_view
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from core.access import AccessRule, access, actor_of, require
from core.actor import ANONYMOUS, Actor
from core.exceptions import Conflict, DomainError, Fault, Refused, UnknownTransition
from core.htmx import render_fragment

CANARY = "内緒の中身"


@access(public=True)
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("public")


@access(signed_in=True)
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CANARY)


@access(signed_in=True)
def cached(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CANARY, headers={"Cache-Control": "private, max-age=60"})


@access(action="coretest.edit")
def edit(request: HttpRequest, number: int = 0) -> HttpResponse:
    if number > 100:
        raise Http404
    require(actor_of(request), "coretest.edit", number)
    return HttpResponse(CANARY)


@access(action="coretest.nobody_registered_this")
def unregistered(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CANARY)


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CANARY)


@access(action="coretest.edit")
class EditPage(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(CANARY)


class InheritedPage(EditPage):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return HttpResponse(CANARY)  # work before super().dispatch(): must be guarded all the same


@access(public=True)
class OpenedPage(EditPage):
    """A subclass may declare its own rule."""


@access(action="coretest.edit")
class ApiThing(APIView):
    permission_classes: list[Any] = []  # even without DRF's permissions the guard holds

    def get(self, request: Request) -> Response:
        return Response({"secret": CANARY})


@access(public=True)
class ApiOpen(APIView):
    def get(self, request: Request) -> Response:
        return Response({"name": "檜原村"})


class SetByHand(View):
    access = AccessRule(public=True)

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(CANARY)


class ApiSetByHand(APIView):
    access = AccessRule(public=True)

    def get(self, request: Request) -> Response:
        return Response({"secret": CANARY})


@access(action="coretest.edit")
class DeclaredBelowAHandmadeRule(SetByHand):
    """The parent's handmade rule must not be mistaken for a guard."""


class ApiUndeclared(APIView):
    def get(self, request: Request) -> Response:
        return Response({"secret": CANARY})


@access(action="coretest.edit")
class ApiSet(ViewSet):
    def list(self, request: Request) -> Response:
        return Response({"secret": CANARY})


@access(action="coretest.edit")
@api_view(["GET"])
def api_function(request: Request) -> Response:
    return Response({"secret": CANARY})


@access(action="coretest.edit")
class ApiObject(APIView):
    def get(self, request: Request, number: int) -> Response:
        self.check_object_permissions(request, number)
        return Response({"secret": CANARY})


@access(public=True)
class Numbers(GenericAPIView):
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(range(500))  # type: ignore[type-var]
        return self.get_paginated_response(page)


class Inner(serializers.Serializer):
    amount = serializers.IntegerField()


class Outer(serializers.Serializer):
    name = serializers.CharField()
    rows = Inner(many=True)


ERRORS: dict[str, Any] = {
    "domain": lambda: DomainError(
        Fault("share", "負担割合の合計が100になりません。", "合計を100にしてください。"), "別の誤り"
    ),
    "single": lambda: DomainError("予算が合いません。"),
    "conflict": lambda: Conflict("ほかの人が先に保存しました。"),
    "transition": lambda: UnknownTransition("いまは提出できません。"),
    "refused": lambda: Refused("見せてはいけない理由"),
    "missing": lambda: Http404("見せてはいけない理由"),
    "django": lambda: DjangoValidationError({"name": ["長すぎます。"], "__all__": ["重なっています。"]}),
    "throttled": lambda: exceptions.Throttled(wait=2.1),
    "locked": lambda: OperationalError("database is locked"),
    "defect": lambda: ZeroDivisionError("見せてはいけない"),
    "float": lambda: None,
}


@access(public=True)
class Fails(APIView):
    def get(self, request: Request, what: str) -> Response:
        if error := ERRORS[what]():
            raise error
        return Response({"value": float("nan")})

    def post(self, request: Request, what: str) -> Response:
        data = Outer(data=request.data)
        data.is_valid(raise_exception=True)
        return Response({"ok": True})


@access(public=True)
def fragments(request: HttpRequest) -> HttpResponse:
    return render_fragment(request, "page.html", "rows", {"word": "行"})


urlpatterns = [
    path("public/", public),
    path("desk/", desk),
    path("cached/", cached),
    path("edit/", edit),
    path("edit/<int:number>/", edit),
    path("unregistered/", unregistered),
    path("undeclared/", undeclared),
    path("page/", EditPage.as_view()),
    path("inherited/", InheritedPage.as_view()),
    path("opened/", OpenedPage.as_view()),
    path("fragments/", fragments),
    path("sign-in/", public, name="account_login"),
    path("api/function-view/", desk),
    path("api/thing/", ApiThing.as_view()),
    path("api/open/", ApiOpen.as_view()),
    path("by-hand/", SetByHand.as_view()),
    path("below-by-hand/", DeclaredBelowAHandmadeRule.as_view()),
    path("api/by-hand/", ApiSetByHand.as_view()),
    path("api/undeclared/", ApiUndeclared.as_view()),
    path("api/set/", ApiSet.as_view({"get": "list"})),
    path("api/function/", api_function),
    path("api/object/<int:number>/", ApiObject.as_view()),
    path("api/numbers/", Numbers.as_view()),
    path("api/fails/<str:what>/", Fails.as_view()),
]


def editors_of_132012_below_10(actor: Actor, number: int | None, at: datetime) -> bool:
    """The rule of `coretest.edit` while its tests run."""
    return actor.has_role("editor") and (number is None or number < 10)


class ActingMiddleware:
    """Sets the actor named by the request header `X-Role` (none: anonymous)."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        role = request.headers.get("X-Role", "")
        request.actor = person(role) if role else ANONYMOUS  # type: ignore[attr-defined]
        return self.get_response(request)


def person(*roles: str, organization_id: int = 1) -> Actor:
    """An invented person of 檜原村."""
    return Actor(
        user_id=7,
        name="試験 花子",
        membership_id=70,
        organization_id=organization_id,
        organization_code="133078",
        organization_name="檜原村",
        department_id=700,
        department_name="企画財政課",
        roles=frozenset(roles),
    )
