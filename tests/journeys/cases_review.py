"""Cases of the metropolitan side for the screens: one in each state worth looking at, in a round of their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from accounts.models import Department, User
from core import clock
from grants.actions import (
    decision,
    drafting,
    opinions,
    petitions,
    prechecks,
    review,
    shortening,
    submission,
    waiving,
)
from grants.actions.letters import issue_letters
from grants.models import Application, Shortening, Visit
from programs.models import Call
from tests.factories import accounts as people
from tests.factories import grants as pieces
from tests.journeys import cases

ROUND = "審査の見本"
OTHER_BUREAU = "industry@tokyo.example"
_MORE = {
    "second_officer": "officer2@tokyo.example",
    "second_reviewer": "reviewer2@tokyo.example",
    "external_reviewer": "external@tokyo.example",
}


@contextmanager
def late() -> Iterator[None]:
    """The day after the closing of the round."""
    with clock.at(pieces.AFTER_CLOSING):
        yield


@contextmanager
def announcing_day() -> Iterator[None]:
    """The planned instant of the announcement."""
    with clock.at(pieces.ANNOUNCES):
        yield


def world() -> pieces.World:
    """The demo's people, and a round that closes before the demo's own and takes any number of cases."""
    made = cases.world_of(cases.KIYOSE, cases.HIGASHIKURUME)
    made.users |= {name: User.objects.get(email=mail) for name, mail in _MORE.items()}
    made.actors = {name: people.actor(user) for name, user in made.users.items()}
    values = {
        "applicants": "市町村", "opens_at": pieces.NOW.replace(day=1), "closes_at": pieces.CLOSES,
        "precheck_due_at": pieces.PRECHECK_DUE, "announce_at": pieces.ANNOUNCES, "max_per_lead": 90,
        "rounding_unit": 1000, "is_fictional": True, "publication": "published", "published_at": pieces.NOW.replace(day=1),
    }  # fmt: skip
    made.call = Call.objects.get_or_create(
        program=made.call.program, fiscal_year=made.call.fiscal_year, round_name=ROUND, defaults=values
    )[0]
    return made


def _asked(made: pieces.World) -> Application:
    """A draft whose precheck waits."""
    application = pieces.start(made)
    pieces.fill(made, application)
    prechecks.request_precheck(
        application_id=application.pk, message="経費の見方を教えてください。", by=made["lead_editor"]
    )
    return application


def _replaced(made: pieces.World) -> Application:
    """Submitted twice: the second version differs."""
    application = pieces.submitted(made)
    drafting.save_answer(
        application_id=application.pk,
        question="purpose",
        value="目的を書き直しました。",
        by=made["lead_editor"],
    )
    pieces.agree(made, application)
    pieces.certify(made, application)
    submission.replace(application_id=application.pk, by=made["lead_editor"], idempotency_key="key-review-2")
    return application


def _scored(made: pieces.World) -> Application:
    """In review, all three have scored, far apart on one criterion."""
    application = pieces.under_review(made)
    codes = list(made.template.weights())
    with late():
        review.declare_interest(application_id=application.pk, by=made["second_reviewer"], has_interest=False)
        for number, name in enumerate(("reviewer", "second_reviewer")):
            review.score(
                application_id=application.pk, by=made[name], points={code: 4 - 3 * (number and code == codes[0]) for code in codes},
                remarks={codes[0]: "数値の根拠を確かめたい。"}, comment="全体として評価できる。",
            )  # fmt: skip
        seat = application.assignments.get(is_external=True)
        review.proxy_score(
            application_id=application.pk, assignment_id=seat.pk, by=made["officer"], points=dict.fromkeys(codes, 3),
        )  # fmt: skip
        waiving.waive_check(
            application_id=application.pk, by=made["officer"], check_code="answers/continuity", reason="単年度の事業のため",
        )  # fmt: skip
        opinions.add_note(
            application_id=application.pk, by=made["officer"], text="聞き取りの記録は別に保存した。"
        )
        opinions.ask_opinion(
            application_id=application.pk, by=made["officer"], question="産業施策との重なりはありますか。", sections=["plan"],
            department=Department.objects.get(organization__code="130001", name="産業労働局 商工部 調整課"),
            due_at=clock.now() + timedelta(days=7),
        )  # fmt: skip
    return application


def _deciding(made: pieces.World) -> Application:
    application = _scored(made)
    with late():
        decision.recommend(
            application_id=application.pk, by=made["officer"], outcome="adopt", reason="広域で取り組む意味が大きいため",
            amount=9_000_000, adjustment_reason="予算の範囲に収めるため",
        )  # fmt: skip
    return application


def _decided(made: pieces.World, verb: Callable[..., object]) -> Application:
    application = _deciding(made)
    with late():
        verb(application_id=application.pk, by=made["decider"], **pieces.PAPERS())
    return application


def _lettered(made: pieces.World) -> Application:
    application = _decided(made, decision.adopt)
    with late():
        issue_letters(decision_id=application.decisions.get().pk, by=made["officer"])
    return application


def _petitioned(made: pieces.World) -> Application:
    application = _decided(made, decision.adopt)
    with late():
        petitions.request_change_members(
            application_id=application.pk, by=made["lead_approver"], reason="相手方の体制が変わったため",
            removes=[pieces.chamber_of(application).pk],
        )  # fmt: skip
    return application


_MAKERS: dict[str, Callable[[pieces.World], Application]] = {
    "asked": _asked,
    "submitted": pieces.submitted,
    "replaced": _replaced,
    "returned": pieces.returned,
    "under_review": pieces.under_review,
    "scored": _scored,
    "deciding": _deciding,
    "reserve": lambda made: _decided(made, decision.reserve),
    "adopted": lambda made: _decided(made, decision.adopt),
    "lettered": _lettered,
    "petitioned": _petitioned,
}


def without_letters() -> None:
    """The adopted case has no letters (any more), so that they can be made."""
    case("adopted").decisions.get().letters.clear()


def case(name: str) -> Application:
    """The case of a name, made once: its number in the round finds it again."""
    made = world()
    known = Application.objects.filter(call=made.call, ordinal=list(_MAKERS).index(name) + 1, lead=made.lead)
    found = known.first()
    if found is None:
        with clock.at(pieces.NOW):
            for maker in list(_MAKERS.values())[Application.objects.filter(call=made.call).count() :]:
                maker(made)
        found = known.get()
    return Application.objects.with_parts().get(pk=found.pk)


def everything() -> None:
    """All of them."""
    case(list(_MAKERS)[-1])


def address(name: str, page: str = "") -> str:
    """The address of a page of that case on the metropolitan side."""
    return f"/review/{case(name).public_id}/{page}"


def at(name: str, page: str = "") -> Callable[[], str]:
    """`address`, to be asked for when the screen is opened."""
    return partial(address, name, page)


def opinion(page: str = "") -> Callable[[], str]:
    """The page of the request for opinion on the scored case: the asked unit's own, or one of the bureau's."""

    def address_of() -> str:
        one = case("scored")
        asked = one.opinions.get()
        return (
            address("scored", f"opinions/{asked.public_id}/{page}")
            if page
            else f"/review/opinions/{asked.public_id}/"
        )

    return address_of


def sheets(member: str = "") -> Callable[[], str]:
    """The page of the external members of the round, or of one of them."""

    def address_of() -> str:
        page = f"/review/calls/{world().call.public_id}/external/"
        return f"{page}{User.objects.get(email=member).pk}/" if member else page

    return address_of


def service_call() -> str:
    """The board of a call that ends in visits, some of them held."""
    return f"/review/calls/{Visit.objects.filter(status='confirmed', support__origin='call').earliest('pk').support.application.call.public_id}/"


def waiver() -> str:
    """The page on which the waiver of the scored case is taken back."""
    return address("scored", f"waivers/{case('scored').waivers.get().public_id}/revoke/")


def proxy_seat() -> str:
    """The page on which the external member's points of the running review are entered."""
    one = case("under_review")
    return f"/review/{one.public_id}/score/{one.assignments.get(is_external=True).pk}/"


def _proposal(by: str | None, page: str) -> str:
    """The pages of an earlier closing of the round, with a proposal of that person waiting, or none."""
    made = world()
    Shortening.objects.filter(call=made.call, ended_at__isnull=True).delete()
    address_of = f"/review/calls/{made.call.public_id}/shorten/"
    if by is None:
        return address_of
    with clock.at(pieces.NOW):
        asked = shortening.Proposal(
            pieces.CLOSES - timedelta(hours=17), None, "国の予定が早まったため", "災害の復旧を急ぐため", made.call.closes_at,
        )  # fmt: skip
        one = shortening.propose_shortening(call=made.call, proposal=asked, by=made[by])
    return f"{address_of}{one.public_id}/{page}/" if page else address_of


def proposal(by: str | None = None, page: str = "") -> Callable[[], str]:
    """`_proposal`, to be asked for when the screen is opened."""
    return partial(_proposal, by, page)
