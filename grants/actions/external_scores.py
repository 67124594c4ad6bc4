"""採点票 of an external member, entered by the secretariat: what it changes, and the act that takes it over, all or nothing.

The points are the member's own and are marked as entered by somebody else. What holds for the member holds for its sheet:
the interest is said before any point, and a case with an interest has none. Who enters the sheet and has to score a case
too does that first.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from core.wareki import wareki
from grants import rules
from grants.actions import locking, review, transition
from grants.actions.changes import person
from grants.models import InterestDeclaration, ReviewAssignment
from grants.queries.external import ExternalSeat
from grants.workbook import COMMENT, INTEREST, NO, YES, BookCase, BookLine, ReturnedScores, ScoreBook, Typed
from programs.models import Call

_VERSION: Final = 12
"""Signs of a version's fingerprint in the sheet: enough to tell two versions of a case apart."""
CHANGED: Final = "確かめている間に、申請か採点が変わりました。もう一度、違いを確かめてください。"
_LONGEST: Final = 4_000
_INTERESTS: Final = {NO: False, "なし": False, "無": False, YES: True, "あり": True, "有": True}


@dataclass(frozen=True)
class SeatScores:
    """What a sheet says of one case."""

    has_interest: bool
    detail: str = ""
    points: Mapping[str, int] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""


@dataclass(frozen=True)
class Difference:
    """One case whose entry changes: (what, before, after) row by row."""

    seat: ExternalSeat
    scores: SeatScores
    changes: list[tuple[str, str, str]]


@dataclass
class Comparison:
    """A sheet held against what is entered: what changes, how many cases stay or are not filled in, faults by cell."""

    differences: list[Difference] = field(default_factory=list)
    same: int = 0
    empty: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Of what was shown: before and after of everything."""
        return rules.fingerprint(
            [[one.seat.application.public_id, one.seat.version, one.changes] for one in self.differences]
        )


# --- The sheet as it leaves -----------------------------------------------------------------------------------------


def book_of(
    call: Call, seat_list: Sequence[ExternalSeat], member: tuple[int, str], at: datetime
) -> ScoreBook:
    """The prefilled sheet of a member (number and name)."""
    return ScoreBook(
        call=call.public_id, call_name=f"{call.program.title}　{call.name}", member=str(member[0]), member_name=member[1],
        made=wareki(clock.today(at)), cases=[_case(seat) for seat in seat_list],
    )  # fmt: skip


def _case(seat: ExternalSeat) -> BookCase:
    row, kept = seat.application, _kept(seat.assignment)
    declared = {None: "", False: NO, True: YES}[seat.declared]
    lines = [
        BookLine(INTEREST, "利害関係", f"「{NO}」か「{YES}」。「{YES}」のときは所見の欄に内容を書き、採点しません。", declared, ""),
        *(
            BookLine(
                str(each["code"]), f"{each['label']}（重み {each['weight']}）", str(each.get("help", "")),
                str(kept.points.get(str(each["code"]), "")), kept.remarks.get(str(each["code"]), ""),
            )
            for each in row.template.criteria
        ),
        BookLine(COMMENT, "総評", "申請の全体について、所見の欄に書きます。", "", kept.comment),
    ]  # fmt: skip
    return BookCase(
        row.public_id, row.receipt_number or "", row.lead.name, seat.title, seat.version[:_VERSION], lines
    )


def _kept(seat: ReviewAssignment) -> SeatScores:
    """What is entered for a seat now."""
    scores = list(seat.scores.all()) if seat.scored_at is not None else []
    return SeatScores(
        has_interest=False, points={one.criterion: one.points for one in scores},
        remarks={one.criterion: one.comment for one in scores if one.comment}, comment=seat.comment,
    )  # fmt: skip


# --- The sheet as it comes back -------------------------------------------------------------------------------------


def compare(seats: Sequence[ExternalSeat], returned: ReturnedScores) -> Comparison:
    """Hold a sheet against what is entered; every fault names its cell and its cure."""
    found = Comparison(faults=list(returned.faults))
    by_case: dict[str, dict[str, Typed]] = {}
    for (case, code), typed in returned.rows.items():
        by_case.setdefault(case, {})[code] = typed
    for seat in seats:
        rows = by_case.pop(seat.application.public_id, {})
        if _is_blank(rows):
            found.empty += 1
            continue
        reader = _Reader(seat, rows)
        scores = reader.read()
        found.faults += reader.faults
        if scores is None or reader.faults:
            continue
        changes = list(_changes(seat, scores))
        if changes:
            found.differences.append(Difference(seat, scores, changes))
        else:
            found.same += 1
    for rows in by_case.values():
        first = next(iter(rows.values()))
        if any(typed.value or typed.remark for typed in rows.values()):
            found.faults.append(
                Fault(
                    "file",
                    f"{first.value_place}からの行は、いまこの委員が採点する申請ではありません。",
                    "新しい採点票をダウンロードして写すか、この行を空にしてください。",
                )
            )
    return found


def _is_blank(rows: Mapping[str, Typed]) -> bool:
    """Whether nothing was filled in: an interest denied says nothing before there are points."""
    denied = {"", *(word for word, has in _INTERESTS.items() if not has)}
    return all(
        not typed.remark and (typed.value in denied if code == INTEREST else not typed.value)
        for code, typed in rows.items()
    )


class _Reader:
    """The rows of one case, read into scores; what is wrong is noted with its cell."""

    def __init__(self, seat: ExternalSeat, rows: Mapping[str, Typed]) -> None:
        self.seat, self.rows, self.faults = seat, rows, list[Fault]()
        self.labels = {str(each["code"]): str(each["label"]) for each in seat.application.template.criteria}

    def read(self) -> SeatScores | None:
        """The scores, or None with faults."""
        if unknown := [code for code in self.rows if code not in {INTEREST, COMMENT, *self.labels}]:
            self._fault(
                self.rows[unknown[0]].value_place,
                "の行は、この募集の観点ではありません。",
                "加えた行を消してください。",
            )
        if missing := [code for code in (INTEREST, *self.labels, COMMENT) if code not in self.rows]:
            name = self.labels.get(missing[0], "利害関係" if missing[0] == INTEREST else "総評")
            self._fault(
                f"「{self.seat.title}」", f"の「{name}」の行がありません。", "消した行を元に戻してください。"
            )
            return None
        if any(typed.version != self.seat.version[:_VERSION] for typed in self.rows.values()):
            self._fault(
                self.rows[INTEREST].value_place, "からの申請は、採点票を作った後に新しい版が提出されました。",
                "新しい採点票をダウンロードし、内容を読み直してもらってください。",
            )  # fmt: skip
            return None
        has_interest = self._interest()
        if has_interest is None:
            return None
        if has_interest:
            return self._stands_back()
        points = {code: point for code in self.labels if (point := self._point(code)) is not None}
        remarks = {code: text for code in self.labels if (text := self._remark(code))}
        return SeatScores(has_interest=False, points=points, remarks=remarks, comment=self._remark(COMMENT))

    def _interest(self) -> bool | None:
        typed = self.rows[INTEREST]
        value = unicodedata.normalize("NFKC", typed.value).strip()
        if value not in _INTERESTS:
            what = f"の「{value[:20]}」は" if value else "が空で、"
            self._fault(
                typed.value_place,
                f"{what}利害関係として読めません。",
                f"「{NO}」か「{YES}」をえらんでください。",
            )
            return None
        if self.seat.declared is False and _INTERESTS[value]:
            self._fault(
                typed.value_place, f"は「{YES}」ですが、すでに「{NO}」と申告されています。", "委員に確かめ、割当てを見直してください。"
            )  # fmt: skip
            return None
        return _INTERESTS[value]

    def _stands_back(self) -> SeatScores | None:
        detail = self._remark(INTEREST)
        if not detail:
            self._fault(
                self.rows[INTEREST].remark_place, "が空です。", "どのような利害関係かを書いてください。"
            )
        for code in self.labels:
            if self.rows[code].value:
                self._fault(
                    self.rows[code].value_place, "に点がありますが、利害関係のある申請は採点できません。", "点を消してください。"
                )  # fmt: skip
        return SeatScores(has_interest=True, detail=detail)

    def _point(self, code: str) -> int | None:
        typed = self.rows[code]
        value = unicodedata.normalize("NFKC", typed.value).strip()
        if value.isdecimal() and len(value) == 1 and review.LOWEST <= int(value) <= review.HIGHEST:
            return int(value)
        what = (
            f"の「{value[:20]}」は点として読めません。"
            if value
            else f"の「{self.labels[code]}」の点が空です。"
        )
        self._fault(typed.value_place, what, f"{review.LOWEST}から{review.HIGHEST}の整数にしてください。")
        return None

    def _remark(self, code: str) -> str:
        text = self.rows[code].remark
        if len(text) > _LONGEST:
            over = len(text) - _LONGEST
            self._fault(
                self.rows[code].remark_place,
                f"の所見が{_LONGEST:,}字を{over:,}字超えています。",
                f"{over:,}字減らしてください。",
            )
        return text

    def _fault(self, place: str, what: str, cure: str) -> None:
        self.faults.append(Fault("file", f"{place}{what}", cure))


def _changes(seat: ExternalSeat, scores: SeatScores) -> Iterator[tuple[str, str, str]]:
    before = _kept(seat.assignment)
    words = {None: "", False: NO, True: YES}
    if seat.declared != scores.has_interest:
        yield "利害関係", words[seat.declared], YES if scores.has_interest else NO
    if scores.has_interest:
        yield "利害関係の内容", "", scores.detail
        return
    for each in seat.application.template.criteria:
        code, label = str(each["code"]), str(each["label"])
        pairs = (
            (label, str(before.points.get(code, "")), str(scores.points[code])),
            (f"{label}の所見", before.remarks.get(code, ""), scores.remarks.get(code, "")),
        )
        yield from (pair for pair in pairs if pair[1] != pair[2])
    if before.comment != scores.comment:
        yield "総評", before.comment, scores.comment


# --- Taking it over -------------------------------------------------------------------------------------------------


@transaction.atomic
def take_scores(
    *, call: Call, differences: Iterable[Difference], by: Actor, at: datetime | None = None
) -> int:
    """Enter what a sheet says, all or nothing; returns how many cases changed.

    Raises Refused for anybody but the bureau's officers, Conflict where a case or its points changed since they were
    compared, DomainError as review.proxy_score.
    """
    instant = at or clock.now()
    require(by, "grants.enter_scores", call, instant)
    done = 0
    for one in sorted(differences, key=lambda each: each.seat.application.pk):
        application = locking.application(one.seat.application.pk)
        require(by, "grants.proxy_score", application, instant)
        transition.require_person(by)
        seat = application.assignments.select_related("declaration").get(pk=one.seat.assignment.pk)
        newest = application.snapshots.order_by("-branch").first()
        now = ExternalSeat(application, seat, one.seat.title, newest.sha256 if newest else "")
        if now.version != one.seat.version or list(_changes(now, one.scores)) != one.changes:
            raise Conflict(CHANGED)
        if now.declared is None:
            _declare(now, one.scores, by, instant)
        if not one.scores.has_interest:
            review.proxy_score(
                application_id=application.pk, assignment_id=seat.pk, by=by, points=one.scores.points,
                remarks=one.scores.remarks, comment=one.scores.comment, at=instant,
            )  # fmt: skip
        done += 1
    return done


def _declare(seat: ExternalSeat, scores: SeatScores, by: Actor, at: datetime) -> None:
    """Record the member's own word about its interest, entered by somebody else."""
    if scores.has_interest and not scores.detail.strip():
        raise DomainError(Fault("detail", "利害関係の内容が空です。", "どのような関係かを入力してください。"))
    InterestDeclaration.objects.create(
        assignment=seat.assignment, has_interest=scores.has_interest, detail=scores.detail, declared_at=at,
        declared_by_id=person(by),
    )  # fmt: skip
    payload = {"assignment": seat.assignment.pk, "has_interest": scores.has_interest}
    transition.record(seat.application, "proxy_declare", by=by, at=at, payload=payload)
