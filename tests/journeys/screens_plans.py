"""Screens of plans, sheets and indicators."""

from tests.indicators import sheet_texts
from tests.journeys.visiting import Screen, Step

PLAN = "/plans/tama-sangyo-shinko/"
COORDINATOR = "coordinator@tama.example"
BUDGET = "施策番号\t施策名\t令和7年度予算額（千円）\t執行率\n3\t\t1,500\t98%\n11③\t\t約70\t\n\t合計\t1,570\t"

PLANS = [
    Screen("plans:list", "full", "/plans/", "多摩市産業振興マスタープラン"),
    Screen("plans:detail", "full", PLAN, "成果指標"),
    Screen("plans:matrix", "full", f"{PLAN}matrix/", "重点テーマごとの施策の数"),
    Screen("plans:revisions", "none", f"{PLAN}revisions/", "見直しの記録はまだありません"),
    Screen("plans:compare", "nothing chosen", "/plans/compare/", "左に置く計画"),
    Screen("plans:compare", "one chosen", "/plans/compare/?a=tama-sangyo-shinko", "もう1つえらんでください"),
    Screen("plans:detail", "unknown", "/plans/no-such-plan/", "ページが見つかりません", status=404),
    Screen("plans:measure", "first", f"{PLAN}measures/1/", "要約"),
    Screen("plans:measure", "one of a series", f"{PLAN}measures/11-2/", "要約"),
    Screen("plans:measure", "printed elsewhere", f"{PLAN}measures/32/", "再掲"),
    Screen("plans:measure", "no goal set", f"{PLAN}measures/18/", "目標設定なし"),
    Screen("plans:measure", "last", f"{PLAN}measures/35/", "要約"),
    Screen("plans:measure", "unknown", f"{PLAN}measures/99/", "ページが見つかりません", status=404),
    Screen("plans:indicator", "threshold", f"{PLAN}indicators/kpi-1/", "3,900"),
    Screen("plans:indicator", "compared", f"{PLAN}indicators/kpi-4/", "開業率"),
    Screen("plans:indicator", "direction", f"{PLAN}indicators/kpi-6/", "流入"),
    Screen("plans:indicator", "unknown", f"{PLAN}indicators/kpi-9/", "ページが見つかりません", status=404),
    Screen("plans:indicator", "kept", f"{PLAN}indicators/kpi-1/", "この指標の記録", COORDINATOR),
    Screen(
        "plans:indicator-act", "observe", f"{PLAN}indicators/kpi-1/observe/", "期間の始まりの年", COORDINATOR
    ),
    Screen(
        "plans:indicator-act",
        "errors",
        f"{PLAN}indicators/kpi-1/observe/",
        "値が空です",
        COORDINATOR,
        (Step({"period_start": "2024"}, "新しい値を記録する"),),
        status=422,
    ),
    Screen(
        "plans:indicator-act",
        "nothing yet",
        f"{PLAN}indicators/kpi-1/correct/",
        "いまはできません",
        COORDINATOR,
    ),
    Screen("plans:indicator-act", "slip", f"{PLAN}indicators/kpi-1/postpone/", "いまの予定", COORDINATOR),
    Screen(
        "plans:indicator-act", "definition", f"{PLAN}indicators/kpi-4/redefine/", "新しい定義", COORDINATOR
    ),
    Screen("plans:activities", "full", f"{PLAN}measures/3/activities/", "新しく決める", COORDINATOR),
    Screen(
        "plans:activities",
        "errors",
        f"{PLAN}measures/4/activities/",
        "まだありません",
        COORDINATOR,
        (Step({"unit": "回"}, "活動指標を加える"),),
        status=422,
    ),
    Screen("plans:scale", "none", f"{PLAN}scale/", "いまの判定", COORDINATOR),
    Screen(
        "plans:scale",
        "errors",
        f"{PLAN}scale/",
        "読み取れません",
        COORDINATOR,
        (Step({"name": "物差し", "grades": "半分"}, "この物差しにする"),),
        status=422,
    ),
    Screen("plans:import", "empty", f"{PLAN}import/", "取り込みの決まり", COORDINATOR),
    Screen(
        "plans:import",
        "difference",
        f"{PLAN}import/",
        "この内容で取り込む",
        COORDINATOR,
        (Step({"text": sheet_texts.whole(plan="多摩市産業振興マスタープラン")}, "違いを見る"),),
    ),
    Screen(
        "plans:import",
        "unreadable",
        f"{PLAN}import/",
        "1枚も見つかりません",
        COORDINATOR,
        (Step({"text": "議事録"}, "違いを見る"),),
        status=422,
    ),
    Screen("plans:import-budget", "empty", f"{PLAN}import/budget/", "取り込みの決まり", COORDINATOR),
    Screen(
        "plans:import-budget",
        "nothing chosen",
        f"{PLAN}import/budget/",
        "どちらか一方にしてください",
        COORDINATOR,
        (Step({"text": ""}, "列をえらぶ"),),
        status=422,
    ),
    Screen(
        "plans:import-budget",
        "columns",
        f"{PLAN}import/budget/",
        "何として読むか",
        COORDINATOR,
        (Step({"text": BUDGET}, "列をえらぶ"),),
    ),
    Screen(
        "plans:import-budget",
        "difference",
        f"{PLAN}import/budget/",
        "取り込まない列",
        COORDINATOR,
        (Step({"text": BUDGET}, "列をえらぶ"), Step({}, "違いを見る")),
    ),
    Screen(
        "plans:import",
        "not a coordinator",
        f"{PLAN}import/",
        "ページが見つかりません",
        status=404,
        person="section1@tama.example",
    ),
]
