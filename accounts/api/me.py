"""Who am I, as the API sees it: the first thing to ask with a new token."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.serializers import MeSerializer
from accounts.models import ApiToken
from core.access import access, actor_of

_EXAMPLE = OpenApiExample(
    "トークンで",
    value={
        "by": "token", "organization": {"code": "132225", "name": "東久留米市"}, "department": "企画政策課",
        "roles": ["editor"], "scopes": ["applications.read", "deadlines.read"],
        "token": {"key": "k7m2p9xw", "name": "財務システム", "expires_at": "2027-02-20T10:00:00+09:00"},
    },
    response_only=True,
)  # fmt: skip


@access(signed_in=True)
class MeView(APIView):
    """The body, department, roles and scopes of the caller; no name, no address."""

    token_scopes: ClassVar[dict[str, str]] = {"GET": ""}

    @extend_schema(
        operation_id="me",
        description="団体・部署・役割・できることを返します。氏名やメールアドレスは返しません。",
        summary="自分（いまの配属とトークン）",
        tags=["自分"],
        responses=MeSerializer,
        examples=[_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        """The caller."""
        actor, token = actor_of(request), request.auth
        body: dict[str, Any] = {
            "by": "token" if actor.is_machine else "session",
            "organization": (
                {"code": actor.organization_code, "name": actor.organization_name}
                if actor.organization_id
                else None
            ),
            "department": actor.department_name,
            "roles": sorted(actor.roles),
            "scopes": sorted(actor.scopes) if actor.scopes is not None else None,
            "token": token if isinstance(token, ApiToken) else None,
        }
        return Response(MeSerializer(body).data)
