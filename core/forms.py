"""How forms are drawn: the field group of the portal's components, Django's own widgets inside."""

from typing import Any

from django.forms.renderers import DjangoTemplates
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
