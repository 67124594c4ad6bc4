"""The link a body without an account gets by mail."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Notice
from core import clock
from core.exceptions import Conflict, DomainError, Refused
from grants.actions import drafting, membership
from grants.models import Application, ApplicationEvent, Member
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, text

__all__ = ["bodies_are_few"]


def test_a_body_without_an_account_reads_what_it_is_asked(
    world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mailed link works once, until its end, for nobody else's invitation; nothing of the plan stands there."""
    tokens = iter(["by-mail", "later", "town"])
    monkeypatch.setattr("grants.actions.membership.secrets.token_urlsafe", lambda _size: next(tokens))
    application, by = cases.start(world), world["lead_editor"]
    drafting.save_answer(application_id=application.pk, question="purpose", value="秘密の目的", by=by)
    named = {"application_id": application.pk, "actor_kind": "chamber", "by": by}
    membership.invite(name="各市の商工会", is_group=True, email="info@chamber.example", **named)
    membership.invite(
        name="川の会", email="kawa@npo.example", expires_at=cases.NOW + timedelta(hours=1), **named
    )
    membership.invite(application_id=application.pk, organization=world.partner, by=by)
    visitor, link = Client(), "/invitations/by-mail/"
    shown = text(visitor, link)
    assert "同意のしかた" in shown
    assert "秘密の目的" not in shown
    assert visitor.get(link)["Cache-Control"].startswith("max-age=0")
    assert Client().get("/invitations/town/").status_code == 302
    assert "知らせました" in visitor.post(link).content.decode()
    assert visitor.get(link).status_code == 302
    assert (
        ApplicationEvent.objects.get(action="acknowledge_invitation").comment
        == "各市の商工会（メールの案内から）"
    )
    members = text(client_as(world.users["lead_editor"]), f"/applications/{application.public_id}/members/")
    assert "に案内を確かめました" in members
    assert "複数をまとめた記載" in members
    with clock.at(cases.NOW + timedelta(hours=2)):
        assert visitor.get("/invitations/later/").status_code == 302
    with pytest.raises(DomainError, match="複数をまとめた記載"):
        membership.invite(name="会", is_group=True, corporate_number="8000020132225", **named)


# --- Sending it again, and taking it back ----------------------------------------------------------------------

LATER = cases.NOW + timedelta(days=3)


def _links(application: Application) -> list[str]:
    notices = Notice.objects.filter(kind="grants.invite", dedupe_key__contains=application.public_id)
    return [notice.path for notice in notices.order_by("pk")]


def _post(member: Member) -> tuple[str, dict[str, str]]:
    """The button beside a body as the page shows it now."""
    root = f"/applications/{member.application.public_id}/members/"
    return f"{root}{member.public_id}/renew/", {"sent": member.invited_at.isoformat()}


def test_an_invitation_is_sent_again_once_and_the_earlier_link_dies(
    world: World, client_as: ClientAs
) -> None:
    application, by = cases.start(world), world["lead_editor"]
    town = membership.invite(
        application_id=application.pk, organization=world.partner, by=by,
        expires_at=cases.NOW + timedelta(days=1),
    )  # fmt: skip
    editor, partner = client_as(world.users["lead_editor"]), client_as(world.users["partner_editor"])
    page = f"/applications/{application.public_id}/members/"
    with clock.at(LATER):
        assert "期限切れ" in text(editor, page)
        address, form = _post(town)
        text(partner, address, 404, **form)
        assert [editor.post(address, form).status_code for _ in range(2)] == [302, 302]
        shown = text(editor, page)
        assert "清瀬市には、すでに送り直しました" in shown
        assert "期限切れ" not in shown
        first, second = _links(application)
        text(partner, first, 404)
        assert partner.post(second).status_code == 302
        text(partner, second, 404)
    town.refresh_from_db()
    assert town.invitation_expires_at == world.call.closes_at
    assert ApplicationEvent.objects.filter(action="renew_invitation", comment="清瀬市").count() == 1
    with pytest.raises(Conflict, match="すでに開かれています"):
        membership.renew_invitation(
            application_id=application.pk, member_id=town.pk, sent=town.invited_at, by=by
        )


def test_an_invitation_by_mail_stays_with_its_address_and_can_be_taken_back(
    world: World, client_as: ClientAs
) -> None:
    application, by = cases.start(world), world["lead_editor"]
    named = {"application_id": application.pk, "actor_kind": "chamber", "by": by}
    chamber = membership.invite(name="東久留米市商工会", email="info@chamber.example", **named)
    silent = membership.invite(name="川の会", **named)
    editor = client_as(world.users["lead_editor"])
    address, form = _post(chamber)
    assert editor.post(address, {**form, "email": "other@chamber.example"}).status_code == 302
    mailboxes = Notice.objects.filter(kind="grants.invite").values_list(
        "addressees__audiences__mailbox", flat=True
    )
    assert list(mailboxes) == ["info@chamber.example"] * 2
    with pytest.raises(DomainError, match="連絡先のメールアドレス"):
        membership.renew_invitation(
            application_id=application.pk, member_id=silent.pk, sent=silent.invited_at, by=by
        )
    with pytest.raises(Refused):
        membership.renew_invitation(
            application_id=application.pk, member_id=cases.lead_of(application).pk, sent=None, by=by
        )
    page = f"/applications/{application.public_id}/members/"
    assert text(editor, page).count("招待を取り消す") == 1  # nobody was written to about the other
    first, second = _links(application)
    assert [Client().get(link).status_code for link in (first, second)] == [302, 200]
    assert editor.post(f"{page}{chamber.public_id}/remove/", {"reason": ""}).status_code == 302
    assert Client().get(second).status_code == 302


def test_an_invitation_during_a_correction_lives_as_long_as_the_correction(world: World) -> None:
    """The call has closed by then."""
    application = cases.returned(world, sections=("members",))
    with clock.at(cases.CLOSES + timedelta(days=1)):
        late = membership.invite(
            application_id=application.pk, name="川の会", actor_kind="npo", email="kawa@npo.example",
            by=world["lead_editor"],
        )  # fmt: skip
        assert late.invitation_open(clock.now())
    assert late.invitation_expires_at == application.returns.get().due_at
