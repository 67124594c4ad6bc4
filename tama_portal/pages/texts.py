"""Standing pages: help, privacy, accessibility, the catalogue of components, and what machines ask for."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import kit as catalogue
from core.access import access


@access(public=True)
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to use the portal, and whom to ask."""
    return render(request, "pages/help.html")


@access(public=True)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the portal stores of people, why and how long."""
    return render(request, "pages/privacy.html")


@access(public=True)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What is done for accessibility and what is known not to be."""
    return render(request, "pages/accessibility.html")


@access(public=True)
@require_safe
def kit(request: HttpRequest) -> HttpResponse:
    """Every component in every state; only in the demo and while developing."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "pages/kit.html", catalogue.context())


@access(public=True)
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address whatever the page says."""
    return redirect(static("favicon.svg"), permanent=True)


@access(public=True)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be read by search engines, personal ones are of no use to them; a demo is not to be found."""
    rules = (
        ["Disallow: /"] if settings.DEMO else ["Disallow: /account/", "Disallow: /desk/", "Disallow: /api/"]
    )
    where = request.build_absolute_uri(reverse("sitemap"))
    lines = ["User-agent: *", *rules, *([] if settings.DEMO else ["", f"Sitemap: {where}"]), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
