"""Fields with their label, help and error, and the summary of errors."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms

from core.forms import PlainMessages
from tests.core.ui.rendering import render


class Applicant(PlainMessages, forms.Form):
    """A field of every kind."""

    title = forms.CharField(label="題", help_text="<40字まで>")
    note = forms.CharField(label="補足", required=False, widget=forms.Textarea(attrs={"class": "tall"}))
    area = forms.ChoiceField(label="地域", choices=[("a", "多摩"), ("b", "島しょ")], widget=forms.RadioSelect)
    themes = forms.MultipleChoiceField(
        label="分野", choices=[("m", "移住")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="同意します")
    paper = forms.FileField(label="書類")
    secret = forms.CharField(label="印", widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A fault of the whole form."""
        raise forms.ValidationError("合計が<一致>しません。")


class Search(forms.Form):
    """Nothing is required."""

    words = forms.CharField(label="ことば", required=False)


class Ids(HTMLParser):
    """Collects ids, and what refers to ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in {"for", "aria-describedby", "aria-labelledby"}:
                self.references += (value or "").split()
            elif name == "href" and (value or "").startswith("#"):
                self.references.append((value or "")[1:])


@pytest.fixture
def rejected() -> Applicant:
    return Applicant(data={"title": "", "note": "打った<文>"})


def test_every_reference_meets_an_id(rejected: Applicant) -> None:
    found = Ids(render("{% error_summary form %}{{ form }}", form=rejected))
    assert set(found.references) <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


def test_label_help_error_and_control_belong_together(rejected: Applicant) -> None:
    html = render("{% field form.title %}", form=rejected)
    assert '<label for="id_title">題<span class="req">必須</span></label>' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_error"' in html
    assert "入力してください。" in html
    assert "&lt;40字まで&gt;" in html
    assert 'class="in"' in html


def test_what_was_typed_stays(rejected: Applicant) -> None:
    html = render("{% field form.note %}", form=rejected)
    assert "打った&lt;文&gt;" in html
    assert 'class="in tall"' in html
    assert "任意" in html


def test_a_field_without_fault_is_not_marked() -> None:
    html = render("{% field form.title %}", form=Applicant())
    assert "aria-invalid" not in html
    assert "field--bad" not in html
    assert 'aria-describedby="id_title_helptext"' in html


def test_choices_form_a_group_with_a_legend(rejected: Applicant) -> None:
    html = render("{% field form.area %}", form=rejected)
    assert html.startswith("<fieldset")
    assert "<legend>地域" in html
    assert 'aria-describedby="id_area_error"' in html
    assert '<label class="choice" for="id_area_0">' in html
    assert "1つえらんでください。" in html


def test_a_box_stands_before_its_label(rejected: Applicant) -> None:
    html = render("{% field form.agreed %}", form=rejected)
    assert html.index('type="checkbox"') < html.index("同意します")
    assert "確かめて、印を付けてください。" in html
    assert 'class="in"' not in html


def test_hidden_fields_have_no_label(rejected: Applicant) -> None:
    assert "<label" not in render("{% field form.secret %}", form=rejected)


def test_summary_names_field_and_fault_and_leads_there(rejected: Applicant) -> None:
    html = render("{% error_summary form %}", form=rejected)
    assert "（7か所）" in html
    assert '<a href="#id_title">題：入力してください。</a>' in html
    assert '<a href="#id_area_0">地域：1つえらんでください。</a>' in html
    assert '<a href="#id_themes_0">分野：1つ以上えらんでください。</a>' in html
    assert '<a href="#id_paper">書類：ファイルをえらんでください。</a>' in html
    assert "<li>合計が&lt;一致&gt;しません。</li>" in html
    assert "<li>印：入力してください。</li>" in html


def test_summary_takes_focus_with_and_without_a_script(rejected: Applicant) -> None:
    html = render("{% error_summary form %}", form=rejected)
    assert 'tabindex="-1" autofocus data-error-summary' in html
    assert 'role="alert"' in html
    assert "autofocus" not in render("{% error_summary form focus=False %}", form=rejected)


def test_no_summary_without_a_fault() -> None:
    assert render("{% error_summary form %}", form=Applicant()) == ""
    assert render("{% error_summary form missing %}", form=Search(data={})) == ""


def test_summary_of_a_formset() -> None:
    many = forms.formset_factory(Search, extra=1, min_num=1, validate_min=True)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-words": ""}
    html = render("{% error_summary rows %}", rows=many(data=data))
    assert "<li>" in html


def test_a_search_form_does_not_say_optional_everywhere() -> None:
    assert "任意" not in render("{{ form }}", form=Search())


def test_own_words_of_a_field_stay() -> None:
    class Own(PlainMessages, forms.Form):
        title = forms.CharField(error_messages={"required": "題がありません。"})

    assert Own(data={}).errors["title"] == ["題がありません。"]
