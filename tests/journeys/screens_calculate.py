"""Screens of the calculator and of each municipality's eligibility."""

from tests.journeys import circumstances as made
from tests.journeys.visiting import Screen

GRANT = "/programs/diverse-partners-grant/calculate/"

CALCULATE = [
    Screen("programs:calculate", "empty", GRANT, "計算する"),
    Screen(
        "programs:calculate",
        "two readings",
        f"{GRANT}?rule=diverse-partners-grant&eligible_cost=33,000,000&support_year=2&tama_municipalities=2&diverse_actors=1",
        "20,000,000円",
    ),
    Screen(
        "programs:calculate",
        "several people",
        "/programs/nichiiki-kyoju/calculate/?rule=nichiiki-coordinator-full&costs=6000000+4000000",
        "2人目",
    ),
    Screen(
        "programs:calculate",
        "faulty",
        "/programs/kyoryokutai/calculate/?rule=kyoryokutai-katsudo&reward=350万円&other=",
        "単位は円にしてください",
        status=422,
    ),
    Screen(
        "programs:calculate",
        "no rule",
        "/programs/machizukuri-concierge/calculate/",
        "見つかりません",
        status=404,
    ),
    Screen(
        "programs:eligibility", "nobody chosen", "/programs/kigyojin/eligibility/", "自治体を選んでください"
    ),
    Screen(
        "programs:eligibility", "yes", "/programs/kyoryokutai/eligibility/?municipality=133078", "使えます"
    ),
    Screen("programs:eligibility", "no", "/programs/kaso-taisaku/eligibility/?municipality=132241", "対象外"),
    Screen(
        "programs:eligibility",
        "check",
        "/programs/kigyojin/eligibility/?municipality=132241",
        "確認が必要です",
    ),
    Screen(
        "programs:eligibility",
        "conditions judged",
        "/programs/kyoryokutai/eligibility/?rule=e-kyoryokutai&moves_from_urban_to_disadvantaged=true&months=40",
        "要件を満たしません",
    ),
    Screen(
        "programs:eligibility",
        "bad input",
        "/programs/kigyojin/eligibility/?municipality=1&rule=e-kigyojin-term&months=abc",
        "数ではありません",
        status=422,
    ),
    Screen("budget_request:sheet", "choice", "/budget-request/", "経費の入力へ進む", made.EDITOR),
    Screen(
        "budget_request:sheet", "costs", "/budget-request/?pick=tabunka-nihongo", "事業費の総額", made.EDITOR
    ),
    Screen(
        "budget_request:sheet",
        "sheet",
        "/budget-request/?pick=tabunka-nihongo&tabunka-nihongo-total=1500000&tabunka-nihongo-cost=1200000",
        "財源の見込み",
        made.EDITOR,
    ),
    Screen(
        "budget_request:sheet",
        "faulty",
        "/budget-request/?pick=tabunka-nihongo&tabunka-nihongo-total=1&tabunka-nihongo-cost=1200000",
        "少なくなっています",
        made.EDITOR,
        status=422,
    ),
]
