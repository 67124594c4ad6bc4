"""Forms of supports and visits: wishes, the adviser, plans, records, voices, links."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Organization
from core.form_fields import DomainForm, JapaneseDateField, MomentField
from grants.actions.texts import MAX_TEXT
from grants.actions.visiting import VisitPlan
from grants.enums.supports import LinkKind, VoiceSide


def _long(label: str, *, required: bool = True, help_text: str = "", rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=MAX_TEXT, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class ThemesForm(DomainForm):
    """A form with the themes of the case's form; without any the field is left out."""

    def __init__(self, *args: Any, themes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if themes:
            self.fields["themes"] = forms.MultipleChoiceField(
                label="テーマ", required=False, choices=[(theme, theme) for theme in themes],
                widget=forms.CheckboxSelectMultiple, help_text="当てはまるものをすべて選びます。",
            )  # fmt: skip

    def chosen(self) -> list[str]:
        """The themes of a valid form."""
        return list(self.cleaned_data.get("themes", []))


class AskForm(ThemesForm):
    """支援申込."""

    wishes = _long(
        "支援してほしいこと", help_text="困っていることと、一緒に考えてほしいことを書きます。", rows=6
    )


class AssignForm(DomainForm):
    """Which body of advisers."""

    adviser = forms.ChoiceField(
        label="アドバイザーの団体",
        help_text="この支援だけが見えるようになります。申請の内容や採点は見えません。",
    )

    def __init__(self, *args: Any, bodies: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {str(body.pk): body for body in bodies}
        self.fields["adviser"].choices = [  # type: ignore[attr-defined]
            ("", "えらんでください"), *((key, body.name) for key, body in self.bodies.items())
        ]  # fmt: skip


class EndForm(DomainForm):
    """Why something ends or is called off."""

    reason = _long("理由", help_text="記録に残り、関係する人に見えます。例：荒天のため", rows=3)


class PlanForm(ThemesForm):
    """When, where and about what; `with_reason` where an earlier plan is changed."""

    planned_at = MomentField(label="日時")
    place = forms.CharField(label="場所", max_length=200)

    def __init__(self, *args: Any, with_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_reason:
            self.fields["reason"] = _long("変更の理由", help_text="記録に残ります。", rows=3)

    def plan(self) -> VisitPlan:
        """What was typed, of a valid form."""
        data = self.cleaned_data
        return VisitPlan(data["planned_at"], data["place"], self.chosen())


class HoldForm(DomainForm):
    """How many came."""

    participants = forms.IntegerField(
        label="参加した人数（人）", min_value=0,
        widget=forms.TextInput(attrs={"class": "in--short r", "inputmode": "numeric"}),
    )  # fmt: skip


class RecordForm(DomainForm):
    """What was done and what comes next."""

    done = _long("行ったこと", rows=6)
    next_step = _long("次に行うこと", required=False, rows=4)


class VoiceForm(DomainForm):
    """What somebody said."""

    side = forms.ChoiceField(label="誰の声か", choices=VoiceSide.choices, widget=forms.RadioSelect)
    speaker = forms.CharField(
        label="話した人の立場", max_length=80, help_text="名前は書きません。例：大学3年生、観光課の職員"
    )
    words = _long("声", rows=4)
    is_public = forms.BooleanField(label="採択事業のページで公開する", required=False)
    consented_on = JapaneseDateField(label="公開への同意を得た日", required=False)


class LinkForm(DomainForm):
    """An article or a post."""

    kind = forms.ChoiceField(label="種類", choices=LinkKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label="題", max_length=200)
    url = forms.CharField(
        label="アドレス", max_length=500, help_text="https:// で始まるもの。採択事業のページに載ります。"
    )


class ConfirmForm(DomainForm):
    """Nothing to type."""
