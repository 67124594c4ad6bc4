"""The project's indicators of the working copy, read and replaced as a whole."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.replaying import Answer as Outcome
from core.access import actor_of, arrival_of
from core.exceptions import Conflict, DomainError, Fault
from core.writing import VersionPassed, etag, expected_version
from grants.actions.indicators import IndicatorEntry, save_indicators
from grants.api.frame import CASE, ETAG, IDEMPOTENCY_KEY, IF_MATCH, READ_AND_WRITE, CaseView, plain
from grants.api.serializers import IndicatorsSerializer, IndicatorsWriteSerializer
from grants.enums import INDICATORS_SECTION
from grants.models import Application
from grants.queries.project_indicators import PARTS, indicator_data, indicator_rows
from indicators.queries import value_of

_EXAMPLE = {
    "results": [
        {
            "name": "周遊した人の数", "definition": "案内所の記録で数える", "unit": "人", "aim": "up", "baseline": "300",
            "period": "令和7年度", "targets": {"2027": "500", "2028": "600"},
        }
    ]
}  # fmt: skip


class IndicatorsView(CaseView):
    """The project's indicators in the working copy."""

    token_scopes: ClassVar[dict[str, str]] = READ_AND_WRITE

    @extend_schema(
        operation_id="application_indicators", tags=["申請の下書き"], summary="成果指標", parameters=[CASE, ETAG],
        responses=IndicatorsSerializer,
        description="構成する市町村が読みます。様式が成果指標を求めないときは空です。所管局は提出された版を読みます（404）。",
    )  # fmt: skip
    def get(self, request: Request, **kwargs: Any) -> Response:
        """All of them with their ETag. Raises Refused."""
        application, _ = self.own_case(request)
        body = _facts(application)
        return Response(body, headers={"ETag": etag(body["version"])})

    @extend_schema(
        operation_id="application_indicators_save", tags=["申請の下書き"], summary="成果指標を保存する",
        request=IndicatorsWriteSerializer, responses=IndicatorsSerializer,
        parameters=[CASE, IF_MATCH, IDEMPOTENCY_KEY, ETAG],
        description="成果指標を、送った行で置き換えます。足りない所があっても保存し、提出前の点検で示します。値は文字列です（0 は値、空はなし）。",
        examples=[OpenApiExample("一つの指標", value=_EXAMPLE, request_only=True)],
    )  # fmt: skip
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Replace them. Raises VersionNeeded, VersionPassed, DomainError naming each cell, Refused."""
        application, _ = self.own_case(request)
        version = expected_version(request)
        typed = IndicatorsWriteSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        entries = _entries(typed.validated_data["results"])

        def run() -> Outcome:
            try:
                saved = save_indicators(
                    application_id=application.pk, entries=entries, expected_version=version, by=actor_of(request),
                    at=arrival_of(request),
                )  # fmt: skip
            except Conflict as error:
                raise VersionPassed from error
            except DomainError as error:
                raise _with_paths(error) from error
            body = _facts(saved)
            return Outcome(200, body, {"ETag": etag(body["version"])})

        return self.written(request, run)


def _facts(application: Application) -> dict[str, Any]:
    rows = indicator_data(indicator_rows(application))
    facts: dict[str, Any] = plain(
        IndicatorsSerializer({"version": application.indicators_version, "results": rows})
    )
    return facts


def _entries(rows: Sequence[Mapping[str, Any]]) -> list[IndicatorEntry]:
    """What was sent as the action takes it. Raises DomainError naming each figure that cannot be read."""
    faults = list[Fault]()
    found = []
    for place, row in enumerate(rows):
        texts = {part: row[part] for part in PARTS if part != "baseline"}
        targets = {
            _year(f"results.{place}.targets.{key}", key, faults): _figure(
                f"results.{place}.targets.{key}", text, faults
            )
            for key, text in row["targets"].items()
        }
        found.append(
            IndicatorEntry(
                **texts, baseline=_figure(f"results.{place}.baseline", row["baseline"], faults),
                targets={year: value for year, value in targets.items() if value is not None},
            )
        )  # fmt: skip
    if faults:
        raise DomainError(*faults)
    return found


def _figure(place: str, text: str, faults: list[Fault]) -> Decimal | None:
    try:
        return value_of(text)
    except ValueError as error:
        faults.append(Fault(place, str(error)))
    return None


def _year(place: str, text: str, faults: list[Fault]) -> int:
    if text.isascii() and text.isdecimal() and len(text) == 4:  # noqa: PLR2004 - a year
        return int(text)
    faults.append(Fault(place, "年度が読み取れません。", "西暦4桁の年度（例：2027）にしてください。"))
    return 0


def _with_paths(error: DomainError) -> DomainError:
    """Faults that name a cell of the page ("indicators/2/unit"), named by the row that was sent (results.1.unit)."""
    if type(error) is not DomainError:
        return error
    return DomainError(*(Fault(_path(fault.field), fault.message, fault.cure) for fault in error.faults))


def _path(field: str) -> str:
    section, *rest = field.split("/")
    if section != INDICATORS_SECTION or not rest:
        return "results" if section == INDICATORS_SECTION else field
    row, part = f"results.{int(rest[0]) - 1}", rest[1]
    return f"{row}.targets.{part}" if part.isdecimal() else f"{row}.{part}"
