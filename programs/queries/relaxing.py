"""Nothing found: which condition hides something, counted in one query."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from core.actor import ANONYMOUS, Actor
from programs.queries.search import Criteria, conditions, has_words, judged

MOST_WORDS = 5
OTHERS = "others"
_TWO = 2


@dataclass(frozen=True)
class Relaxation:
    """A condition that hides something: its member of the criteria, and how many programs appear without it.

    For one of several words, `word` is that word as it is compared (folded). The member OTHERS stands for
    everything but the words.
    """

    member: str
    count: int
    word: str = ""


def relaxations(criteria: Criteria, at: datetime, actor: Actor = ANONYMOUS) -> list[Relaxation]:
    """Each single condition whose removal lets programs appear; the one that brings most first.

    Of several words each is tried alone as well; where no single condition helps, all but the words together.
    """
    asked = conditions(criteria, at)
    trials = {Relaxation(member, 0): _all_but(asked, member) for member in asked}
    if len(criteria.words) > 1:
        for word in criteria.words[:MOST_WORDS]:
            rest = [other for other in criteria.words if other != word]
            trials[Relaxation("words", 0, word)] = _all_but(asked, "words") & has_words(rest, criteria.exact)
    if len(asked) > _TWO and criteria.words:
        trials[Relaxation(OTHERS, 0)] = asked["words"]
    counters = {f"trial_{place}": Count("pk", filter=kept) for place, kept in enumerate(trials.values())}
    counts = judged(criteria, at, actor).order_by().aggregate(**counters) if counters else {}
    found = [
        Relaxation(trial.member, counts[f"trial_{place}"], trial.word) for place, trial in enumerate(trials)
    ]
    useful = sorted((each for each in found if each.count), key=lambda each: -each.count)
    single = [each for each in useful if each.member != OTHERS]
    return single or useful


def _all_but(asked: dict[str, Q], member: str) -> Q:
    """Every condition but one; always true when nothing else was asked."""
    kept = Q(pk__isnull=False)
    for name, condition in asked.items():
        if name != member:
            kept &= condition
    return kept
