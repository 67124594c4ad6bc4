"""Items of funding and eligibility rules, as their publishers edit them."""

from typing import Final

from programs.funding.inputs import InputKind
from programs.parts.spec import Group, Item, Type, items_of

_KINDS: Final = (
    (InputKind.INTEGER.value, "整数"),
    (InputKind.RATIO.value, "率"),
    (InputKind.BOOLEAN.value, "はい・いいえ"),
    (InputKind.CHOICE.value, "選択肢"),
    (InputKind.LIST.value, "整数の一覧"),
)
_INPUTS: Final = Item(
    "inputs", "入力", Type.ROWS, hint="記号は英字で。式では名前で書きます。選択肢は1行に1つ「値＝表示」と書きます。",
    columns=(
        Item("name", "記号", Type.SLUG, limit=40, required=True), Item("label", "名前", limit=60, required=True),
        Item("kind", "種類", Type.CHOICE, _KINDS, required=True), Item("unit", "単位", limit=20),
        Item("minimum", "最小", Type.LINE, limit=20), Item("maximum", "最大", Type.LINE, limit=20),
        Item("not_over", "これを超えない入力の記号", Type.SLUG, limit=40), Item("hint", "説明", limit=200),
        Item("choices", "選択肢", Type.LINES, limit=2000),
    ),
)  # fmt: skip
_EXAMPLES: Final = Item(
    "examples", "計算例", Type.ROWS, hint="入力は1行に1つ「名前＝値」と書きます。公開できるのは、すべての例がこのとおりの答えになるときだけです。",
    columns=(
        Item("inputs", "入力", Type.LINES, limit=4000, required=True),
        Item("expected", "正しい答え", limit=40, required=True, hint="額は円の整数、要件は はい・いいえ・分からない。"),
    ),
)  # fmt: skip
_TREE_HINT: Final = "1行に1つ書き、中身は下の行に字下げして書きます。行の終わりに「｜名：上限額｜単位：円」のように名前や単位を書けます。"
FUNDING_GROUPS: Final = (
    Group(
        "words", "規則の説明",
        (
            Item("name", "名称", limit=120, required=True), Item("kind", "支援の種類", limit=60),
            Item("applicant", "受ける者", limit=120), Item("condition", "条件", limit=300),
            Item("formula", "算定方法", limit=300, required=True), Item("rate", "率", limit=80), Item("cap", "上限", limit=120),
            Item("unit", "単位", limit=40),
            Item("reading", "読み方", Type.CHOICE, (("explicit", "資料のとおり"), ("inferred", "補って読んだ")), required=True),
            Item("reason", "この読み方の理由", limit=200), Item("fiscal_strength", "財政力補正", limit=60),
            Item("years", "年度の注記", limit=80), Item("note", "注記", Type.TEXT, limit=2000),
        ),
    ),
    Group("inputs", "入力", (_INPUTS,)),
    Group(
        "trees", "計算のしかた",
        (
            Item(
                "versions", "年度ごとの式", Type.ROWS, hint=_TREE_HINT,
                columns=(
                    Item("first_year", "開始年度", Type.YEAR), Item("last_year", "終了年度", Type.YEAR),
                    Item("tree", "式", Type.OUTLINE, required=True),
                ),
            ),
            Item(
                "readings", "ほかの読み方", Type.ROWS, hint="資料が一つに決めていないときの、別の読み方と式。式が書けないときは空欄にします。",
                columns=(
                    Item("version", "何番目の式の読み方か", Type.WHOLE, least=1, required=True),
                    Item("reason", "理由", limit=300, required=True), Item("tree", "式", Type.OUTLINE),
                ),
            ),
            Item("year_input", "式を選ぶ入力の記号", Type.SLUG, limit=40, hint="年度ごとに式が違うとき、年度を入れる入力。"),
            Item("year_base", "年度の起点", Type.WHOLE, hint="入力が令和の年のとき 2018。西暦のとき空欄。"),
        ),
    ),
    Group("examples", "計算例", (_EXAMPLES,)),
)  # fmt: skip
ELIGIBILITY_GROUPS: Final = (
    Group(
        "words", "要件の説明",
        (
            Item("name", "名称", limit=120, required=True), Item("text", "要件", limit=300, required=True),
            Item("first_year", "開始年度", Type.YEAR), Item("last_year", "終了年度", Type.YEAR),
        ),
    ),
    Group("inputs", "入力", (_INPUTS,)),
    Group(
        "conditions", "条件",
        (
            Item(
                "conditions", "条件", Type.ROWS, hint=_TREE_HINT,
                columns=(Item("text", "言葉", limit=200, required=True), Item("tree", "式", Type.OUTLINE, required=True)),
            ),
        ),
    ),
    Group("examples", "判定例", (_EXAMPLES,)),
)  # fmt: skip
FUNDING_ITEMS: Final = items_of(FUNDING_GROUPS)
ELIGIBILITY_ITEMS: Final = items_of(ELIGIBILITY_GROUPS)
FUNDING_TEXTS: Final = tuple(item.name for item in FUNDING_GROUPS[0].items)
ELIGIBILITY_PLAIN: Final = tuple(item.name for item in ELIGIBILITY_GROUPS[0].items)
