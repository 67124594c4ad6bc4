"""The review itself: who scores, whether they may, their points, and points entered for an external member."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from accounts.enums import Role
from accounts.models import Membership, User
from core import clock
from core.access import actor_of
from core.exceptions import Conflict, Fault, Refused
from grants.actions import review
from grants.forms import AssignForm, DomainForm, InterestForm, ScoreForm
from grants.models import InterestDeclaration, ReviewAssignment, Score
from grants.permissions import bureau
from grants.permissions.parties import REVIEWING_ROLES
from grants.queries.interests import interests
from grants.views.review_content import case_content, version_of
from grants.views.review_frame import ReviewPage, form_page, posted, review_page, sees, undeclared
from grants.views.review_table import assignments_of

Typed = Mapping[str, Any]
_ALREADY: Final = "この操作はすでに記録されています。"


# --- Who scores -------------------------------------------------------------------------------------------------


@sees
@form_page
def reviewers(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who has the case, and whom it can be given to."""
    page = review_page(request, public_id)
    duty = page.duty("assign")
    assignments = assignments_of(page)
    there = {one.reviewer_id for one in assignments}
    people = _candidates(page)
    posted_ids = {int(value) for value in request.POST.getlist("reviewers") if value.isdecimal()}
    offered = [(pk, words) for pk, words in people if pk not in there or pk in posted_ids]
    hints = interests(page.application, [pk for pk, _ in people], page.at)
    offered = [
        (pk, f"{words}　利害関係の手がかり：{''.join(hints[pk])}" if pk in hints else words)
        for pk, words in offered
    ]
    form = AssignForm(request.POST or None, candidates=offered)

    def run(typed: Typed) -> object:
        chosen = User.objects.filter(pk__in=typed["reviewers"]).exclude(pk__in=there).order_by("pk")
        if not chosen:
            return None  # a further click: they have it already
        return review.assign_reviewers(
            application_id=page.application.pk, reviewers=list(chosen), by=page.actor, at=page.at
        )

    answer, status = posted(
        request, page, form, action="assign", run=run, done="審査員を割り当てました。知らせが届きます。"
    )
    return answer or page.render(
        request, "reviewers", status=status, heading="審査員の割当て", form=form, duty=duty, assignments=assignments,
        offered=offered, hints=[(one.reviewer.name, hints[one.reviewer_id]) for one in assignments if one.reviewer_id in hints],
    )  # fmt: skip


def _candidates(page: ReviewPage) -> list[tuple[int, str]]:
    """Reviewers of the program's body, the bureau's own first, and external members; nobody of the case's bodies."""
    program = page.application.call.program
    members = page.application.members.present().exclude(organization=None)
    bodies = set(members.values_list("organization_id", flat=True))
    posts = Membership.objects.in_force(clock.today(page.at)).filter(role__in=sorted(REVIEWING_ROLES))
    posts = posts.select_related("user", "department__organization").order_by("user__name", "pk")
    involved = {post.user_id for post in posts if post.department.organization_id in bodies}
    found: dict[int, tuple[int, str]] = {}
    for post in posts:
        external = post.role == Role.EXTERNAL_REVIEWER
        unit = post.department
        if post.user_id in involved or not (external or unit.organization_id == program.owner_id):
            continue
        near = not external and bureau(unit.name) == bureau(program.department or unit.name)
        words = f"{post.user.name}（{post.get_role_display()}　{unit.organization.name} {unit.name}）"
        found.setdefault(post.user_id, (0 if near else 1 if not external else 2, words))
    ordered = sorted(found.items(), key=lambda item: item[1])
    return [(pk, words) for pk, (_rank, words) in ordered]


# --- Interests ----------------------------------------------------------------------------------------------------


@sees
@form_page
def interest(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say whether one has an interest in the case; who has, sees it no more."""
    stood_back = InterestDeclaration.objects.filter(
        assignment__application__public_id=public_id,
        assignment__reviewer=actor_of(request).user_id or 0,
        has_interest=True,
    )
    if request.method == "POST" and stood_back.exists():
        messages.info(request, _ALREADY)
        return redirect("review:list")
    page = review_page(request, public_id)
    duty = page.duty("declare_interest")
    form = InterestForm(request.POST or None)

    def run(typed: Typed) -> object:
        return review.declare_interest(
            application_id=page.application.pk,
            has_interest=typed["has_interest"] == "yes",
            detail=typed["detail"],
            by=page.actor,
            at=page.at,
        )

    def again(_typed: Typed) -> bool:
        mine = InterestDeclaration.objects.filter(assignment__application=page.application)
        return mine.filter(assignment__reviewer=page.actor.user_id or 0).exists()

    answer, status = posted(
        request, page, form, action="declare_interest", run=run, again=again, done="利害関係を申告しました。"
    )
    if answer is not None:
        yes = form.cleaned_data["has_interest"] == "yes"
        return redirect("review:list") if yes else redirect(page.url("score"))
    return page.render(
        request, "interest", status=status, heading="利害関係の申告", form=form, duty=duty,
        members=page.application.members.present().order_by("position"),
        hints=interests(page.application, [page.actor.user_id or 0], page.at).get(page.actor.user_id or 0, []),
    )  # fmt: skip


# --- Points -------------------------------------------------------------------------------------------------------


@sees
@form_page
def score(request: HttpRequest, public_id: str) -> HttpResponse:
    """One's own points, with the case beside them; may be given again while the review runs."""
    page = review_page(request, public_id)
    duty = page.duty("score")
    if page.must_declare:
        return undeclared(request, page)
    mine = page.application.assignments.filter(reviewer_id=page.actor.user_id).first()

    def run(form: ScoreForm) -> object:
        return review.score(
            application_id=page.application.pk, points=form.points(), remarks=form.remarks(),
            comment=form.cleaned_data["comment"], by=page.actor, at=page.at,
        )  # fmt: skip

    return _score_page(request, page, mine, "score", "採点", duty, run)


@sees
@form_page
def proxy_score(request: HttpRequest, public_id: str, assignment: int) -> HttpResponse:
    """An external member's points from its paper; marked as entered by somebody else."""
    page = review_page(request, public_id)
    duty = page.duty("proxy_score")
    rows = page.application.assignments.select_related("reviewer").filter(is_external=True, pk=assignment)
    seat = rows.exclude(declaration__has_interest=True).first()
    if seat is None:
        raise Refused

    def run(form: ScoreForm) -> object:
        return review.proxy_score(
            application_id=page.application.pk, assignment_id=seat.pk, points=form.points(), remarks=form.remarks(),
            comment=form.cleaned_data["comment"], by=page.actor, at=page.at,
        )  # fmt: skip

    heading = f"採点の代理入力（{seat.reviewer.name}）"
    return _score_page(request, page, seat, "proxy_score", heading, duty, run)


def _score_page(  # noqa: PLR0917 - one page for two verbs
    request: HttpRequest,
    page: ReviewPage,
    seat: ReviewAssignment | None,
    action: str,
    heading: str,
    duty: Any,
    run: Any,
) -> HttpResponse:
    newest = page.versions[0] if page.versions else None
    shown = newest.sha256 if newest else ""
    kept = list(seat.scores.all()) if seat else []
    form = ScoreForm(
        request.POST or None,
        criteria=page.application.template.criteria,
        initial=_initial(seat, kept, shown),
    )

    def checked(typed: Typed) -> object:
        if typed["snapshot"] != shown:
            _renew(form, shown)
            raise Conflict(
                Fault("", "画面を開いた後に、新しい版が提出されました。", "内容を読み直してから、もう一度採点してください。")
            )  # fmt: skip
        return None if _same(form, seat, kept) else run(form)

    done = "採点を記録しました。" if action == "score" else "代理で入力した採点を記録しました。"
    answer, status = posted(request, page, form, action=action, run=checked, done=done)
    return answer or page.render(
        request, "score", status=status, heading=heading, form=form, duty=duty, seat=seat, by_proxy=action != "score",
        content=case_content(page, version_of(page, "")),
    )  # fmt: skip


def _initial(seat: ReviewAssignment | None, kept: list[Score], shown: str) -> dict[str, Any]:
    found: dict[str, Any] = {"snapshot": shown, "comment": seat.comment if seat else ""}
    for row in kept:
        found |= {f"points-{row.criterion}": str(row.points), f"remark-{row.criterion}": row.comment}
    return found


def _renew(form: DomainForm, shown: str) -> None:
    """Let the form carry the version the page now shows."""
    if isinstance(form.data, QueryDict):
        form.data = form.data.copy()
        form.data["snapshot"] = shown


def _same(form: ScoreForm, seat: ReviewAssignment | None, kept: list[Score]) -> bool:
    """Whether nothing is new: a further click writes nothing."""
    if seat is None or seat.scored_at is None:
        return False
    points = {row.criterion: row.points for row in kept}
    remarks = {row.criterion: row.comment for row in kept}
    return (points, remarks, seat.comment) == (form.points(), form.remarks(), form.cleaned_data["comment"])
