"""A page owns its fragments."""

import pytest
from django.test import Client, RequestFactory

from core.htmx import is_htmx

PAGE = "{% partialdef rows inline %}<li>{{ word }}</li>{% endpartialdef %}"


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "1"}, False),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_when_only_a_fragment_is_wanted(headers: dict[str, str], fragment: bool) -> None:
    assert is_htmx(RequestFactory().get("/", headers=headers)) is fragment


def test_the_same_view_gives_page_and_fragment(web: Client, settings) -> None:
    pages = {"page.html": "<!doctype html><ul>" + PAGE + "</ul>"}
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("template_partials.loader.Loader", [("django.template.loaders.locmem.Loader", pages)])
                ],
                "builtins": ["template_partials.templatetags.partials"],
            },
        }
    ]
    page, fragment = web.get("/fragments/"), web.get("/fragments/", headers={"HX-Request": "true"})
    assert page.content.decode() == "<!doctype html><ul><li>行</li></ul>"
    assert fragment.content.decode() == "<li>行</li>"
    assert "HX-Request" in page["Vary"]
    assert "HX-Request" in fragment["Vary"]
