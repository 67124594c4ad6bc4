"""One case as one archive, for audit and disclosure: form, versions, files, points, decisions, the record, checks.

Written while it is sent; a file goes through in pieces. Two kinds: the whole, and a copy for disclosure in which the
marked parts read 「[不開示：根拠]」. The last entry lists every other with its size and SHA-256.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder

from core.events import verify_chain
from core.zip_stream import CHUNK, Entry, Written, once
from grants.enums import DocumentState
from grants.models import Application, ApplicationEvent, Document, ReviewAssignment
from grants.queries.case_checks import checks_of
from grants.queries.redactions import NOTHING, Marks, content_copy, marks_of, shown, withheld
from grants.queries.reports import report_data
from grants.queries.waivers import waivers_of

KINDS: Final = {"full": "全部の写し", "disclosure": "開示用の写し"}
MANIFEST: Final = "MANIFEST.json"
_UNREADABLE: Final = "このファイルは読めません。\n"


def _json(value: object) -> Callable[[], Iterable[bytes]]:
    return lambda: [json.dumps(value, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode()]


def archive_entries(application: Application, kind: str) -> Iterator[Entry]:
    """The entries of the archive but the list of fingerprints."""
    marks = marks_of(application) if kind == "disclosure" else NOTHING
    yield Entry("様式/様式.json", _json(_form(application)))
    for version in application.snapshots.order_by("branch").iterator():
        yield Entry(f"版/{version.receipt_number}.json", _json(_version(version, marks)))
    yield from _files(application, marks)
    yield Entry("審査/採点.json", _json(_scores(application, marks)))
    yield Entry("審査/審査会・意見照会・メモ.json", _json(_deliberation(application, marks)))
    yield Entry("審査/事前確認と修正依頼.json", _json(_corrections(application, marks)))
    yield Entry("決定/起案と決定.json", _json(_decisions(application, marks)))
    if application.year_reports.exists():
        yield Entry("年次報告/年次報告.json", _json(_reports(application, marks)))
    yield Entry("記録/動きの記録.jsonl", lambda: _events(application, marks))
    yield Entry("記録/点検.json", _json(_checks(application, marks)))
    if marks:
        yield Entry("不開示とした部分.json", _json(marks))


def manifest(application: Application, kind: str, at: datetime) -> Callable[[list[Written]], Entry]:
    """The last entry: what the archive is of, when it was made, and every file with its fingerprint."""

    def last(done: list[Written]) -> Entry:
        return Entry(
            MANIFEST,
            _json(
                {
                    "case": application.public_id, "receipt_number": application.receipt_number, "kind": KINDS[kind],
                    "made_at": at, "events": application.events.count(), "algorithm": "SHA-256",
                    "files": [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in done],
                }
            ),
        )  # fmt: skip

    return last


def _form(application: Application) -> dict[str, Any]:
    template = application.template
    asked = template.questions.order_by("position")
    columns = ("code", "section", "position", "label", "help", "kind", "required", "max_length", "choices")
    return {
        "title": template.title, "version": template.version, "sections": template.sections,
        "documents": template.documents, "criteria": template.criteria, "cost_items": template.cost_items,
        "eligibility": template.eligibility, "questions": list(asked.values(*columns)),
    }  # fmt: skip


def _version(version: Any, marks: Marks) -> dict[str, Any]:
    files = [
        {**file, "name": shown(marks, f"document/{file['document']}", file["name"])} for file in version.files
    ]
    return {
        "receipt_number": version.receipt_number, "kind": version.get_kind_display(), "taken_at": version.taken_at,
        "sha256": version.sha256, "requested_amount": version.requested_amount,
        "requested_total": version.requested_total, "content": content_copy(version.content, marks), "files": files,
    }  # fmt: skip


# --- Files --------------------------------------------------------------------------------------------------------


def _files(application: Application, marks: Marks) -> Iterator[Entry]:
    """Every file that was ever part of the case; of a withheld one only the notice."""
    rows = application.documents.exclude(state=DocumentState.TEMPORARY).order_by("pk")
    for paper in rows.iterator():
        place = f"書類/{paper.public_id}"
        target = f"document/{paper.public_id}"
        if target in marks:
            yield Entry(f"{place}_不開示.txt", once(f"{withheld(marks[target])}\n".encode()))
        else:
            yield Entry(f"{place}_{_safe(paper.name)}", _bytes_of(paper))


def _safe(name: str) -> str:
    return name.replace("/", "／").replace("\\", "＼")


def _bytes_of(paper: Document) -> Callable[[], Iterable[bytes]]:
    def chunks() -> Iterator[bytes]:
        try:
            with paper.file.storage.open(paper.file.name or "", "rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except OSError:
            yield _UNREADABLE.encode()  # the record stays readable; the fingerprint of the version says what is missing

    return chunks


# --- Review and decision --------------------------------------------------------------------------------------------


def _scores(application: Application, marks: Marks) -> list[dict[str, Any]]:
    rows = application.assignments.select_related("reviewer", "declaration", "scored_by").prefetch_related(
        "scores"
    )
    return [
        _seat(seat, place, marks) for place, seat in enumerate(rows.order_by("assigned_at", "pk"), start=1)
    ]


def _seat(seat: ReviewAssignment, place: int, marks: Marks) -> dict[str, Any]:
    declaration = getattr(seat, "declaration", None)
    return {
        "seat": place, "reviewer": shown(marks, "reviewers", seat.reviewer.name), "external": seat.is_external,
        "interest": declaration.has_interest if declaration else None,
        "interest_detail": shown(marks, "remarks", declaration.detail if declaration else ""),
        "scored_at": seat.scored_at, "by_proxy": seat.by_proxy,
        "comment": shown(marks, "remarks", seat.comment),
        "scores": [
            {"criterion": one.criterion, "points": one.points, "weight": one.weight, "comment": shown(marks, "remarks", one.comment)}
            for one in seat.scores.all()
        ],
    }  # fmt: skip


def _deliberation(application: Application, marks: Marks) -> dict[str, Any]:
    asked = application.opinions.select_related("department", "asked_by", "answered_by").order_by("pk")
    return {
        "meetings": [
            {
                "held_on": one.held_on, "quorum": one.quorum,
                "attendees": [shown(marks, "reviewers", name) for name in one.attendees],
                "summary": shown(marks, f"meeting/{one.public_id}", one.summary),
            }
            for one in application.meetings.order_by("pk")
        ],
        "opinions": [
            {
                "department": one.department.name, "asked_at": one.asked_at, "due_at": one.due_at,
                "question": shown(marks, f"opinion/{one.public_id}", one.question),
                "answer": shown(marks, f"opinion/{one.public_id}", one.answer), "answered_at": one.answered_at,
                "by_proxy": one.by_proxy, "source": shown(marks, f"opinion/{one.public_id}", one.source),
            }
            for one in asked
        ],
        "notes": [
            {"written_at": one.written_at, "text": shown(marks, f"note/{one.pk}", one.text)}
            for one in application.notes.order_by("pk")
        ],
    }  # fmt: skip


def _corrections(application: Application, marks: Marks) -> dict[str, Any]:
    checks = application.prechecks.prefetch_related("comments").order_by("pk")
    return {
        "prechecks": [
            {
                "requested_at": one.requested_at, "message": shown(marks, "comments", one.message),
                "state": one.get_state_display(), "answer": shown(marks, "comments", one.answer),
                "answered_at": one.answered_at,
                "comments": [shown(marks, "comments", remark.text) for remark in one.comments.all()],
            }
            for one in checks
        ],
        "returns": [
            {
                "returned_at": one.returned_at, "sections": one.sections, "due_at": one.due_at,
                "reason": shown(marks, "comments", one.reason), "ended_as": one.get_ended_as_display(),
            }
            for one in application.returns.order_by("pk")
        ],
    }  # fmt: skip


def _decisions(application: Application, marks: Marks) -> dict[str, Any]:
    drafts = application.recommendations.select_related("snapshot", "drafted_by").order_by("pk")
    decisions = application.decisions.select_related("decided_by").prefetch_related("issued__document")
    return {
        "drafts": [
            {
                "outcome": one.get_outcome_display(), "amount": one.amount, "computed_amount": one.computed_amount,
                "trail": one.trail, "version": one.snapshot.receipt_number, "drafted_at": one.drafted_at,
                "drafted_by": one.drafted_by.name, "reason": shown(marks, f"draft/{one.pk}", one.reason),
                "adjustment_reason": shown(marks, f"draft/{one.pk}", one.adjustment_reason),
                "end_reason": shown(marks, f"draft/{one.pk}", one.end_reason),
            }
            for one in drafts
        ],
        "decisions": [
            {
                "outcome": one.get_outcome_display(), "amount": one.amount, "decided_on": one.decided_on,
                "document_number": one.document_number, "effective_on": one.effective_on, "decided_at": one.decided_at,
                "decided_by": one.decided_by.name, "reason": shown(marks, f"decision/{one.pk}", one.reason),
                "supersede_reason": shown(marks, f"decision/{one.pk}", one.supersede_reason),
                "issued": [
                    {"document": letter.document.public_id, "document_number": letter.document_number,
                     "effective_on": letter.effective_on, "sha256": letter.document.sha256}
                    for letter in one.issued.all()
                ],
            }
            for one in decisions.order_by("pk")
        ],
    }  # fmt: skip


def _reports(application: Application, marks: Marks) -> list[dict[str, Any]]:
    """Every report of every year, corrected ones too."""
    rows = application.year_reports.prefetch_related("figures").order_by("fiscal_year", "number")
    return [
        {
            **report_data(one),
            "return_reason": shown(marks, "comments", one.return_reason),
            "return_due_at": one.due_at,
        }
        for one in rows
    ]


# --- The record -----------------------------------------------------------------------------------------------------

_RECORDED: Final = (
    "sequence", "at", "actor_name", "organization_name", "department_name", "role", "action", "from_state", "to_state",
    "effective_on", "comment", "payload", "previous_hash", "hash",
)  # fmt: skip
_SCORING: Final = frozenset({"declare_interest", "score"})


def _events(application: Application, marks: Marks) -> Iterator[bytes]:
    """The chain, a line an event. What a mark withholds elsewhere is not told here either."""
    rows = ApplicationEvent.objects.filter(application=application).order_by("sequence").values(*_RECORDED)
    for row in rows.iterator(chunk_size=500):
        yield json.dumps(_event(row, marks), ensure_ascii=False, cls=DjangoJSONEncoder).encode() + b"\n"


def _event(row: Mapping[str, Any], marks: Marks) -> dict[str, Any]:
    made = dict(row)
    if not marks:
        return made
    made["comment"] = shown(marks, "comments", made["comment"])
    if made["action"] in _SCORING:
        made["actor_name"] = shown(marks, "reviewers", made["actor_name"])
    notice, hidden = withheld("、".join(dict.fromkeys(marks.values()))), set[str]()
    if _reasons_withheld(made["action"], marks):
        made["comment"] = notice if made["comment"] else ""
        hidden |= {"adjustment_reason"} if made["payload"].get("adjustment_reason") else set()
    if any(target.startswith("document/") for target in marks):
        hidden |= {"name"} & set(made["payload"])
    made["payload"] = {**made["payload"], **dict.fromkeys(hidden, notice)}
    return made


def _reasons_withheld(action: str, marks: Marks) -> bool:
    """Whether an event repeats a reason that is withheld where it stands."""
    kinds = {target.split("/")[0] for target in marks}
    if action in {"recommend", "promote", "send_back"}:
        return "draft" in kinds
    return action in {"adopt", "reject", "reserve", "release", "correct"} and "decision" in kinds


def _checks(application: Application, marks: Marks) -> dict[str, Any]:
    newest = application.snapshots.order_by("-branch").first()
    chain = ApplicationEvent.objects.filter(application=application)
    return {
        "chain_faults": verify_chain(chain),
        "checks": [
            {
                "label": one.label, "holds": one.holds, "reasons": one.reasons,
                "waived": [shown(marks, "comments", text) for text in one.waived],
            }
            for one in checks_of(application, newest)
        ] if newest else [],
        "waivers": [
            {
                "check": one.label, "reason": shown(marks, "comments", one.reason), "waived_at": one.waived_at,
                "waived_by": one.waived_by.name, "revoked_at": one.revoked_at,
                "revoke_reason": shown(marks, "comments", one.revoke_reason),
            }
            for one in waivers_of(application)
        ],
    }  # fmt: skip
