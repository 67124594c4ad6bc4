"""What the views of a case share: the case as this caller may see it, and writes that are done once."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actions.replaying import Answer, once
from accounts.enums import Scope
from accounts.models import ApiToken
from core.access import access, actor_of, arrival_of
from core.exceptions import Refused
from core.writing import fingerprint, idempotency_key
from grants import queries
from grants.models import Application, Member
from grants.permissions import member_of
from grants.queries.records import case_rows

READ: Final = {"GET": Scope.READ_APPLICATIONS.value}
READ_AND_WRITE: Final = {**READ, "PUT": Scope.WRITE_DRAFTS.value}
CASE: Final = OpenApiParameter("id", str, OpenApiParameter.PATH, description="申請の識別子")
MEMBER: Final = OpenApiParameter("member", str, OpenApiParameter.PATH, description="構成団体の識別子")
IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description='読み取ったときの ETag（例："3"）',
)
IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER,
    description="送信ごとに新しい8～128字の値。同じ値と内容で送り直すと、同じ答えが返り、二重に保存されない（7日間）",
)  # fmt: skip
ETAG: Final = OpenApiParameter(
    "ETag",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[200],
    description="版。次の書き込みの If-Match に使う",
)


@access(action="grants.view")
class CaseView(APIView):
    """A view below `/applications/<id>/`; what the caller does not see is unknown (404)."""

    token_scopes: ClassVar[dict[str, str]] = READ

    def case(self, request: Request) -> Application:
        """The case with `is_own` and `submitted_title`. Raises Refused."""
        found = case_rows(actor_of(request), arrival_of(request)).filter(public_id=self.kwargs["id"]).first()
        if found is None:
            raise Refused
        return found

    def own_case(self, request: Request) -> tuple[Application, Member]:
        """The case and the member the caller acts for. Raises Refused for those who read versions instead."""
        application = queries.case(actor_of(request), self.kwargs["id"], arrival_of(request))
        member = member_of(actor_of(request), application)
        if member is None:
            raise Refused
        return application, member

    def member_in(self, application: Application, own: Member) -> Member:
        """The member of the address: for the lead any present municipality, for a partner itself. Raises Refused."""
        rows = application.members.present().municipalities().select_related("organization")
        found = rows.filter(public_id=self.kwargs["member"]).first()
        if found is None or not (own.is_lead or found.pk == own.pk):
            raise Refused
        return found

    def written(self, request: Request, run: Callable[[], Answer]) -> Response:
        """The answer to a write, done once where the caller gave a key."""
        key = idempotency_key(request)
        if not key:
            answer = run()
        else:
            token = request.auth
            caller = f"token:{token.pk}" if isinstance(token, ApiToken) else f"user:{request.user.pk}"
            answer = once(
                caller=caller, key=key, fingerprint=fingerprint(request), at=arrival_of(request), run=run
            )
        headers = {**answer.headers, **({"Idempotency-Replayed": "true"} if answer.replayed else {})}
        return Response(answer.body, status=answer.status, headers=headers)


def plain(serializer: Any) -> Any:
    """What a serializer gives, as plain data that JSON can keep."""
    return dict(serializer.data)
