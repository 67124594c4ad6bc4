"""The link a body without an account gets by mail."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from core.exceptions import DomainError
from grants.actions import drafting, membership
from grants.models import ApplicationEvent
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
