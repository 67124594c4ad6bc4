"""The form of a transfer: the day, every post of the unit, newcomers, and what becomes of the unit."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from accounts.actions.transfer import MOST_COMING, NEW_UNITS, Newcomer, Transfer
from accounts.enums import Role, UnitChange
from accounts.models import Department, Membership
from accounts.queries import standing_or_to_come
from accounts.rules import DATED_ROLES, assignable_roles
from core import clock
from core.fiscal_year import fiscal_year_of, fiscal_year_start
from core.form_fields import DomainForm, JapaneseDateField
from core.wareki import wareki

STAYS, SECOND, LEAVES = "stay", "second", "leave"
_STAY_OR_LEAVE: Final = ((STAYS, "残る"), (SECOND, "残る（分けたあとの2つ目へ）"), (LEAVES, "異動する"))


def _into(unit: Department) -> str:
    begins = unit.valid_from
    return f"{unit.name}（{wareki(begins)}から）" if begins > clock.today() else unit.name


def next_april(today: date) -> date:
    """The first day of the next fiscal year."""
    return fiscal_year_start(fiscal_year_of(today) + 1)


class TransferForm(DomainForm):
    """`on`, `change`, `names`, `into`, `comment`; `post_<number>` for each post; `new_<row>_…` for newcomers."""

    on = JapaneseDateField(label="異動の日（新しい体制の最初の日）")
    change = forms.ChoiceField(
        label="部署そのもの", choices=UnitChange.choices, initial=UnitChange.NONE, widget=forms.RadioSelect
    )
    names = forms.CharField(
        label="新しい部署の名前", required=False, max_length=250, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="名前を変えるときは1行、2つに分けるときは2行で入れます。例：企画部 政策推進課",
    )  # fmt: skip
    into = forms.TypedChoiceField(
        label="統合する先",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="統合するときにえらびます。",
    )
    comment = forms.CharField(
        label="理由・連絡事項", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="記録に残ります。異動の日が今日以前のときは、必ず書きます。",
    )  # fmt: skip

    def __init__(self, *args: Any, unit: Department, posts: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.posts = unit, posts
        self.fields["on"].initial = f"{next_april(clock.today()):%Y/%m/%d}"
        self.others = {row.pk: row for row in standing_or_to_come(unit, clock.today()) if row.pk != unit.pk}
        into: Any = self.fields["into"]
        into.choices = [("", "えらんでください"), *((pk, _into(row)) for pk, row in self.others.items())]
        for post in posts:
            self.fields[f"post_{post.pk}"] = forms.ChoiceField(
                label=f"{post.user.name}（{post.get_role_display()}）", choices=_STAY_OR_LEAVE, initial=STAYS,
                required=False, widget=forms.Select(attrs={"class": "in--mid"}),
            )  # fmt: skip
        for row in range(MOST_COMING):
            self._add_newcomer(row)

    def _add_newcomer(self, row: int) -> None:
        roles = [each for each in assignable_roles(self.unit.organization.kind) if each not in DATED_ROLES]
        who = f"来る人{row + 1}"
        self.fields[f"new_{row}_email"] = forms.EmailField(
            label=f"{who}の業務メールアドレス",
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "email"}),
        )
        self.fields[f"new_{row}_name"] = forms.CharField(label=f"{who}の氏名", required=False, max_length=60)
        self.fields[f"new_{row}_role"] = forms.ChoiceField(
            label=f"{who}の役割", required=False, choices=[(each.value, each.label) for each in roles]
        )
        self.fields[f"new_{row}_second"] = forms.BooleanField(label=f"{who}は2つ目の部署へ", required=False)

    @property
    def post_fields(self) -> list[tuple[Membership, forms.BoundField]]:
        """Each post with its choice."""
        return [(post, self[f"post_{post.pk}"]) for post in self.posts]

    @property
    def newcomer_fields(self) -> list[dict[str, forms.BoundField]]:
        """The rows of newcomers, each by column."""
        columns = ("email", "name", "role", "second")
        return [{name: self[f"new_{row}_{name}"] for name in columns} for row in range(MOST_COMING)]

    def clean(self) -> dict[str, Any]:
        """A newcomer has both an address and a name."""
        data: dict[str, Any] = super().clean() or {}
        for row in range(MOST_COMING):
            email, name = data.get(f"new_{row}_email", ""), data.get(f"new_{row}_name", "")
            if email and not name:
                self.add_error(f"new_{row}_name", ValidationError("氏名を入力してください。"))
            if name and not email and f"new_{row}_email" not in self.errors:
                self.add_error(f"new_{row}_email", ValidationError("業務メールアドレスを入力してください。"))
        return data

    def transfer(self) -> Transfer:
        """What a valid form asks for."""
        data = self.cleaned_data
        change = UnitChange(data["change"])
        lines = tuple(" ".join(line.split()) for line in data["names"].splitlines() if line.strip())
        chosen = {post.pk: data.get(f"post_{post.pk}") or STAYS for post in self.posts}
        split = change is UnitChange.SPLIT
        return Transfer(
            unit=self.unit, on=data["on"], change=change, names=lines if change in NEW_UNITS else (),
            into=self.others.get(data["into"]) if change is UnitChange.MERGE else None,
            leaving=frozenset(pk for pk, choice in chosen.items() if choice == LEAVES),
            second=frozenset(pk for pk, choice in chosen.items() if choice == SECOND and split),
            coming=tuple(self._newcomer(row, split=split) for row in self._filled()),
            comment=data["comment"], posts=tuple(post.pk for post in self.posts),
        )  # fmt: skip

    def _filled(self) -> list[int]:
        return [row for row in range(MOST_COMING) if self.cleaned_data.get(f"new_{row}_email")]

    def _newcomer(self, row: int, *, split: bool) -> Newcomer:
        data = self.cleaned_data
        return Newcomer(
            email=data[f"new_{row}_email"].strip().lower(),
            name=data[f"new_{row}_name"].strip(),
            role=Role(data[f"new_{row}_role"]).value,
            second=split and data[f"new_{row}_second"],
        )


class HelpForm(DomainForm):
    """An administrator for a town that has none."""

    email = forms.EmailField(
        label="業務メールアドレス",
        help_text="招待のリンクの送り先です。町村の公式の連絡先で本人を確かめてから入れてください。",
    )
    name = forms.CharField(label="氏名", max_length=60, widget=forms.TextInput(attrs={"class": "in--mid"}))
    department = forms.TypedChoiceField(label="部署", required=False, coerce=int, empty_value=None)
    comment = forms.CharField(
        label="理由と、本人を確かめた方法", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="記録に残り、団体の共有メールにも、招待したことを知らせます。",
    )  # fmt: skip

    def __init__(self, *args: Any, units: Iterable[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.pk: unit for unit in units}
        department: Any = self.fields["department"]
        none = (
            "部署の登録なし（「利用者管理」を作ります）" if not self.units else "新しく「利用者管理」を作る"
        )
        department.choices = [("", none), *((pk, unit.name) for pk, unit in self.units.items())]

    def arguments(self) -> dict[str, Any]:
        """The arguments of `help_town` but town and actor."""
        data = self.cleaned_data
        return {**data, "department": self.units.get(data["department"])}
