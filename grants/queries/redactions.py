"""What of a case can be marked as not to be disclosed, and how a marked part reads in the copy.

Paths: "answers/<section>/<question>", "parts/<member>/<section>/<question>", "document/<id>", "reviewers" (their names),
"remarks" (what they wrote), "opinion/<id>", "note/<number>", "meeting/<id>", "draft/<number>", "decision/<number>",
"comments" (free text of the record and of requests).
"""

import copy
from collections.abc import Mapping
from typing import Any, Final

from grants.enums import SectionScope
from grants.models import Application, Question, Redaction

Marks = Mapping[str, str]
"""Path → ground."""
NOTHING: Final[Marks] = {}
_WHOLE: Final = {
    "reviewers": "審査員の氏名",
    "remarks": "審査員の所見と総評",
    "comments": "動きの記録・事前確認・修正依頼の文章",
}


def marks_of(application: Application) -> dict[str, str]:
    """The marked parts of a case."""
    return dict(Redaction.objects.filter(application=application).values_list("target", "ground"))


def withheld(ground: str) -> str:
    """What stands in the copy instead: 「[不開示：条例第7条第2号]」."""
    return f"[不開示：{ground}]"


def shown(marks: Marks, target: str, value: Any) -> Any:
    """A value as the copy has it: itself, or the notice with its ground."""
    return withheld(marks[target]) if target in marks and value not in ("", None) else value


def markable(application: Application) -> list[tuple[str, str]]:
    """Every part that can be marked, with its words, in the order of the archive."""
    return [
        *_answers(application),
        *(
            (f"document/{paper.public_id}", f"書類　{paper.name}")
            for paper in application.documents.exclude(state="temporary").order_by("pk")
        ),
        *_WHOLE.items(),
        *(
            (f"opinion/{one.public_id}", f"意見照会　{one.department.name}")
            for one in application.opinions.select_related("department").order_by("pk")
        ),
        *((f"note/{one.pk}", f"庁内メモ　{one.text[:20]}") for one in application.notes.order_by("pk")),
        *((f"meeting/{one.public_id}", f"審査会の議事要旨　{one.held_on}") for one in application.meetings.order_by("pk")),
        *((f"draft/{one.pk}", f"起案の理由　{one.get_outcome_display()}") for one in application.recommendations.order_by("pk")),
        *((f"decision/{one.pk}", f"決定の理由　{one.document_number}") for one in application.decisions.order_by("pk")),
    ]  # fmt: skip


def _answers(application: Application) -> list[tuple[str, str]]:
    template = application.template
    newest = application.snapshots.order_by("-branch").first()
    members = newest.content["members"] if newest else []
    found = []
    for question in Question.objects.filter(template=template.pk).order_by("position"):
        words = f"{template.section_label(question.section)}　{question.label}"
        if template.section_scope(question.section) is SectionScope.COMMON:
            found.append((f"answers/{question.section}/{question.code}", words))
            continue
        found += [
            (f"parts/{member['key']}/{question.section}/{question.code}", f"{words}（{member['name']}）")
            for member in members
        ]
    return found


def content_copy(content: Mapping[str, Any], marks: Marks) -> dict[str, Any]:
    """A version's content with the marked answers withheld; the title stands twice in it."""
    made: dict[str, Any] = copy.deepcopy(dict(content))
    for target, ground in marks.items():
        *way, last = target.split("/")
        place: Any = made
        for step in way:
            place = place.get(step, {}) if isinstance(place, dict) else {}
        if isinstance(place, dict) and last in place and way and way[0] in {"answers", "parts"}:
            place[last] = withheld(ground)
            if last == "title":
                made["title"] = withheld(ground)
        if way == ["document"]:
            for file in made.get("documents", []):
                if file.get("document") == last:
                    file["name"] = withheld(ground)
    return made
