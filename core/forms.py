"""How forms are drawn and what they say: the portal's field group, Django's own widgets, plain messages."""

from typing import Any

from django.forms import BooleanField, CheckboxInput, Field, FileField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import ChoiceWidget
from django.template import loader


class PortalRenderer(DjangoTemplates):
    """FORM_RENDERER. Names under `components/` come from the project, all others from Django itself."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def get_template(self, template_name: str) -> Any:
        """The template of that name; TemplateDoesNotExist when neither place has it."""
        if template_name.startswith("components/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)


def required_message(field: Field) -> str:
    """What to do about an empty field, in the words of its kind."""
    if isinstance(field, FileField):
        return "ファイルをえらんでください。"
    if isinstance(field, BooleanField) or isinstance(field.widget, CheckboxInput):
        return "確かめて、印を付けてください。"
    if isinstance(field.widget, ChoiceWidget):
        return (
            "1つ以上えらんでください。" if field.widget.allow_multiple_selected else "1つえらんでください。"
        )
    return "入力してください。"


class PlainMessages:
    """Mixin before `forms.Form`: an empty required field says what to do, unless the field has own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in getattr(self, "fields", {}).values():
            if field.error_messages.get("required") == Field.default_error_messages["required"]:
                field.error_messages["required"] = required_message(field)
