"""An invented city's progress sheets as text, whole and damaged by seed.

Two directions, two themes and the fiscal years 令和10・11 — nothing like any real plan — with what a scanner
and a hand do to such a text: letters for digits, two alphabets of numerals, three layouts of 課名等, markup.
"""

import random
import re
from dataclasses import dataclass, field

DIRECTIONS = ("Ⅰ 水辺とくらすまち", "Ⅱ 学びあうまち")
THEMES = ("水の循環", "防災")
RESULT_HINT = "・前年と比べ何が良かった(悪かった) ・方向性・目標等に近づいているのか離れたのか ・簡潔に。可能ならば数値等を記載"
GOAL_HINT = "・注力する所 ・ポイント、変更箇所など"


@dataclass(frozen=True)
class Sheet:
    """One sheet of the invented plan."""

    number: str
    title: str
    direction: int
    policy: str
    outlook: str
    themes: tuple[int, ...]
    unit: str
    overview: str
    content: str
    goal: str
    mark: str = ""
    listed: str = ""
    result: str = ""
    issues: str = ""
    layout: int = 0
    extra: str = field(default="")


SHEETS = (
    Sheet(
        "1", "川べりの散歩道の手入れ", 0, "1 水辺を守る", "拡充", (0, 1), "みどり課",
        "川べりの道を歩きやすく保ち、増水のときは早く閉じます。", "①草刈り 年に4回行います。 ②柵の点検 毎月行います。",
        "・けがの届け出を0件にします。", result="草刈りを4回行い、けがの届け出は0件でした。", issues="日陰の少ない区間が残ります。",
    ),
    Sheet(
        "2", "雨水ますの補助", 0, "1 水辺を守る", "継続", (0,), "みどり課", "雨水ますを置く家に費用の一部を補助します。",
        "再掲 ※施策No.6参照", "再掲 ※施策No.6参照", layout=1,
    ),
    Sheet(
        "3", "小さな船着場の検討", 0, "2 水辺を生かす", "新規", (), "都市計画課（水辺担当）",
        "船着場を設ける場所と費用を調べます。", "場所の候補を3つに絞ります。", "・検討段階となるため目標なしとします。", layout=2,
    ),
    Sheet(
        "4", "水辺の催し", 0, "2 水辺を生かす", "縮小", (1,), "地域振興課", "春と秋に催しを開きます。",
        "春は防災の体験を組み合わせます。", "・来場者を1,200人にします。", mark="①", listed="地域振興課 水辺の会",
    ),
    Sheet(
        "4", "水辺の催し", 0, "2 水辺を生かす", "継続", (), "教育総務課", "学校ごとに川の観察を行います。",
        "小学校6校で行います。", "・6校すべてで行います。", mark="②", layout=1,
    ),
    Sheet(
        "5", "夜の図書館", 1, "1 学ぶ場をひらく", "拡充", (), "図書館", "週に1日、午後9時まで開けます。",
        "司書2人で担当します。", "・利用者を月に300人にします。", listed="図書館など",
    ),
    Sheet(
        "6", "防災の学び直し", 1, "1 学ぶ場をひらく", "継続", (1,), "危機管理課", "地図を使って避難の道を確かめる講座を開きます。",
        "講座を年に5回開きます。", "・修了者を100人にします。", layout=2,
    ),
)  # fmt: skip
INDICATORS = (
    (
        "川べりの利用者数",
        0,
        "12,500人 (令和8年度)",
        "令和11年3月頃",
        "15,000人以上 (令和13年度)",
        "利用者調査",
    ),
    ("浸水した家の数", 0, "8戸 (令和6~8年度)", "毎年", "3戸以下 (令和13年度)", "防災年報"),
    ("講座の満足度", 1, "71.5% (令和8年度)", "未定", "向上を目指す (令和13年度)", "市民意識調査"),
)


def printed(sheet: Sheet) -> str:
    """The number as the sheet prints it."""
    return sheet.number.zfill(2)


def number_of(sheet: Sheet) -> str:
    """The number as addresses write it."""
    return f"{sheet.number}-{'①②③④⑤'.index(sheet.mark) + 1}" if sheet.mark else sheet.number


def table() -> str:
    lines = ["方向性\t対応する成果指標\t現状値 (令和8年度)\t次回数値更新 (予定)\t目標 (令和13年度)\t出典"]
    last = -1
    for name, direction, base, update, target, source in INDICATORS:
        first = DIRECTIONS[direction] if direction != last else ""
        lines.append(f"{first}\t{name}\t{base}\t{update}\t{target}\t{source}")
        last = direction
    return "\n".join(lines) + "\n"


PLAN = "あさぎり市水辺まなび計画"


def title(plan: str = PLAN) -> str:
    return f"\n{plan} 進行管理表\n\n計画の目標\t川と人が 教えあうまち\n-------\t----------\n"


def index() -> str:
    lines = ["方向性\t基本方針\t施策\t成果指標\t重点テーマ\t\t関連課等", "\t\t\t\t1\t2\t"]
    direction, policy = -1, ""
    for sheet in SHEETS:
        circles = ["○" if theme in sheet.themes else "" for theme in range(len(THEMES))]
        first = DIRECTIONS[sheet.direction] if sheet.direction != direction else ""
        second = sheet.policy if (sheet.direction, sheet.policy) != (direction, policy) else ""
        name = f"{printed(sheet)} {sheet.title}{sheet.mark}"
        lines.append("\t".join((first, second, name, "", *circles, sheet.listed or sheet.unit)))
        direction, policy = sheet.direction, sheet.policy
    return "\n" + "\n".join(lines) + "\n"


def sheet_text(sheet: Sheet) -> str:
    """One sheet in one of the three layouts of 課名等."""
    roman = (
        DIRECTIONS[sheet.direction].replace("Ⅰ", "I") if sheet.number == "1" else DIRECTIONS[sheet.direction]
    )
    circles = ["○" if theme in sheet.themes else "" for theme in range(len(THEMES))]
    shown = f"O{sheet.number}" if sheet.number in "13" else printed(sheet)
    units = (
        f"課名等\t{sheet.unit}\n-----\t------\n",
        f"\t\t課名等\t{sheet.unit}\n",
        f"課名等 {sheet.unit}\n",
    )[sheet.layout]
    goal = f'<ul style="list-style-type: none"> {sheet.goal}' if sheet.layout == 0 else sheet.goal
    overview = f"<p>{sheet.overview}</p>" if sheet.layout == 2 else sheet.overview
    gap = "" if sheet.layout == 1 else "\n"
    return (
        f"方向性\t{roman}\t展望\t重点テーマ\t\n基本方針\t{sheet.policy}\t{sheet.outlook}\t{THEMES[0]}\t{THEMES[1]}\n"
        f"施策名\t{shown} {sheet.title}{sheet.mark}\t\t{circles[0]}\t{circles[1]}\n事業概要\t{overview}\t\t\t\n\n"
        f"{units}{gap}R10年度 事業内容\t{sheet.content}\nR10年度 ・目標 {GOAL_HINT}\t{goal}\n"
        f"R10年度 実施結果 {RESULT_HINT}\t{sheet.result}\nR11年度 以降の課題\t{sheet.issues}\n\n"
        f"R11年度 事業内容\t\nR11年度 ・目標 {GOAL_HINT}\t\nR11年度 実施結果\t\nR12年度 以降の課題\t\n\n"
    )


def whole(sheets: tuple[Sheet, ...] = SHEETS, *, with_index: bool = True, plan: str = PLAN) -> str:
    """The whole text as a scanner would give it."""
    middle = index() if with_index else ""
    return f"{table()}{title(plan)}{middle}\n" + "".join(sheet_text(sheet) for sheet in sheets)


# --- Damage -----------------------------------------------------------------------------------------------


def reordered(seed: int) -> str:
    sheets = list(SHEETS)
    random.Random(seed).shuffle(sheets)
    return whole(tuple(sheets))


def slipped(seed: int) -> str:
    """One more tab somewhere in three rows of every sheet."""
    rnd = random.Random(seed)
    parts = re.split(r"(?m)^(?=方向性\t[IⅠⅡ])", whole())
    made = []
    for part in parts[2:]:
        lines = part.split("\n")
        rows = [place for place, line in enumerate(lines) if "\t" in line and not line.startswith("---")]
        for place in rnd.sample(rows, 3):
            tabs = [found.start() for found in re.finditer("\t", lines[place])]
            at = rnd.choice(tabs)
            lines[place] = f"{lines[place][:at]}\t{lines[place][at:]}"
        made.append("\n".join(lines))
    return "".join(parts[:2]) + "".join(made)


def wide(text: str) -> str:
    """Every digit and letter in full width."""
    plain = re.sub(r"<[^>]*>", "", text)
    return re.sub(r"[A-Za-z0-9]", lambda found: chr(ord(found[0]) + 0xFEE0), plain)


def misread(text: str) -> str:
    """What a scanner makes of words of the form."""
    return (
        text.replace("離れた", "判れた", 1).replace("事業概要\t", "事業慨要\t", 1).replace("何が", "向が", 1)
    )


FOREIGN = "第4章 推進の体制\n\nこの章では体制を述べます。\n会議名\t開催\n推進会議\t年に2回\n"


def interrupted() -> str:
    """Another section between head and years of the third sheet."""
    text = whole()
    at = text.index("課名等 都市計画課（水辺担当）")
    return f"{text[:at]}{FOREIGN}\n{text[at:]}"
