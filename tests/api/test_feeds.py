"""The Atom feeds of calls and of adopted projects, the map of the site, and what robots are told."""

from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client, override_settings

from core import clock as core_clock
from core.actor import ANONYMOUS
from programs.models import AdoptedProject, Call
from tama_portal.open_data.linked import address
from tests.factories import programs as make

BASE = "/open-data/"
pytestmark = pytest.mark.django_db


def parsed(xml: bytes) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314 - our own answer


_ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_of_calls(client: Client, demo: None) -> None:
    feed = parsed(client.get(BASE + "calls.atom").content)
    assert [feed.find(f"{_ATOM}{name}") is not None for name in ("id", "title", "updated", "author")] == [
        True
    ] * 4
    entries = feed.findall(f"{_ATOM}entry")
    assert len(entries) == Call.objects.published(core_clock.now()).count() > 0
    for entry in entries:
        for name in ("id", "title", "updated", "summary"):
            assert entry.findtext(f"{_ATOM}{name}"), name
        assert "【架空】" in (entry.findtext(f"{_ATOM}title") or "")
    assert len({entry.findtext(f"{_ATOM}id") for entry in entries}) == len(entries)


def test_the_feed_of_adopted_projects(client: Client, demo: None) -> None:
    feed = parsed(client.get(BASE + "projects.atom").content)
    told = {entry.findtext(f"{_ATOM}id"): entry for entry in feed.findall(f"{_ATOM}entry")}
    shown = AdoptedProject.objects.visible_to(ANONYMOUS, core_clock.now())
    assert told.keys() == {address("projects:detail", slug) for slug in shown.values_list("slug", flat=True)}
    announced = shown.exclude(announced_at=None).latest("announced_at")
    assert announced.is_fictional
    entry = told[address("projects:detail", announced.slug)]
    assert entry.findtext(f"{_ATOM}title") == f"【架空】{announced.title.removeprefix('【架空】')}"
    assert announced.announced_at is not None
    instant = core_clock.local(announced.announced_at).isoformat(timespec="seconds")
    assert entry.findtext(f"{_ATOM}updated") == feed.findtext(f"{_ATOM}updated") == instant


def test_a_feed_without_calls_and_with_odd_signs_is_xml(client: Client) -> None:
    parsed(client.get(BASE + "calls.atom").content)
    make.call_open(make.published(title="A&B <制度>"), outline="改行\nと\x0b制御文字")
    feed = parsed(client.get(BASE + "calls.atom").content)
    assert "A&B <制度>" in (feed.findtext(f"{_ATOM}entry/{_ATOM}title") or "")


def test_every_page_of_the_sitemap_answers(client: Client, demo: None) -> None:
    response = client.get("/sitemap.xml")
    site = parsed(b"".join(response.streaming_content))
    found = [str(where.text) for where in site.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(found) == len(set(found)) > 250
    for where in [*found[:20], *found[::25]]:
        assert client.get(where.removeprefix(settings.PORTAL_ORIGIN)).status_code == 200, where


def test_robots_are_told_of_the_sitemap_but_not_in_a_demo(client: Client) -> None:
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()
    with override_settings(DEMO=True):
        assert "Sitemap" not in client.get("/robots.txt").content.decode()
