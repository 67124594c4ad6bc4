"""What must always hold of applications; run by `manage.py invariants` and after every fault test."""

from collections.abc import Iterable

from core.events import verify_chain
from core.invariants import invariant
from grants import rules
from grants.enums import NEVER_SUBMITTED_STATES, DocumentState, MemberRole
from grants.models import Application, ApplicationEvent, Document, Member, Snapshot
from grants.queries.files import read_again

_FREEZING = ("submit", "replace", "resubmit")


@invariant("grants.chains")
def chains() -> Iterable[str]:
    """Every case's events form one whole chain, that begins with its start."""
    yield from verify_chain(ApplicationEvent.objects.all())
    for application in Application.objects.all():
        last = ApplicationEvent.objects.filter(application=application).order_by("-sequence").first()
        if last is None or last.chain_key != application.chain_key:
            yield f"{application.public_id}：記録がありません。"
        elif last.to_state != application.status:
            yield f"{application.public_id}：状態（{application.status}）が最後の記録（{last.to_state}）と違います。"


@invariant("grants.receipts")
def receipts() -> Iterable[str]:
    """Submitted = receipts = snapshots: one event, one number and one frozen version for each."""
    for application in Application.objects.all():
        snapshots = list(application.snapshots.order_by("branch"))
        events = ApplicationEvent.objects.filter(application=application, action__in=_FREEZING).order_by(
            "sequence"
        )
        yield from _receipt_faults(application, snapshots, list(events))
    unknown = Snapshot.objects.filter(application__status__in=NEVER_SUBMITTED_STATES)
    yield from (f"{snapshot.receipt_number}：提出していない申請に版があります。" for snapshot in unknown)


def _receipt_faults(
    application: Application, snapshots: list[Snapshot], events: list[ApplicationEvent]
) -> Iterable[str]:
    name = application.public_id
    if (application.submitted_at is not None) != bool(snapshots):
        yield f"{name}：提出日時と版が合いません。"
    if [event.payload.get("receipt_number") for event in events] != [s.receipt_number for s in snapshots]:
        yield f"{name}：提出の記録と受付番号が合いません。"
    if [snapshot.branch for snapshot in snapshots] != list(range(len(snapshots))):
        yield f"{name}：枝番が続いていません。"
    if snapshots and application.receipt_number != snapshots[-1].receipt_number:
        yield f"{name}：受付番号が最後の版と違います。"
    by_number = {event.payload.get("receipt_number"): event.payload.get("snapshot") for event in events}
    for snapshot in snapshots:
        if by_number.get(snapshot.receipt_number) != snapshot.sha256:
            yield f"{snapshot.receipt_number}：記録にあるハッシュと版が違います。"


@invariant("grants.snapshots")
def snapshots() -> Iterable[str]:
    """Every frozen version still has the hash it was given."""
    for snapshot in Snapshot.objects.iterator(chunk_size=200):
        if rules.fingerprint({"content": snapshot.content, "files": snapshot.files}) != snapshot.sha256:
            yield f"{snapshot.receipt_number}：提出された版が書き換えられています。"


@invariant("grants.files")
def files() -> Iterable[str]:
    """Every attached file, and every file of a snapshot, has the bytes it had at arrival."""
    submitted = {
        (str(file["document"]), str(file["sha256"]))
        for snapshot in Snapshot.objects.iterator(chunk_size=200)
        for file in snapshot.files
    }
    wanted = {public_id for public_id, _ in submitted}
    for document in Document.objects.exclude(state=DocumentState.TEMPORARY).iterator(chunk_size=200):
        if document.state == DocumentState.REMOVED and document.public_id not in wanted:
            continue
        result = read_again(document)
        if not hasattr(result, "sha256"):
            yield f"{document.application.public_id}：{result}"
        elif document.public_id in wanted and (document.public_id, document.sha256) not in submitted:
            yield f"{document.public_id}：提出された版のハッシュと違います。"


@invariant("grants.members")
def members() -> Iterable[str]:
    """Every application has exactly one lead member, and it is the application's lead."""
    leads = dict(Member.objects.filter(role=MemberRole.LEAD).values_list("application_id", "organization_id"))
    for application in Application.objects.all():
        if leads.get(application.pk) != application.lead_id:
            yield f"{application.public_id}：代表市町村が一つではありません。"
