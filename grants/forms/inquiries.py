"""Forms of questions about a call."""

from typing import Final

from django import forms

from core.form_fields import DomainForm, MomentField

MAX_TEXT: Final = 2_000


def _text(label: str, help_text: str, *, rows: int = 5, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=MAX_TEXT,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class AskForm(DomainForm):
    """A town's question."""

    text = _text(
        "質問", "1つの質問に1つのことを書きます。回答は、だれの質問か分からない形で全団体に届きます。"
    )
    wants_private = forms.BooleanField(
        label="この団体の申請だけに関わる質問です", required=False,
        help_text="印を付けると個別の回答を望むことが伝わります。公開するかどうかは都の担当が決めます。",
    )  # fmt: skip


class AnswerForm(DomainForm):
    """The office's answer, with the question in its own words."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    question = _text(
        "質問（公開する言い方）", "都の言葉で書き直します。団体名・人名・事業名は書けません。", rows=3
    )
    text = _text("回答", "申請のある全団体と募集のページに、同時に出ます。")
    public = forms.TypedChoiceField(
        label="だれに回答するか", widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", "全団体に公開する"), ("no", "質問した団体だけに回答する（一つの申請だけに関わるとき）")],
    )  # fmt: skip
    reason = _text("訂正の理由", "前の回答は残り、理由と一緒に知らせ直します。", rows=2)


class QuestionDeskForm(DomainForm):
    """By when towns may ask."""

    due_at = MomentField(label="質問の期限", help_text="締切以前にします。")
