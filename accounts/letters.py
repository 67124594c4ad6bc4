"""Mails of the people pages. They hold a link and where it comes from, nothing about anybody's work."""

from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import Membership
from core.mail import Mail


def invitation_letter(post: Membership, url: str) -> Mail:
    """To somebody new: the link with which they set their first password."""
    return _letter("account/email/invitation", post, url)


def post_letter(post: Membership, url: str) -> Mail:
    """To somebody known: a post was added; nothing to do but sign in."""
    return _letter("account/email/new_post", post, url)


def _letter(prefix: str, post: Membership, url: str) -> Mail:
    context = {
        "post": post,
        "person": post.user,
        "organization": post.department.organization,
        "url": url,
        "days": settings.INVITATION_DAYS,
    }
    subject = " ".join(render_to_string(f"{prefix}_subject.txt", context).split())
    return Mail(
        subject=f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}",
        body=render_to_string(f"{prefix}_message.txt", context).strip() + "\n",
        to=[post.user.email],
    )
