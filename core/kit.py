"""What the catalogue of components shows: samples of every part in every state.

All names and figures are samples made up for the catalogue except the six figures of the bar chart and the
baseline of the line chart, which come from the reference data. Shown only in the demo and while developing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.core.paginator import Paginator

from core import clock
from core.forms import PlainMessages
from core.icons import ICONS

BADGES: Final[list[dict[str, Any]]] = [
    {
        "scene": "募集",
        "badges": [
            ("受付中", "good", ""),
            ("通年", "good", ""),
            ("締切まで あと12日", "warn", ""),
            ("次回 4月頃", "neutral", ""),
            ("令和6年度まで", "neutral", "square"),
        ],
    },
    {
        "scene": "項目",
        "badges": [
            ("未着手", "neutral", ""),
            ("入力中", "info", ""),
            ("完了", "good", "check"),
            ("修正依頼", "bad", ""),
            ("まだ始められない", "neutral", "ring-dashed"),
        ],
    },
    {
        "scene": "条件",
        "badges": [("はい", "good", "check"), ("確認が必要", "warn", "question"), ("いいえ", "bad", "cross")],
    },
    {
        "scene": "個票",
        "badges": [
            ("記入中", "info", ""),
            ("提出済", "info", "up"),
            ("差戻し", "bad", ""),
            ("確認済", "good", "check"),
            ("再掲", "neutral", "equal"),
        ],
    },
    {
        "scene": "新しさ",
        "badges": [("令和8年度 新規", "info", "star"), ("更新の予定を過ぎています", "warn", "clock")],
    },
]
CHAPTERS: Final = (
    ("color", "色"),
    ("type", "文字"),
    ("status", "状態"),
    ("icons", "図柄"),
    ("words", "日付と数"),
    ("buttons", "操作"),
    ("fields", "入力"),
    ("errors", "入力の誤り"),
    ("messages", "知らせ"),
    ("empty", "見つからないとき"),
    ("results", "一覧"),
    ("checks", "条件の確認"),
    ("steps", "段階とページ送り"),
    ("tables", "表と道すじ"),
    ("sheets", "個票と作業"),
    ("charts", "図"),
    ("tilemap", "マス地図"),
)
SWATCHES: Final = (
    ("sw-accent", "藍（操作と強調）", "--accent"),
    ("sw-wash", "藍の地", "--accent-wash"),
    ("sw-good", "緑（整った・使える）", "--good"),
    ("sw-warn", "橙（急ぐ・確認）", "--warn"),
    ("sw-bad", "赤（誤り・差戻し）", "--bad"),
    ("sw-ink", "墨（本文・見出しの線）", "--ink"),
    ("sw-grey", "灰の地（読むだけ）", "--paper-2"),
    ("sw-demo", "黄の地（デモ）", "--demo-wash"),
)
STEPS: Final = (
    {"label": "作成中", "detail": "9月1日から", "state": "done"},
    {"label": "受付済", "detail": "10月23日", "state": "done"},
    {"label": "審査中", "detail": "いまここ", "state": "now"},
    {"label": "結果", "detail": "2月ごろ", "state": "todo"},
)
EXHIBITORS: Final = (
    ("平成29年度", 324),
    ("平成30年度", 310),
    ("令和元年度", 268),
    ("令和2年度", None),
    ("令和3年度", 226),
    ("令和4年度", 246),
    ("令和5年度", 296),
)
BALANCE: Final = (
    {"label": "令和6年度", "value": -40, "note": "見本の値"},
    {"label": "令和7年度", "value": 0, "note": "見本の値"},
    {"label": "令和8年度", "value": 65, "approximate": True, "note": "見本の値"},
)
OFFICES: Final = ({"label": "2021年", "x": 2021, "value": 3603},)
OFFICES_TARGET: Final = {"label": "2034年", "x": 2034, "value": 3900, "words": "3,900以上"}
TWO_LINES: Final = (
    {
        "name": "見本A",
        "points": (
            {"label": "R4", "x": 2022, "value": 12},
            {"label": "R5", "x": 2023, "value": 18},
            {"label": "R6", "x": 2024, "value": None},
            {"label": "R7", "x": 2025, "value": 26},
            {"label": "R8", "x": 2026, "value": 31, "approximate": True},
        ),
    },
    {
        "name": "見本B",
        "points": (
            {"label": "R4", "x": 2022, "value": 20},
            {"label": "R5", "x": 2023, "value": 17},
            {"label": "R6", "x": 2024, "value": 15},
            {"label": "R7", "x": 2025, "value": 9, "breaks": True, "note": "数え方が変わりました"},
            {"label": "R8", "x": 2026, "value": 8},
        ),
    },
)


class SampleForm(PlainMessages, forms.Form):
    """One field of every kind."""

    number = forms.CharField(label="文書番号", help_text="決裁文書に書かれた番号")
    decided_on = forms.CharField(
        label="決裁日",
        help_text="R8.10.9、令和8年10月9日、2026/10/9 のどれでも入力できます",
        widget=forms.TextInput(attrs={"class": "in--mid"}),
    )
    cost = forms.IntegerField(
        label="補助対象経費（円）",
        max_value=9_999_999_999,
        error_messages={"max_value": "大きすぎます。千円で入力していませんか。円で入力してください。"},
        widget=forms.TextInput(attrs={"class": "in--mid r", "inputmode": "numeric"}),
    )
    municipality = forms.ChoiceField(
        label="自治体",
        required=False,
        choices=[("", "えらばない（すべて）"), ("132241", "多摩市"), ("132250", "稲城市")],
    )
    direction = forms.ChoiceField(
        label="目標に",
        choices=[
            ("near", "近づいた"),
            ("same", "変わらない"),
            ("far", "離れた"),
            ("unknown", "判断できない"),
        ],
        widget=forms.RadioSelect,
    )
    themes = forms.MultipleChoiceField(
        label="分野",
        required=False,
        choices=[("move", "移住・定住"), ("industry", "産業・創業"), ("tour", "観光・交流")],
        widget=forms.CheckboxSelectMultiple,
    )
    result = forms.CharField(label="実施結果", required=False, widget=forms.Textarea)
    agreement = forms.FileField(label="連携協定書の案", required=False, help_text="PDF、10MBまで")
    understood = forms.BooleanField(label="募集要領を読みました")

    def clean_decided_on(self) -> str:
        """The sample's rule: always refused, so that the catalogue shows an error."""
        raise forms.ValidationError(
            "依頼した日（令和8年10月9日）より前です。それ以後の日付を入力してください。"
        )


def _rejected() -> SampleForm:
    typed = {
        "number": "8多経観第214号",
        "decided_on": "R8.10.1",
        "cost": "18000000000",
        "municipality": "132241",
        "themes": ["move"],
        "result": "年3回実施しました。",
    }
    return SampleForm(data=typed, auto_id="bad_%s")


def context() -> dict[str, Any]:
    """The samples by name; the catalogue's template is pages/kit.html."""
    day = date(2026, 10, 26)
    return {
        "chapters": CHAPTERS,
        "badges": BADGES,
        "icon_names": list(ICONS),
        "swatches": SWATCHES,
        "steps": STEPS,
        "form": SampleForm(),
        "rejected": _rejected(),
        "page_obj": Paginator(range(151), 20).page(5),
        "facts": [
            ("補助率", "2/3"),
            ("補助上限額", "1事業 2,000万円（初年度は1,000万円）"),
            ("補助期間", "最長3年間"),
            ("端数の扱い", None),
        ],
        "day": day,
        "moment": datetime(2026, 10, 26, 17, 0, tzinfo=clock.JST),
        "exhibitors": EXHIBITORS,
        "balance": BALANCE,
        "offices": OFFICES,
        "offices_target": OFFICES_TARGET,
        "two_lines": TWO_LINES,
        "codes": ["132241", "132250", "132128", "132063"],
        "counts": {"132241": 3, "132250": 1, "132128": 2, "133612": 1, "131041": 1, "132012": 0},
        "outside": ["133086", "133078"],
    }
