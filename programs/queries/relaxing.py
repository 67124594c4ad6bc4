"""Nothing found: which condition hides something, counted from the catalogue as it stands."""

from dataclasses import dataclass
from datetime import datetime

from core.actor import ANONYMOUS, Actor
from programs.queries.current import Moment, current
from programs.queries.facets import all_of, held_by, restrictions
from programs.queries.search import Criteria, hits_of_each

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


def relaxations(
    criteria: Criteria, at: datetime, actor: Actor = ANONYMOUS, named: Moment | None = None
) -> list[Relaxation]:
    """Each single condition whose removal lets programs appear; the one that brings most first.

    Of several words each is tried alone as well; where no single condition helps, all but the words together.
    Only the words are asked of the database, in one statement. `named` as for `programs.queries.current.current`.
    """
    standing = current(at, actor, named)
    whole = standing.everything
    asked = restrictions(held_by(standing, criteria), criteria)
    words = [standing.the_set(found) for found in hits_of_each(criteria)]
    if words:
        asked["words"] = all_of(whole, words)
    members = [member for member in criteria.active if member in asked]
    trials = {Relaxation(member, 0): _without(member, asked, whole) for member in members}
    if len(words) > 1:
        others = _without("words", asked, whole)
        for place, word in enumerate(criteria.words[:MOST_WORDS]):
            trials[Relaxation("words", 0, word)] = all_of(others, words[:place] + words[place + 1 :])
    if len(asked) > _TWO and words:
        trials[Relaxation(OTHERS, 0)] = asked["words"]
    found = [Relaxation(trial.member, kept.bit_count(), trial.word) for trial, kept in trials.items()]
    useful = sorted((each for each in found if each.count), key=lambda each: -each.count)
    single = [each for each in useful if each.member != OTHERS]
    return single or useful


def _without(member: str, asked: dict[str, int], whole: int) -> int:
    """What every condition but one leaves; all when nothing else was asked."""
    return all_of(whole, (kept for name, kept in asked.items() if name != member))
