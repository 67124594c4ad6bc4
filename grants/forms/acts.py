"""Forms of single acts: inviting, letters of consent, precheck, certificate, reasons, submission."""

from typing import Any

from allauth.account import forms as account
from django import forms

from accounts.models import Organization
from core.form_fields import DomainForm, JapaneseDateField
from grants.enums import PAPER_EVIDENCE, ActorKind, ConsentEvidence, SnapshotKind

_TEXT = 500


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class InviteTownForm(DomainForm):
    """A municipality to join in."""

    organization = forms.ModelChoiceField(
        label="連携する市町村", queryset=Organization.objects.none(), empty_label="えらんでください",
        help_text="相手の団体の担当と承認者に、招待の通知が届きます。",
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = candidates  # type: ignore[attr-defined]


class InviteActorForm(DomainForm):
    """A company, university, NPO or other body: one registered here, or one named by hand."""

    actor_kind = forms.ChoiceField(label="主体の種類", choices=[("", "えらんでください"), *ActorKind.choices])
    organization = forms.ModelChoiceField(
        label="登録のある団体", queryset=Organization.objects.none(), required=False, empty_label="登録なし（名称を入力する）",
        help_text="ここにある団体は、自分でサインインして同意できます。ないときは名称を入力します。",
    )  # fmt: skip
    name = forms.CharField(
        label="名称", max_length=200, required=False, help_text="登録のない団体のときに入力します。"
    )
    corporate_number = forms.CharField(
        label="法人番号", max_length=13, required=False, help_text="13桁。分からないときは空のままにします。",
        widget=forms.TextInput(attrs={"class": "in--mid", "inputmode": "numeric"}),
    )  # fmt: skip
    is_group = forms.BooleanField(
        label="複数の団体をまとめて書く", required=False,
        help_text="「各市の商工会議所」のように書くとき。法人番号は付けません。",
    )  # fmt: skip
    email = forms.EmailField(
        label="連絡先のメールアドレス", required=False,
        help_text="登録のない団体には、案内のリンクがメールで届きます。提出される内容には含まれません。",
        widget=forms.EmailInput(attrs={"class": "in--mid"}),
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = candidates  # type: ignore[attr-defined]


class ReasonForm(DomainForm):
    """The reason of an act that goes on record."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="理由", max_length=_TEXT, widget=_area(3), help_text="記録に残り、関係する人に見えます。"
    )

    def __init__(self, *args: Any, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not optional


class ConsentForm(DomainForm):
    """A partner's consent in the portal, with its own decision where it wants to name it."""

    shown_hash = forms.CharField(widget=forms.HiddenInput, required=False)
    document_number = forms.CharField(
        label="自団体の庁内決裁の文書番号", max_length=60, required=False,
        help_text="代表市町村に示すときだけ入力します。例：8清企第45号", widget=forms.TextInput(attrs={"class": "in--mid"}),
    )  # fmt: skip
    document_date = JapaneseDateField(label="決裁日", required=False)


class LetterForm(DomainForm):
    """A partner's letter, filed by the lead."""

    shown_hash = forms.CharField(widget=forms.HiddenInput, required=False)
    evidence = forms.ChoiceField(
        label="文書の種類", widget=forms.RadioSelect,
        choices=[(kind.value, kind.label) for kind in ConsentEvidence if kind in PAPER_EVIDENCE],
    )  # fmt: skip
    document_number = forms.CharField(
        label="文書番号", max_length=60, help_text="番号がない文書は「番号なし」と入力します。",
        widget=forms.TextInput(attrs={"class": "in--mid"}),
    )  # fmt: skip
    document_date = JapaneseDateField(label="文書の日付")
    file = forms.FileField(label="文書のファイル", help_text="PDFなど、20MBまで。")


class PrecheckForm(DomainForm):
    """What to ask of the officer."""

    message = forms.CharField(
        label="都の担当への連絡", required=False, max_length=2_000, widget=_area(4),
        help_text="とくに見てほしい所があれば書きます。",
    )  # fmt: skip


class CertifyForm(DomainForm):
    """The town's own decision."""

    document_number = forms.CharField(
        label="文書番号", max_length=60, help_text="庁内の文書管理の番号。例：8産振第123号",
        widget=forms.TextInput(attrs={"class": "in--mid"}),
    )  # fmt: skip
    decided_on = JapaneseDateField(label="決裁日")
    signer_title = forms.CharField(
        label="決裁者の職名", max_length=60, help_text="例：市長、副市長、企画経営部長",
        widget=forms.TextInput(attrs={"class": "in--mid"}),
    )  # fmt: skip
    file = forms.FileField(
        label="決裁文書のPDF", required=False, help_text="添えるときだけ選びます。20MBまで。"
    )
    single_person_reason = forms.CharField(
        label="少人数特例の理由", required=False, max_length=300, widget=_area(2),
        help_text="同意の対象となる部分を自分で変更していて、ほかに承認者がいないときだけ書きます。記録に残ります。",
    )  # fmt: skip


class UploadForm(DomainForm):
    """A file for the case."""

    requirement = forms.ChoiceField(label="書類の種類", required=False)
    file = forms.FileField(
        label="ファイル", help_text="PDF、Word、Excel、PowerPoint、画像、CSV、テキスト。1ファイル20MBまで。"
    )

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirement"].choices = [  # type: ignore[attr-defined]
            ("", "その他の参考資料"),
            *((d["code"], f"{d['label']}{'（必須）' if d['required'] else ''}") for d in documents),
        ]


class SubmitForm(account.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password once more, with the key that makes a second click harmless."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=64)
    kind = forms.ChoiceField(widget=forms.HiddenInput, choices=SnapshotKind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        password.label = "パスワード"
        password.help_text = "提出するのが本人であることを確かめます。"
        password.error_messages["required"] = "入力してください。"
        password.widget.attrs = {"autocomplete": "current-password", "class": "in--mid"}


class VersionForm(DomainForm):
    """Going over to the version of the form whose changes the page listed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
