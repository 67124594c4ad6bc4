"""The page of the open data, its files, feeds and the dump. Everything is what everybody sees, whoever asks."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core.access import access, arrival_of
from core.actor import ANONYMOUS
from core.conditional import REVALIDATE, conditional, encoded
from core.throttle import put_off, seconds_to_wait
from programs.models import Program
from tama_portal.open_data import dump, feeds, linked
from tama_portal.open_data.datasets import (
    ATTRIBUTION,
    CP932,
    DATASETS,
    LICENCE_NAME,
    LICENCE_URL,
    REPLACED,
    DataFile,
    Dataset,
    file_by_name,
    files_of,
)
from tama_portal.open_data.tables import Written, bytes_file


@dataclass(frozen=True)
class Offer:
    """A file on the page; `size` in bytes as the last dump had it, None before there is one."""

    file: DataFile
    size: int | None
    replaced: int


@dataclass(frozen=True)
class Shelf:
    """A data set on the page."""

    dataset: Dataset
    offers: list[Offer]


@access(public=True)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every data set with its files, the dumps, the interfaces for machines, and the conditions of use."""
    lying = dump.dumps()
    newest = lying[0] if lying else None
    shelves = [Shelf(dataset, [_offer(file, newest) for file in files_of(dataset)]) for dataset in DATASETS]
    context = {
        "shelves": shelves,
        "dumps": lying,
        "newest": newest,
        "licence": LICENCE_NAME,
        "licence_url": LICENCE_URL,
        "attribution": ATTRIBUTION,
        "manifest": dump.MANIFEST,
        "hashes": dump.HASHES,
        "origin": settings.PORTAL_ORIGIN.rstrip("/"),
    }
    return render(request, "open_data/index.html", context)


def _offer(file: DataFile, newest: dump.Dump | None) -> Offer:
    row = newest.files.get(file.name, {}) if newest else {}
    replaced = int(row.get("replacedCharacters", 0)) if file.form is CP932 else 0
    return Offer(file, row.get("bytes"), replaced)


Download = Callable[..., HttpResponseBase]


def measured(view: Download) -> Download:
    """Put off whoever asks for more files a minute than anybody reads."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wait = seconds_to_wait(request, "open-data", a_minute=settings.OPEN_REQUESTS_A_MINUTE)
        return put_off(request, wait) if wait else view(request, *args, **kwargs)

    return answer


@access(public=True)
@require_safe
@measured
def data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file of a data set, made for this request; 304 when it has not changed."""
    file = file_by_name(name)
    if file is None:
        raise Http404
    written = file.write(arrival_of(request))
    response = _sent(request, written, file.form.media_type, file.name)
    if file.form is CP932:
        response["X-Replaced-Characters"] = str(written.replaced)
        if written.replaced:
            listed = DataFile(file.dataset, REPLACED).name
            response["Link"] = f'<{linked.address("open-data-file", listed)}>; rel="describedby"'
    return response


def _sent(request: HttpRequest, written: Written, media_type: str, name: str) -> HttpResponseBase:
    """The file as a stream, or 304."""
    etag = f'"{written.digest[:32]}"'
    known = get_conditional_response(request, etag=etag, response=_headed(HttpResponse(), etag))
    if known is not None and known.status_code != HTTPStatus.OK:
        written.stream.close()
        return known
    response = _headed(FileResponse(written.stream, content_type=media_type), etag)
    response["Content-Length"] = str(written.size)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)


def _headed(response: ResponseT, etag: str) -> ResponseT:
    response["Cache-Control"] = REVALIDATE
    if etag:
        response["ETag"] = etag
    return response


@access(public=True)
@require_safe
@measured
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """The DCAT catalogue."""
    newest = next(iter(dump.dumps()), None)
    sizes, day = (newest.sizes, newest.day.isoformat()) if newest else ({}, "")
    return conditional(request, encoded(linked.catalogue(sizes, day)), linked.MEDIA_TYPE)


@access(public=True)
@require_safe
@measured
def calls_atom(request: HttpRequest) -> HttpResponseBase:
    """The feed of calls."""
    return conditional(request, feeds.calls_feed(arrival_of(request)), feeds.ATOM)


@access(public=True)
@require_safe
@measured
def projects_atom(request: HttpRequest) -> HttpResponseBase:
    """The feed of adopted projects."""
    return conditional(request, feeds.projects_feed(arrival_of(request)), feeds.ATOM)


@access(public=True)
@require_safe
@measured
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """The map of the site (robots.txt names it; a demo's keeps everybody out)."""
    written = bytes_file(feeds.sitemap(arrival_of(request)))
    response = _sent(request, written, feeds.XML, "sitemap.xml")
    response["Content-Disposition"] = 'inline; filename="sitemap.xml"'
    return response


@access(public=True)
@require_safe
@measured
def program_jsonld(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One program as linked data."""
    at: datetime = arrival_of(request)
    rows = Program.objects.visible_to(ANONYMOUS, at).select_related("owner").prefetch_related("tags")
    program = rows.filter(slug=slug).first()
    if program is None:
        raise Http404
    return conditional(request, encoded(linked.government_service(program)), linked.MEDIA_TYPE)


@access(public=True)
@require_safe
@measured
def dump_file(request: HttpRequest, day: str, name: str) -> HttpResponseBase:
    """A file of a nightly dump, as it was written; 304 for who has it."""
    found = dump.file_of(day, name)
    if found is None:
        raise Http404
    path, digest = found
    etag = f'"{digest[:32]}"' if digest else ""
    known = (
        get_conditional_response(request, etag=etag, response=_headed(HttpResponse(), etag)) if etag else None
    )
    if known is not None and known.status_code != HTTPStatus.OK:
        return known
    file = file_by_name(name)
    kind = file.form.media_type if file else _PAPERS[name]
    response = _headed(FileResponse(path.open("rb"), content_type=kind), etag)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


_PAPERS = {dump.MANIFEST: "application/json", dump.HASHES: "text/plain; charset=utf-8"}
