"""Forms of the coordinator's acts on indicators, and of a plan's scale."""

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms

from core.form_fields import VerbatimField
from indicators.actions.observing import Measured
from indicators.enums import ScaleFormula
from indicators.forms.rounds import PlainForm
from indicators.models import Indicator, Observation
from indicators.rules import period_text, value_of

_LONGEST: Final = 2000
_GRADE: Final = re.compile(r"\s*(?P<share>[^\s　:：、]+)[\s　:：、]+(?P<label>.+?)\s*")


def _year(label: str, *, required: bool = True, help_text: str = "") -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "in--short r"})
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=1900,
        max_value=2200,
        widget=widget,
        help_text=help_text,
    )


def _text(label: str, *, required: bool = False, rows: int = 3, help_text: str = "") -> VerbatimField:
    widget = forms.Textarea(attrs={"rows": rows})
    return VerbatimField(
        label=label, required=required, max_length=_LONGEST, widget=widget, help_text=help_text
    )


class FigureForm(PlainForm):
    """What is asked of any figure: a value, or why there is none."""

    value = forms.CharField(
        label="値", required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "in--mid r"}),
        help_text="0は0と書きます。空のままは「値がない」ことになり、0とは区別されます。流出などの負の値は −1,312 のように書きます。",
    )  # fmt: skip
    not_measurable_reason = _text(
        "測定できない理由", rows=2, help_text="測れなかったときだけ、値を空にして理由を書きます。"
    )
    missed_text = _text(
        "目標に届かなかった要因と今後の対応",
        help_text="目標の年の値が目標に届かないときは、必ず書きます。公開のページに出ます。",
    )

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = f"値（{indicator.unit}）"

    def clean_value(self) -> Any:
        """The exact value, None for blank."""
        try:
            return value_of(self.cleaned_data["value"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def measured(self) -> Measured:
        """The figure of a valid form."""
        return Measured(self.cleaned_data["value"], self.cleaned_data["not_measurable_reason"])


class ObserveForm(FigureForm):
    """A new figure of a period."""

    field_order = [
        "period_start", "period_end", "value", "not_measurable_reason", "source_text", "missed_text", "next_update",
    ]  # fmt: skip
    period_start = _year("期間の始まりの年（西暦）")
    period_end = _year(
        "期間の終わりの年（西暦）",
        required=False,
        help_text="1年の値なら空のままにします。2016～2021年のような期間のときだけ書きます。",
    )
    source_text = forms.CharField(
        label="値の出典",
        required=False,
        max_length=200,
        help_text="統計の名前と公表の時期など。例：令和8年経済センサス（速報）",
    )
    next_update = forms.CharField(
        label="この次の数値更新（予定）",
        required=False,
        max_length=60,
        help_text="例：令和13年12月頃。決まっていなければ「未定」、更新しないときは空にします。",
    )

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, indicator=indicator, **kwargs)
        self.initial.setdefault("next_update", indicator.next_update_text)

    def arguments(self) -> dict[str, Any]:
        """Period, figure, source, the next update."""
        data = self.cleaned_data
        start = data["period_start"]
        return {
            **super().arguments(), "period": (start, data.get("period_end") or start), "measured": self.measured(),
            "source_text": data["source_text"], "missed_text": data["missed_text"], "next_update": data["next_update"],
        }  # fmt: skip


def _choices(rows: Sequence[Observation]) -> list[tuple[str, str]]:
    return [
        ("", "えらんでください"),
        *((str(row.pk), period_text(row.period_start, row.period_end)) for row in rows),
    ]


class CorrectFigureForm(FigureForm):
    """A published figure and what it shall be."""

    field_order = ["observation", "value", "not_measurable_reason", "reason", "missed_text"]
    observation = forms.ChoiceField(label="訂正する期間")
    reason = _text("訂正の理由", required=True, help_text="公開のページに、訂正の前の値とともに残ります。")

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, indicator=indicator, **kwargs)
        self.fields["observation"].choices = _choices(list(indicator.observations.all()))  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The figure's row, the new figure and the reason."""
        data = self.cleaned_data
        return {
            **super().arguments(), "observation_id": int(data["observation"]), "measured": self.measured(),
            "reason": data["reason"], "missed_text": data["missed_text"],
        }  # fmt: skip


class ExplainForm(PlainForm):
    """Why a target was missed."""

    field_order = ["observation", "text"]
    observation = forms.ChoiceField(label="どの期間の値についてか")
    text = _text("目標に届かなかった要因と今後の対応", required=True, rows=6)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["observation"].choices = _choices(list(indicator.observations.all()))  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The figure's row and the words."""
        data = self.cleaned_data
        return {
            **super().arguments(),
            "observation_id": int(data["observation"]),
            "text": data["text"],
        }


class PostponeForm(PlainForm):
    """A later time of the next update."""

    field_order = ["next_update", "reason"]
    next_update = forms.CharField(
        label="新しい時期",
        max_length=60,
        help_text="例：令和9年12月頃。決まっていなければ「未定」と書きます。",
    )
    reason = _text("遅れる理由", required=True)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = indicator.next_update_text or "なし"
        self.fields["next_update"].label = f"新しい時期（いまの予定：{now}）"

    def arguments(self) -> dict[str, Any]:
        """The new words and the reason."""
        data = self.cleaned_data
        return {
            **super().arguments(),
            "words": data["next_update"],
            "reason": data["reason"],
        }


class RedefineForm(PlainForm):
    """A new definition."""

    field_order = ["starts", "text", "statistic", "is_comparable", "reason"]
    starts = _year("何年の値から（西暦）", help_text="期間の値では、終わりの年で数えます。")
    text = _text("新しい定義", required=True)
    statistic = forms.CharField(
        label="出典の統計", required=False, max_length=120, help_text="変わらないときは空のままにします。"
    )
    is_comparable = forms.ChoiceField(
        label="現状値・目標と比べられるか", widget=forms.RadioSelect,
        choices=[("yes", "比べられる"), ("no", "比べられない（目標に届いたかを判断しません）")],
    )  # fmt: skip
    reason = _text("変えた理由", required=True)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        del indicator
        super().__init__(*args, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """The version's facts."""
        data = self.cleaned_data
        return {
            **super().arguments(), "starts": data["starts"], "text": data["text"], "statistic": data["statistic"],
            "is_comparable": data["is_comparable"] == "yes", "reason": data["reason"],
        }  # fmt: skip


class ScaleForm(PlainForm):
    """A plan's scale of judgement, typed as people write it: one grade a line."""

    field_order = ["name", "own", "formula", "grades", "below"]
    name = forms.CharField(
        label="物差しの名前",
        required=False,
        max_length=60,
        help_text="例：達成度の4段階。空にすると、物差しをなくします。",
    )
    own = forms.ChoiceField(
        label="どこで決めた物差しか", widget=forms.RadioSelect, initial="no",
        choices=[("yes", "市の計画や要綱に書かれている"), ("no", "書かれていない（ポータル独自と表示します）")],
    )  # fmt: skip
    formula = forms.ChoiceField(
        label="式",
        choices=ScaleFormula.choices,
        widget=forms.RadioSelect,
        initial=ScaleFormula.ATTAINMENT.value,
    )
    grades = VerbatimField(
        label="段階", required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="1行に1つ、割合の大きいものから「100% 達成」「80% おおむね順調」のように書きます。",
    )  # fmt: skip
    below = forms.CharField(
        label="どれにも届かないとき", required=False, max_length=30, help_text="例：遅れている"
    )

    def clean_grades(self) -> list[tuple[str, str]]:
        """[("80%", "順調"), …]."""
        rows = []
        for line in self.cleaned_data["grades"].splitlines():
            if not line.strip():
                continue
            found = _GRADE.fullmatch(line)
            if found is None:
                raise forms.ValidationError(
                    f"「{line.strip()}」を読み取れません。「80% 順調」のように、割合と名前の間を空けてください。"
                )
            rows.append((found["share"], found["label"]))
        return rows

    def arguments(self) -> dict[str, Any]:
        """The scale's facts."""
        data = self.cleaned_data
        own = data["own"] == "yes"
        facts = {name: data[name] for name in ("name", "formula", "grades", "below")}
        return {**super().arguments(), **facts, "own": own}
