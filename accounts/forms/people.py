"""Forms of the people pages: they parse what an administrator types into the arguments of the actions."""

from typing import Any

from django import forms

from accounts.enums import MembershipKind, Role
from accounts.models import Organization
from accounts.queries import departments_of
from accounts.rules import assignable_roles
from core import clock
from core.form_fields import DomainForm, JapaneseDateField


class PostForm(DomainForm):
    """Where somebody works, as what, from when to when."""

    department = forms.TypedChoiceField(label="部署", coerce=int)
    role = forms.ChoiceField(
        label="役割", help_text="1つの部署で役割を2つ持つときは、配属を2つ登録します。",
        widget=forms.Select(attrs={"class": "in--mid"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="配属の種類", choices=MembershipKind.choices, initial=MembershipKind.MAIN,
        widget=forms.Select(attrs={"class": "in--mid"}),
    )  # fmt: skip
    starts_on = JapaneseDateField(label="開始日")
    ends_on = JapaneseDateField(label="終了日（最後の日）", required=False)
    comment = forms.CharField(
        label="理由", required=False, max_length=500, help_text="開始日が過去のときに書きます。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.departments = {unit.pk: unit for unit in departments_of(organization.pk, today)}
        department: Any = self.fields["department"]
        department.choices = [(pk, unit.name) for pk, unit in self.departments.items()]
        role: Any = self.fields["role"]
        role.choices = [(each.value, each.label) for each in assignable_roles(organization.kind)]
        self.fields["starts_on"].initial = f"{today:%Y/%m/%d}"

    def post_values(self) -> dict[str, Any]:
        """The arguments of `add_post` but person and actor."""
        data = self.cleaned_data
        return {
            "department": self.departments[data["department"]],
            "role": Role(data["role"]),
            "kind": MembershipKind(data["kind"]),
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
            "comment": data["comment"],
        }


class InviteForm(PostForm):
    """A person who comes, with the first post."""

    email = forms.EmailField(
        label="業務メールアドレス",
        help_text="招待のリンクと確認コードの送り先です。共有の箱ではなく、本人のアドレスを入れてください。",
    )
    name = forms.CharField(label="氏名", max_length=60, widget=forms.TextInput(attrs={"class": "in--mid"}))
    kana = forms.CharField(
        label="読み", max_length=60, required=False, widget=forms.TextInput(attrs={"class": "in--mid"}),
        help_text="名簿の並び順に使います。",
    )  # fmt: skip
    field_order = ("email", "name", "kana", "department", "role", "kind", "starts_on", "ends_on", "comment")


class EndPostForm(DomainForm):
    """The last day of a post."""

    ends_on = JapaneseDateField(label="終了日（最後の日）")
    comment = forms.CharField(
        label="理由", required=False, max_length=500, help_text="終了日が過去のときに書きます。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ReasonForm(DomainForm):
    """The reason of an act that goes on record."""

    comment = forms.CharField(
        label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="記録に残ります。例：内線で本人と確認した",
    )  # fmt: skip


class DepartmentForm(DomainForm):
    """A unit of the body."""

    name = forms.CharField(label="部署の名前", max_length=120, help_text="例：企画部 企画政策課")
    phone = forms.CharField(
        label="電話", max_length=40, required=False, widget=forms.TextInput(attrs={"class": "in--mid"})
    )
    mailbox = forms.EmailField(
        label="共有メールアドレス", required=False, help_text="部署あての知らせの送り先です。"
    )
    is_liaison = forms.BooleanField(
        label="都からの照会を受けて庁内に配る、取りまとめ窓口である", required=False
    )
