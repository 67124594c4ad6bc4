"""Form parts: a field with its label, help and error, and the summary of errors on top.

The label, the help and the error belong to the field by `for` and `aria-describedby`; what a person typed is
kept by Django's bound forms. Part of `{% load ui %}`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField, CheckboxInput, FileInput
from django.forms.widgets import Input, Select, SelectMultiple, Textarea, Widget
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import icons

register = template.Library()

_EMPTY: Final = format_html("{}", "")


def _css_class(widget: Widget) -> str:
    own = str(widget.attrs.get("class", ""))
    plain = isinstance(widget, (Select, SelectMultiple, Textarea)) or (
        isinstance(widget, Input) and not isinstance(widget, CheckboxInput) and widget.input_type != "hidden"
    )
    return " ".join(part for part in ("in" if plain and not widget.use_fieldset else "", own) if part)


@register.simple_tag
def field_control(bound: BoundField) -> SafeString:
    """The bare control of a field with the portal's class; used by the field group."""
    css_class = _css_class(bound.field.widget)
    return bound.as_widget(attrs={"class": css_class} if css_class else None)


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """`{% field form.name %}`: label, 必須 mark, help, error and control of one field."""
    return bound.as_field_group()


@register.filter
def is_checkbox(bound: BoundField) -> bool:
    """Whether the label stands after the control."""
    return isinstance(bound.field.widget, CheckboxInput)


@register.filter
def is_choices(bound: BoundField) -> bool:
    """Whether the field is a group of radio buttons or boxes, each with its own label."""
    return bound.field.widget.use_fieldset and hasattr(bound.field.widget, "option_template_name")


@register.filter
def is_file(bound: BoundField) -> bool:
    """Whether the field takes a file; the form then needs enctype multipart/form-data."""
    return isinstance(bound.field.widget, FileInput)


@register.filter
def marks_optional(bound: BoundField) -> bool:
    """任意 is said only where other fields are required; a search form of optional fields stays quiet."""
    return not is_checkbox(bound) and any(other.required for other in bound.form.fields.values())


def _target(bound: BoundField) -> str:
    """The id of the control a person has to go to; of a group, its first choice."""
    widget = bound.field.widget
    if widget.use_fieldset:
        first = next(iter(bound.subwidgets), None)
        return (first.id_for_label if first else "") or bound.auto_id
    return bound.id_for_label or bound.auto_id


def _forms(sources: Iterable[BaseForm | BaseFormSet[BaseForm] | str | None]) -> Iterable[BaseForm]:
    for source in sources:
        if isinstance(source, BaseFormSet):
            yield from source.forms
        elif isinstance(source, BaseForm):
            yield source


def _problems(form: BaseForm) -> list[SafeString]:
    found = [format_html("<li>{}</li>", message) for message in form.non_field_errors()]
    for bound in form:
        for message in bound.errors:
            if bound.is_hidden:
                found.append(format_html("<li>{}：{}</li>", bound.label, message))
            else:
                found.append(
                    format_html('<li><a href="#{}">{}：{}</a></li>', _target(bound), bound.label, message)
                )
    return found


@register.simple_tag
def error_summary(*sources: BaseForm | BaseFormSet[BaseForm] | str | None, focus: bool = True) -> SafeString:
    """`{% error_summary form %}`: all errors above the form, each a link to its field; takes focus when shown.

    Takes forms and formsets; renders nothing for unbound or valid ones. Works without a script by
    `autofocus`; js/error-summary.js also follows fragments loaded later. `focus=False` leaves the focus
    where it is (a second summary on one page).
    """
    items: list[SafeString] = []
    for source in sources:
        if isinstance(source, BaseFormSet):
            items += [format_html("<li>{}</li>", message) for message in source.non_form_errors()]
    for form in _forms(sources):
        items += _problems(form)
    if not items:
        return _EMPTY
    return format_html(
        '<div class="note note--bad error-summary" role="alert" tabindex="-1"{}>'
        '<p class="t">{}入力を直してください（{}か所）</p><ul>{}</ul></div>',
        format_html(" {}", "autofocus data-error-summary") if focus else _EMPTY,
        icons.icon("diamond"),
        len(items),
        format_html_join("", "{}", ((item,) for item in items)),
    )
