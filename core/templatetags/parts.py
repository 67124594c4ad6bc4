"""Small parts of pages: states, levels, notes, breadcrumbs, facts, steps, page links.

Every text is escaped; a body between tags has been escaped by the template that wrote it.
Part of `{% load ui %}`. Source: the catalogue of components at templates/pages/kit.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import template
from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import icons
from core.templatetags.formats import known

register = template.Library()

TONE_ICONS: Final[dict[str, str]] = {
    "good": "dot",
    "warn": "triangle",
    "bad": "diamond",
    "info": "half",
    "neutral": "ring",
}
NOTE_ICONS: Final[dict[str, str]] = TONE_ICONS | {"good": "check", "info": "info", "neutral": "bar"}
LEVEL_WORDS: Final[dict[str, str]] = {
    "national": "国",
    "ministry": "国",
    "metropolitan": "都",
    "municipal": "市町村",
    "municipality": "市町村",
}
_EMPTY: Final = format_html("{}", "")


def _tone(tone: str) -> str:
    if tone not in TONE_ICONS:
        raise ValueError(f"unknown tone {tone!r}; one of {', '.join(TONE_ICONS)}")
    return tone


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "check" %}`: a drawing beside a word; hidden from assistive technology."""
    return icons.icon(name)


@register.simple_tag
def badge(word: object, tone: str = "neutral", icon: str = "") -> SafeString:
    """`{% badge "受付中" "good" %}`: a state as word, shape and colour. Tones: good warn bad info neutral.

    `icon` replaces the tone's usual shape. ValueError names an unknown tone.
    """
    shape = icons.icon(icon or TONE_ICONS[_tone(tone)])
    return format_html('<span class="badge badge--{}">{}{}</span>', tone, shape, word)


@register.simple_tag
def level(value: object, label: str = "") -> SafeString:
    """`{% level program.level %}`: who runs a program: 国, 都 or 市町村 (or `label`, for example 市)."""
    code = str(value)
    word = label or LEVEL_WORDS.get(code) or code
    return format_html('<span class="level">{}</span>', word)


@register.simple_tag
def tag(word: object) -> SafeString:
    """`{% tag "補助金" %}`: a kind or theme, without a judgement."""
    return format_html('<span class="tag">{}</span>', word)


@register.simple_tag
def fictional(invented: object = True) -> SafeString:
    """`{% fictional %}` or `{% fictional call.is_fictional %}`: the mark of what was made up for the demo."""
    return format_html('<span class="fict">{}</span>', "【架空】") if invented else _EMPTY


@register.simple_tag
def phone(value: str) -> SafeString:
    """`{% phone "03-5388-2443" %}`: a telephone number one can call; words without digits stay words."""
    digits = "".join(char for char in str(value) if char.isdigit() and char.isascii())
    if len(digits) < 9:  # noqa: PLR2004 - the shortest Japanese number that can be dialled
        return format_html('<span class="num">{}</span>', value)
    return format_html('<a class="num" href="tel:{}">{}</a>', digits, value)


@register.simple_tag
def external_link(url: str, words: object = "") -> SafeString:
    """`{% external_link url "公式ページ" %}`: a link that says it leaves the portal; only http and https."""
    if not str(url).startswith(("http://", "https://")):
        return format_html("{}", words or url)
    return format_html(
        '<a class="external" href="{}" rel="external noreferrer">{}{}<span class="sr">（外部サイト）</span></a>',
        url,
        words or url,
        icons.icon("external"),
    )


@register.simple_tag
def crumbs(*steps: str) -> SafeString:
    """`{% crumbs "支援制度をさがす" list_url "制度の名前" %}`: label and address in turn, the page itself last.

    はじめ is put in front by itself. ValueError when the page's own label is missing.
    """
    if len(steps) % 2 == 0:
        raise ValueError("crumbs needs label, address, …, and the label of the page itself")
    pairs = list(zip(steps[:-1:2], steps[1:-1:2], strict=True))
    try:
        pairs.insert(0, ("はじめ", reverse("home")))
    except NoReverseMatch:
        pairs.insert(0, ("はじめ", "/"))
    links = format_html_join("", '<li><a href="{}">{}</a></li>', ((url, label) for label, url in pairs))
    return format_html(
        '<nav class="crumbs wrap" aria-label="現在位置"><ol>{}<li aria-current="page">{}</li></ol></nav>',
        links,
        steps[-1],
    )


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "", role: str = "") -> SafeString:
    """`{% notice "warn" "まだ提出していません" %}…{% endnotice %}`: a box with a coloured edge, a shape and a title.

    `role="status"` or `role="alert"` when it appears in answer to an act.
    """
    head = format_html('<p class="t">{}{}</p>', icons.icon(NOTE_ICONS[_tone(tone)]), title) if title else ""
    spoken = format_html(' role="{}"', role) if role else ""
    return format_html(
        '<div class="note note--{}"{}>{}<div class="note-body">{}</div></div>', tone, spoken, head, content
    )


@register.simple_block_tag
def empty_state(content: str, title: str) -> SafeString:
    """`{% empty_state "合う制度はありません" %}what to do next{% endempty_state %}`: nothing found, and the cure."""
    return format_html('<div class="empty"><p class="t">{}</p>{}</div>', title, content)


@register.simple_block_tag
def table_scroll(content: str, label: str) -> SafeString:
    """`{% table_scroll "経費の内訳" %}<table>…{% endtable_scroll %}`: a wide table in its own named, focusable frame."""
    return format_html(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0">{}</div>', label, content
    )


@register.simple_tag
def table_caption(title: object, unit: object = "", note: object = "") -> SafeString:
    """`{% table_caption "予算" unit="千円" %}`: the caption of a table; the unit stands here, not in the cells."""
    unit_part = format_html('<span class="unit">単位：{}</span>', unit) if unit else ""
    note_part = format_html('<span class="unit">{}</span>', note) if note else ""
    return format_html("<caption>{}{}{}</caption>", title, unit_part, note_part)


@register.simple_tag
def facts(rows: Iterable[tuple[object, object]], missing: str = "記載なし") -> SafeString:
    """`{% facts rows %}`: term and value in turn; a value that the source does not give says so."""
    items = format_html_join(
        "", "<div><dt>{}</dt><dd>{}</dd></div>", ((term, known(value, missing)) for term, value in rows)
    )
    return format_html('<dl class="facts">{}</dl>', items) if items else _EMPTY


def _step(position: int, step: Mapping[str, Any]) -> SafeString:
    state = step.get("state", "todo")
    if state not in {"done", "now", "todo"}:
        raise ValueError(f"unknown state {state!r} of a step; done, now or todo")
    sign = icons.icon("check") if state == "done" else position
    current = format_html(' aria-current="{}"', "step") if state == "now" else ""
    words = {"done": "済み：", "now": "いま：", "todo": "これから："}[state]
    detail = format_html('<span class="d">{}</span>', step["detail"]) if step.get("detail") else ""
    return format_html(
        '<li class="{}"{}><span class="n" aria-hidden="true">{}</span>'
        '<span class="t"><span class="sr">{}</span>{}</span>{}</li>',
        state,
        current,
        sign,
        words,
        step["label"],
        detail,
    )


@register.simple_tag
def stepper(steps: Iterable[Mapping[str, Any]], horizontal: bool = True) -> SafeString:
    """`{% stepper steps %}`: the stages of a case. A step is {"label", "detail", "state": done | now | todo}."""
    items = format_html_join("", "{}", ((_step(n, step),) for n, step in enumerate(steps, 1)))
    return format_html('<ol class="steps{}">{}</ol>', " steps--h" if horizontal else "", items)


def _page_item(context: Context, number: int | str, current: int, parameter: str) -> SafeString:
    if not isinstance(number, int):
        return format_html('<li><span class="gap" aria-hidden="true">{}</span></li>', "…")
    mark = format_html(' aria-current="{}"', "page") if number == current else ""
    return format_html(
        '<li><a href="{}"{}><span class="sr">ページ </span>{}</a></li>',
        _address(context, number, parameter),
        mark,
        number,
    )


def _address(context: Context, number: int, parameter: str) -> str:
    values = _values(context)
    values[parameter] = str(number)
    return f"?{values.urlencode()}"


def _values(context: Context) -> QueryDict:
    """A copy of the present query that may be changed."""
    request: HttpRequest = context["request"]
    return request.GET.copy()


@register.simple_tag(takes_context=True)
def pager(context: Context, page_obj: Page[Any], parameter: str = "page") -> SafeString:
    """`{% pager page_obj %}`: links to the other pages; every other part of the query stays. Empty for one page."""
    paginator = page_obj.paginator
    if paginator.num_pages <= 1:
        return _EMPTY
    size = paginator.per_page
    before = after = _EMPTY
    if page_obj.has_previous():
        url = _address(context, page_obj.previous_page_number(), parameter)
        before = format_html('<li><a href="{}" rel="prev">前の{}件</a></li>', url, size)
    if page_obj.has_next():
        url = _address(context, page_obj.next_page_number(), parameter)
        left = min(size, paginator.count - page_obj.end_index())
        after = format_html('<li><a href="{}" rel="next">次の{}件</a></li>', url, left)
    shown = [
        number if isinstance(number, int) else "…"
        for number in paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    ]
    numbers = format_html_join(
        "", "{}", ((_page_item(context, n, page_obj.number, parameter),) for n in shown)
    )
    return format_html(
        '<nav aria-label="ページ送り"><ul class="pager">{}{}{}</ul></nav>', before, numbers, after
    )


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """`{% query theme="移住" page=None %}`: the present query with changes; None removes a parameter."""
    values = _values(context)
    for name, value in changes.items():
        if value is None or value == "":
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}"


@register.simple_tag(takes_context=True)
def without(context: Context, name: str, value: object = None) -> str:
    """`{% without "theme" "移住" %}`: the present query without that filter (only that value, or all of them)."""
    values = _values(context)
    values.pop("page", None)
    kept = [item for item in values.getlist(name) if value is not None and item != str(value)]
    values.pop(name, None)
    if kept:
        values.setlist(name, kept)
    return f"?{values.urlencode()}"
